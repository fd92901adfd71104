/** Reads the events of one tenant of a repo. Takes no lock and writes nothing. */
import { ReleaseError } from "../../core/model/errors.ts";
import type { HistoryEvent } from "../../engine/event-table.ts";
import { fleetTablesOf } from "../../fleet/tables.ts";
import { readTenantEvents } from "../../fleet/tenant-events.ts";
import type { Repo } from "../config.ts";
import { openSession } from "../open.ts";
import type { PrepareContext } from "../run-world.ts";
import { isInPlaces, tenantLaneOf } from "./tenant-lane.ts";

/** Reads the events of a whole repo. */
type ReadHistory = (
  repo: Repo,
  options: { readonly limit: number; readonly prefix?: string },
  context: PrepareContext,
) => Promise<{ readonly events: readonly HistoryEvent[] }>;

/** @throws {ReleaseError} `tenants_not_there`, `tenants_unknown` */
export async function readTenantHistoryOf(
  repo: Repo,
  options: {
    readonly tenant: string;
    readonly limit: number;
    readonly prefix?: string | undefined;
  },
  context: PrepareContext,
  read: ReadHistory,
): Promise<readonly HistoryEvent[]> {
  if (repo.tenants === undefined) throw new ReleaseError("tenants_not_there", { repo: repo.name });
  const session = await openSession(repo, { role: "work", reads: "tell", ...context });
  try {
    if (isInPlaces(repo)) {
      const { repoOfTenant } = await import("./look-at-places.ts");
      const { tenant, limit, prefix } = options;
      const own = await repoOfTenant(repo, tenant, { session, root: context.root });
      const wanted = { limit, ...(prefix === undefined ? {} : { prefix }) };
      return (await read(own, wanted, context)).events;
    }
    const tables = fleetTablesOf(tenantLaneOf(repo, options).historyTable);
    return await readTenantEvents(session, tables, options);
  } finally {
    await session.close();
  }
}
