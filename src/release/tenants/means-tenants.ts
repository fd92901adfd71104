/** Whether a request is about tenants. */

import { ReleaseError } from "../../core/model/errors.ts";
import type { Repo } from "../config.ts";
import type { LaneName } from "../lane.ts";
import type { MigrateRequest } from "../requests.ts";

/** Whether the run migrates tenants too: after the migrations of all, unless the user named a part of those. */
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

/** Whether the run leaves the migrations of all alone. */
export function onlyTenants({ options: { tenants } }: Pick<MigrateRequest, "options">): boolean {
  return tenants !== undefined && tenants !== false && tenants.only === true;
}

/**
 * A request that names tenants, or means nothing else, is a mistake where no repo of it is many.
 *
 * @throws {ReleaseError} `tenants_not_there`
 */
export function refuseUnlessMany(
  repos: readonly Pick<Repo, "name" | "tenants">[],
  request: Pick<MigrateRequest, "options">,
): void {
  const { tenants } = request.options;
  const isMeant = onlyTenants(request) || (tenants !== false && tenants?.names !== undefined);
  if (!isMeant || repos.some((repo) => repo.tenants !== undefined)) return;
  throw new ReleaseError("tenants_not_there", { repo: repos[0]?.name ?? "" });
}

/**
 * Without `only` a target is about what belongs to all and leaves tenants alone, also those that are named.
 *
 * @throws {ReleaseError} `usage_invalid`
 */
export function refuseNamedBesideTarget(request: MigrateRequest): void {
  const { target, options } = request;
  const { names, canary } = options.tenants || {};
  if (names === undefined && canary === undefined) return;
  if (target.direction === "down" || "all" in target || onlyTenants(request)) return;
  throw new ReleaseError("usage_invalid", {
    reason: "a target is about what belongs to all, and tenants are named beside it",
    hint: "Add --tenants-only, in code only: true: then the target is about these tenants.",
  });
}
