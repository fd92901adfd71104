/** Prepares and runs tenants, whether each has a schema, a file or a database. */
import type { PreparedRun } from "../prepared-run.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import type { PreparedPlaces, RunRepo } from "./migrate-places.ts";
import type { TenantsOutcome } from "./migrate-tenants.ts";
import type { PreparedTenants } from "./prepare-tenants.ts";
import { isInPlaces } from "./tenant-lane.ts";

/** The work to run on the tenants of one repo. */
export type PreparedMany = PreparedTenants | PreparedPlaces;

/** Prepares the work for all repos that are many. @throws {ReleaseError} every refusal */
export async function prepareMany(
  runs: readonly PreparedRun[],
  request: MigrateRequest,
  world: RunWorld,
  runRepo: RunRepo,
): Promise<ReadonlyMap<string, PreparedMany>> {
  const found = new Map<string, PreparedMany>();
  for (const run of runs)
    if (run.repo.tenants !== undefined)
      found.set(run.repo.name, await prepareOneOfMany(run, request, world, runRepo));
  return found;
}

/** Prepares the work for one repo. @throws {ReleaseError} every refusal */
export async function prepareOneOfMany(
  run: Pick<PreparedRun, "repo" | "session" | "steps">,
  request: MigrateRequest,
  world: RunWorld,
  runRepo: RunRepo,
): Promise<PreparedMany> {
  if (isInPlaces(run.repo))
    return (await import("./migrate-places.ts")).preparePlaces(run, request, world, runRepo);
  return (await import("./prepare-tenants.ts")).prepareOne(run, request, world);
}

/** Carries it out. @throws {ReleaseError} `tenants_failed`, `interrupted` */
export async function migrateMany(prepared: PreparedMany): Promise<TenantsOutcome> {
  if ("atPlace" in prepared) return (await import("./migrate-places.ts")).migratePlaces(prepared);
  return (await import("./migrate-tenants.ts")).migrateTenants(prepared);
}
