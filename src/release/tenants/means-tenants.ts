/** Whether a request is about tenants. */
import type { Repo } from "../config.ts";
import type { LaneName } from "../lane.ts";
import type { MigrateRequest } from "../requests.ts";

/** Tenants are migrated behind what belongs to all, unless a part of that is named. */
export function meansTenants(request: MigrateRequest, lane: LaneName): boolean {
  const { target, options } = request;
  if (lane !== "schema" || target.direction !== "up" || options.tenants === false) return false;
  return "all" in target || onlyTenants(request);
}

/** The same of their data migrations. */
export function meansTenantData(
  { tenants }: Pick<Repo, "tenants">,
  request: MigrateRequest,
  lane: LaneName,
): boolean {
  return tenants !== undefined && lane === "data" && meansTenants(request, "schema");
}

/** Whether what belongs to all is left alone. */
export function onlyTenants({ options: { tenants } }: Pick<MigrateRequest, "options">): boolean {
  return tenants !== undefined && tenants !== false && tenants.only === true;
}
