/** What was done to one tenant of a repo. Takes no lock and writes nothing. */
import { ReleaseError } from "../../core/model/errors.ts";
import type { HistoryEvent } from "../../engine/event-table.ts";
import { fleetTablesOf } from "../../fleet/tables.ts";
import { readTenantEvents } from "../../fleet/tenant-events.ts";
import type { Repo } from "../config.ts";
import { openSession } from "../open.ts";
import type { PrepareContext } from "../run-world.ts";
import { tenantLaneOf } from "./tenant-lane.ts";

/** @throws {ReleaseError} `tenants_not_there` */
export async function readTenantHistoryOf(
  repo: Repo,
  options: {
    readonly tenant: string;
    readonly limit: number;
    readonly prefix?: string | undefined;
  },
  context: PrepareContext,
): Promise<readonly HistoryEvent[]> {
  if (repo.tenants === undefined) throw new ReleaseError("tenants_not_there", { repo: repo.name });
  const session = await openSession(repo, { role: "work", reads: "tell", ...context });
  try {
    const tables = fleetTablesOf(tenantLaneOf(repo, options).historyTable);
    return await readTenantEvents(session, tables, options);
  } finally {
    await session.close();
  }
}
