/** The data migrations of tenants, whether each has a schema, a file or a database. */
import type { PreparedRun } from "../prepared-run.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import type { RunRepo } from "./migrate-places.ts";
import type { TenantDataOutcome } from "./tenant-data.ts";
import { isInPlaces } from "./tenant-lane.ts";

/** @throws {ReleaseError} `tenants_failed`, `backfill_stopped`, `interrupted`, and every refusal */
export async function migrateDataOfTenants(
  prepared: Pick<PreparedRun, "repo" | "session">,
  request: MigrateRequest,
  { world, migrate }: { readonly world: RunWorld; readonly migrate: RunRepo },
): Promise<Partial<TenantDataOutcome>> {
  if (isInPlaces(prepared.repo)) {
    const { migratePlacesData } = await import("./places-data.ts");
    return migratePlacesData(prepared, request, { world, migrate });
  }
  const { migrateTenantData } = await import("./tenant-data.ts");
  return (await migrateTenantData(prepared, request, world)) ?? {};
}
