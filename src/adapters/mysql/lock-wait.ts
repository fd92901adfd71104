/** Reads on another connection which lock a connection waits for, and who is in its way. */
import { type Blocker, type LockWait, shownQuery } from "../../core/model/blocker.ts";
import { tableChange } from "../../core/sql/mysql-table-change.ts";
import type { Row } from "../adapter.ts";
import type { Query } from "./procedures/catalog.ts";
import { type Process, readProcesses } from "./processes.ts";

/** `undefined` when the connection waits for no lock of a table. */
export async function readLockWait(query: Query, id: number): Promise<LockWait | undefined> {
  const processes = await readProcesses(query);
  const waiting = processes.find((process) => process.id === String(id));
  if (waiting === undefined || !waitsForLock.test(waiting.state ?? "")) return undefined;
  const on = tableChange(waiting.running ?? "")?.table ?? "a table";
  const holders = await exactHolders(query, id);
  return {
    wanted: { mode: "metadata lock", on },
    held: [],
    blockers:
      holders.length > 0
        ? holders.map(blockerOf)
        : await likelyHolders(query, { waiting, processes }),
  };
}

const waitsForLock = /^Waiting for .*(metadata )?lock/i;

/**
 * The holders of the lock that the connection waits for. MySQL records them; MariaDB only does it
 * if its settings say so.
 */
async function exactHolders(query: Query, id: number): Promise<readonly Row[]> {
  try {
    return await query(holdersQuery(id));
  } catch {
    return [];
  }
}

/** https://dev.mysql.com/doc/refman/8.4/en/performance-schema-metadata-locks-table.html */
function holdersQuery(id: number): string {
  return `SELECT DISTINCT CAST(t.processlist_id AS CHAR) AS pid, t.processlist_user AS user, t.processlist_host AS host,
  LOWER(t.processlist_command) AS state, t.processlist_time * 1000 AS stateMs, t.processlist_info AS query
FROM performance_schema.threads me
JOIN performance_schema.metadata_locks w ON w.owner_thread_id = me.thread_id AND w.lock_status = 'PENDING'
JOIN performance_schema.metadata_locks g ON g.object_type = w.object_type AND g.object_schema <=> w.object_schema
  AND g.object_name <=> w.object_name AND g.lock_status = 'GRANTED' AND g.owner_thread_id <> w.owner_thread_id
JOIN performance_schema.threads t ON t.thread_id = g.owner_thread_id
WHERE me.processlist_id = ${id}`;
}

function blockerOf(row: Row): Blocker {
  const known = Object.entries(row).filter(([, value]) => value !== null && value !== "");
  const query = typeof row.query === "string" ? { query: shownQuery(row.query) } : {};
  return { ...Object.fromEntries(known), ...query, pid: String(row.pid) };
}

/** Whoever has a transaction open, or runs something in the same database and does not wait itself. */
async function likelyHolders(
  query: Query,
  { waiting, processes }: { readonly waiting: Process; readonly processes: readonly Process[] },
): Promise<readonly Blocker[]> {
  const open = await openTransactions(query);
  return processes
    .filter(({ id }) => id !== waiting.id)
    .filter(
      ({ id, running, state = "", database }) =>
        open.has(id) ||
        (running !== undefined && database === waiting.database && !waitsForLock.test(state)),
    )
    .map(({ id, user, host, isIdle, seconds, running }) => ({
      pid: id,
      user,
      host,
      state: isIdle ? "idle" : "active",
      stateMs: seconds * 1000,
      ...(open.has(id) ? { transactionMs: open.get(id) } : {}),
      ...(running === undefined ? {} : { query: shownQuery(running) }),
      perhaps: true,
    }));
}

/** The connections with a transaction, and for how long it has been open, in milliseconds. */
async function openTransactions(query: Query): Promise<ReadonlyMap<string, number>> {
  try {
    const rows = await query(
      "SELECT CAST(trx_mysql_thread_id AS CHAR) AS id, TIMESTAMPDIFF(SECOND, trx_started, CONVERT_TZ(NOW(), @@time_zone, 'SYSTEM')) AS seconds FROM information_schema.innodb_trx",
    );
    return new Map(rows.map((row) => [String(row.id), Number(row.seconds) * 1000]));
  } catch {
    // Without the right to look, who runs a statement is all that is known.
    return new Map();
  }
}
