/** Who holds an advisory lock, and what its run is at, as far as the server tells this user. */
import type { LockHolder } from "../../core/model/errors.ts";
import type { Row, RunAtWork } from "../adapter.ts";
import { readQuery } from "./work-mark.ts";

/**
 * The statement that finds the holder of a key in `pg_locks`. The holder's own connection is idle, so what it runs
 * is looked up at its sibling: the longest active statement of the same application on the same host, or else the
 * last try of one that pauses.
 * https://www.postgresql.org/docs/current/view-pg-locks.html
 */
export function holderQuery(key: bigint): string {
  const high = BigInt.asUintN(32, key >> 32n);
  const low = BigInt.asUintN(32, key);
  return `
SELECT l.pid::text AS pid, host(a.client_addr) AS host, a.application_name AS application,
  to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
  w.query, w.pid AS worker, w.state = 'active' AS active,
  greatest(0, round(extract(epoch FROM clock_timestamp() - w.state_change) * 1000))::float8 AS ago
FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
LEFT JOIN LATERAL (SELECT s.query, s.pid, s.state, s.state_change FROM pg_stat_activity s
  WHERE (s.state = 'active' OR s.query LIKE '/* slipway blocked %') AND s.application_name = a.application_name
    AND s.client_addr IS NOT DISTINCT FROM a.client_addr AND s.pid NOT IN (a.pid, pg_backend_pid())
    AND s.query NOT LIKE '%pg_try_advisory_xact_lock%' AND (s.query NOT LIKE '%pg_locks%' OR s.query LIKE '/* slipway blocked %')
  ORDER BY s.state <> 'active', s.query_start LIMIT 1) w ON true
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.classid = ${high} AND l.objid = ${low}
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
}

/** What a row of `holderQuery` says, and which process works. */
export type SeenRun = RunAtWork & { readonly worker?: number };

/** What is not known is left out. */
export function seenRun(row: Row | undefined): SeenRun | undefined {
  if (row === undefined) return undefined;
  const { query, worker, active, ago, ...holder } = row;
  const known = Object.entries(holder).filter(
    ([, value]) => typeof value === "string" && value !== "",
  );
  const { tried, ...seen } = typeof query === "string" ? readQuery(query) : {};
  return {
    holder: { ...(Object.fromEntries(known) as LockHolder), ...seen },
    ...(tried === undefined ? {} : { lastTry: { ...tried, agoMs: Number(ago) } }),
    ...(active === true ? { worker: Number(worker) } : {}),
  };
}
