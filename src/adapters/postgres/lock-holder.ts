/** Who holds an advisory lock, and what its run is at, as far as the server tells this user. */
import type { LockHolder } from "../../core/model/errors.ts";
import type { Row, RunAtWork } from "../adapter.ts";
import { readQuery } from "./work-mark.ts";

/**
 * The statement that finds the holder of a key in `pg_locks`, a row for each that may be its sibling. The holder's own
 * connection is idle, so it looks at the active connections of the same application, on the same host and database,
 * longest first, at the last try of one that pauses, and at the transaction of one whose code is at work.
 * https://www.postgresql.org/docs/current/view-pg-locks.html
 */
export function holderQuery(key: bigint): string {
  const high = BigInt.asUintN(32, key >> 32n);
  const low = BigInt.asUintN(32, key);
  return `
SELECT l.pid::text AS pid, host(a.client_addr) AS host, a.application_name AS application,
  to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
  greatest(0, round(extract(epoch FROM clock_timestamp() - a.state_change) * 1000))::float8 AS silent,
  w.query, w.pid AS worker, w.state = 'active' AS active,
  greatest(0, round(extract(epoch FROM clock_timestamp() - w.state_change) * 1000))::float8 AS ago
FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
LEFT JOIN LATERAL (SELECT s.query, s.pid, s.state, s.state_change FROM pg_stat_activity s
  WHERE (s.state = 'active' OR s.query LIKE '/* slipway blocked %' OR (s.state LIKE 'idle in transaction%' AND s.query LIKE '%/* slipway %')) AND s.application_name = a.application_name
    AND s.client_addr IS NOT DISTINCT FROM a.client_addr AND s.datid = a.datid AND s.pid NOT IN (a.pid, pg_backend_pid())
  ORDER BY s.state <> 'active', s.query_start LIMIT 20) w ON true
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.classid = ${high} AND l.objid = ${low}
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
}

/** The run that the rows of `holderQuery` show, and the process that works. */
export type SeenRun = RunAtWork & { readonly worker?: number };

/**
 * Unknown facts are left out. A process that only looks has the same name as one that works. One
 * whose query says that it works goes first; of the others, only the lock that they wait for is
 * given. The holder itself gives a sign of life within `leaseMs`.
 */
export function seenRun(rows: readonly Row[], leaseMs: number): SeenRun | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const seen = rows.map((row) => ({
    row,
    ...(typeof row.query === "string" ? readQuery(row.query) : {}),
  }));
  const found =
    seen.find(({ row, migration }) => row.active === true && migration !== undefined) ??
    seen.find(({ row, running }) => row.active === true && running !== undefined) ??
    seen.find(({ tried }) => tried !== undefined) ??
    seen.find(({ migration }) => migration !== undefined) ??
    seen[0];
  const { row = first, tried, running, ...said } = found ?? {};
  const { query, worker, active, ago, silent, ...holder } = row;
  const known = Object.entries(holder).filter(
    ([, value]) => typeof value === "string" && value !== "",
  );
  return {
    holder: {
      ...(Object.fromEntries(known) as LockHolder),
      ...said,
      ...(active === true && running !== undefined ? { running } : {}),
      // It beats three times in a lease.
      ...(Number(silent) > leaseMs / 2 ? { silentMs: Number(silent) } : {}),
    },
    ...(tried === undefined ? {} : { lastTry: { ...tried, agoMs: Number(ago) } }),
    ...(active === true ? { worker: Number(worker) } : {}),
  };
}
