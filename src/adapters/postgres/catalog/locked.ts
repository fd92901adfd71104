/** Explains why a schema cannot be read: somebody is changing it. */
import type { CatalogQuery } from "../../../core/catalog/catalog-access.ts";
import { describeBlockers } from "../../../core/model/blocker.ts";
import { ReleaseError } from "../../../core/model/errors.ts";
import { blockerOf } from "../lock-wait.ts";
import { catalogOnly } from "../own-names.ts";

/** How long it waits for each lock. */
export type Patience = { readonly waitMs: number };

/**
 * The server locks a table or a view in order to write its definition down. Whoever holds it too strongly is named.
 * `query`: outside of a transaction when the reading has failed.
 *
 * @throws {ReleaseError} `schema_locked`, and what reading throws
 */
export async function namingLocks<Result>(
  query: CatalogQuery,
  { waitMs }: Patience,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "55P03")) throw error;
    const rows = await query(catalogOnly + holders);
    const tables = [...new Set(rows.map(({ table }) => String(table)))];
    const blockers = new Map(rows.map((row) => [String(row.pid), blockerOf(row)]));
    const details = { tables, waitedMs: waitMs, holders: describeBlockers([...blockers.values()]) };
    throw new ReleaseError("schema_locked", details, { cause: error });
  }
}

const holders = `SELECT coalesce(l.pid, 0) AS pid, n.nspname || '.' || c.relname AS table,
  a.usename AS user, a.application_name AS application, host(a.client_addr) AS host, a.state,
  (extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::float8 AS "transactionMs",
  (extract(epoch FROM clock_timestamp() - a.state_change) * 1000)::float8 AS "stateMs"
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'AccessExclusiveLock' AND l.pid IS DISTINCT FROM pg_backend_pid()
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY a.xact_start, n.nspname, c.relname LIMIT 20`;
