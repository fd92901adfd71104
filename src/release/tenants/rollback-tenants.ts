/** Rolls back the named tenants, or all on request. */
import { ReleaseError } from "../../core/model/errors.ts";
import { migrate, type RepoOutcome } from "../migrate.ts";
import { openSession } from "../open.ts";
import type { RollbackOptions } from "../options.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import { migrateMany, prepareOneOfMany } from "./many-tenants.ts";

/** @throws {ReleaseError} `tenants_not_there`, `tenants_unnamed`, `tenants_unknown`, `irreversible`, `tenants_failed` */
export async function rollbackTenants(
  request: MigrateRequest,
  tenants: NonNullable<RollbackOptions["tenants"]>,
  world: RunWorld,
): Promise<RepoOutcome> {
  const [repo] = request.repos;
  if (repo?.tenants === undefined)
    throw new ReleaseError("tenants_not_there", { repo: repo?.name ?? "" });
  if (tenants.length === 0) throw new ReleaseError("tenants_unnamed", { repo: repo.name });
  const session = await openSession(repo, { role: "work", ...world });
  try {
    // Who names one means it, whatever happened to it before.
    const named = { retryQuarantined: true, ...(tenants === "all" ? {} : { names: tenants }) };
    const options = { ...request.options, tenants: named };
    const run = { repo, session, steps: [] };
    const prepared = await prepareOneOfMany(run, { ...request, options }, world, migrate);
    return {
      ...{ repo: repo.name, direction: "down", migrations: [] },
      tenants: await migrateMany(prepared),
    };
  } finally {
    await session.close();
  }
}
