/**
 * Reads on another connection which locks a connection waits for and holds, and who is in its way.
 */
import {
  type Blocker,
  type LockWait,
  type NamedLock,
  shownQuery,
} from "../../core/model/blocker.ts";
import type { Row } from "../adapter.ts";
import { stringLiteral } from "./literal.ts";
import { catalogOnly } from "./own-names.ts";

/**
 * By the simple protocol, which keeps no snapshot. An error must not end the transaction that is the lock, so what goes
 * back before it is sent along, before anything else can be.
 */
export async function readLockWait(
  query: (sql: string) => Promise<readonly Row[]>,
  pid: number,
): Promise<LockWait | undefined> {
  const looking = query(
    `SAVEPOINT looking;\nSELECT pg_stat_clear_snapshot();\n${lockWaitSql(pid)}`,
  );
  const back = query("ROLLBACK TO SAVEPOINT looking; RELEASE SAVEPOINT looking");
  const [seen] = await Promise.allSettled([looking, back]);
  if (seen.status === "rejected") throw seen.reason;
  return lockWait(seen.value[0]);
}

/**
 * The connection of this process id, or, when a pooler made the id up, one of the same application that waits.
 * In a transaction the server must first forget its snapshot of the others, or it would show that
 * again.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SESSION (pg_blocking_pids)
 */
export function lockWaitSql(pid: number): string {
  const ours =
    "application_name = current_setting('application_name') AND datname = current_database()";
  return `WITH worker AS MATERIALIZED (
  SELECT pid, wait_event_type = 'Lock' AS waits FROM pg_stat_activity
  WHERE ${ours} AND pid <> pg_backend_pid() AND state <> 'idle'
    AND (pid = ${pid} OR NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ${pid} AND ${ours}))
  ORDER BY pid = ${pid} DESC, waits DESC NULLS LAST, state = 'active' DESC LIMIT 1
), lock AS MATERIALIZED (
  SELECT l.granted, l.mode, l.locktype, regexp_replace(c.oid::regclass::text, '^public\\.', '') AS name, c.relkind
  FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  WHERE l.pid = (SELECT pid FROM worker) AND c.relnamespace IS DISTINCT FROM 'pg_catalog'::regnamespace
), blocker AS (
  SELECT DISTINCT b.pid FROM worker, unnest(pg_blocking_pids(worker.pid)) AS b(pid) WHERE worker.waits
), prepared AS (
  SELECT p.* FROM pg_prepared_xacts p WHERE p.database = current_database() AND p.transaction IN (
    SELECT l.transactionid FROM pg_locks l WHERE l.pid IS NULL AND l.transactionid IS NOT NULL AND l.virtualtransaction IN (
      SELECT h.virtualtransaction FROM pg_locks h JOIN pg_locks w ON w.locktype = h.locktype AND w.relation IS NOT DISTINCT FROM h.relation
        AND w.database IS NOT DISTINCT FROM h.database AND w.transactionid IS NOT DISTINCT FROM h.transactionid
      WHERE h.pid IS NULL AND h.granted AND NOT w.granted AND w.pid = (SELECT pid FROM worker)))
)
SELECT (SELECT pid FROM worker) AS worker,
  (SELECT json_build_object('mode', mode, 'on', coalesce(name, locktype)) FROM lock WHERE NOT granted LIMIT 1) AS wanted,
  (SELECT json_agg(json_build_object('mode', mode, 'on', name) ORDER BY name, mode) FROM lock
    WHERE granted AND relkind IN ('r', 'p', 'm', 'v', 'f') AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')) AS held,
  (SELECT json_agg(json_build_object('pid', blocker.pid, 'user', usename, 'application', application_name, 'host', host(client_addr), 'state', state,
      'transactionMs', ${age("xact_start")}, 'stateMs', ${age("state_change")}, 'since', state_change, 'query', left(query, 2000)) ORDER BY xact_start NULLS LAST)
    FROM blocker LEFT JOIN pg_stat_activity a ON a.pid = blocker.pid WHERE blocker.pid <> 0) AS blockers,
  (SELECT json_agg(json_build_object('pid', 0, 'prepared', gid, 'user', owner, 'transactionMs', ${age("prepared")}) ORDER BY prepared) FROM prepared) AS prepared`;
}

/** The wait that the row shows; `undefined` when the connection runs nothing. */
export function lockWait(row: Row | undefined): LockWait | undefined {
  if (row === undefined || row.worker === null) return undefined;
  const blockers = [row.blockers, row.prepared].flatMap((rows) => (rows ?? []) as readonly Row[]);
  return {
    ...(row.wanted === null ? {} : { wanted: row.wanted as NamedLock }),
    held: (row.held ?? []) as readonly NamedLock[],
    blockers: blockers.map(blockerOf),
  };
}

/**
 * Finds the oldest transactions of others that have a snapshot or have written: a concurrent build may wait for them.
 */
export function openTransactionsQuery(longerThanMs: number): string {
  return `SELECT pid, usename AS user, application_name AS application, host(client_addr) AS host, state,
  ${age("xact_start")}::float8 AS "transactionMs", ${age("state_change")}::float8 AS "stateMs", left(query, 2000) AS query, true AS perhaps
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
  AND application_name <> current_setting('application_name') AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
  AND clock_timestamp() - xact_start > ${longerThanMs} * interval '1 millisecond'
ORDER BY xact_start LIMIT 5`;
}

type Query = (sql: string) => Promise<readonly Row[]>;

/** The other connections to this database that call themselves as this one does. */
export async function companions(query: Query): Promise<number | undefined> {
  const [row] = await query(catalogOnly + companionsQuery).catch(() => []);
  return row === undefined ? undefined : Number(row.others);
}

const companionsQuery =
  "SELECT count(*) AS others FROM pg_stat_activity WHERE application_name = current_setting('application_name') AND datname = current_database() AND pid <> pg_backend_pid()";

/**
 * Ends each that is still idle in the very transaction that was seen, for long enough. Whoever does anything at all is
 * left alone, and so is another run of ours, whose code may be busy elsewhere. So are pg_repack and pg_dump: they hold a
 * lock on one connection, which is idle, while another one copies. Ended, pg_repack leaves its triggers behind.
 */
export async function endIdle(
  query: Query,
  blockers: readonly Blocker[],
  longerThanMs: number,
): Promise<readonly Blocker[]> {
  const rows = await query(catalogOnly + endIdleQuery(blockers, longerThanMs));
  const ended = new Set(rows.filter((row) => row.ended === true).map((row) => row.pid));
  return blockers.filter(({ pid }) => ended.has(pid));
}

function endIdleQuery(blockers: readonly Blocker[], longerThanMs: number): string {
  const seen = blockers.flatMap(({ pid, since }) =>
    since === undefined ? [] : [`(${Number(pid)}, ${stringLiteral(since)}::timestamptz)`],
  );
  const rows = seen.length === 0 ? "(0, now())" : seen.join(", ");
  return `SELECT a.pid::text AS pid, pg_terminate_backend(a.pid) AS ended
FROM pg_stat_activity a JOIN (VALUES ${rows}) AS seen(pid, since) ON a.pid = seen.pid AND a.state_change = seen.since
WHERE a.state IN ('idle in transaction', 'idle in transaction (aborted)') AND a.backend_type = 'client backend'
  AND a.application_name NOT LIKE 'slipway%' AND a.application_name NOT IN ('pg_repack', 'pg_dump') AND clock_timestamp() - a.state_change > ${longerThanMs} * interval '1 millisecond'`;
}

/** Unknown facts are left out. A prepared transaction has no process: its number is 0. */
export function blockerOf(row: Row): Blocker {
  const known = Object.entries(row).filter(([, value]) => value !== null && value !== "");
  const query = typeof row.query === "string" ? { query: shownQuery(row.query) } : {};
  return { ...Object.fromEntries(known), ...query, pid: String(row.pid) };
}

function age(since: string): string {
  return `greatest(0, round(extract(epoch FROM clock_timestamp() - ${since}) * 1000))`;
}
