/** Who holds an advisory lock, as far as the server tells this user. */
import type { LockHolder } from "../../core/model/errors.ts";
import type { Row } from "../adapter.ts";

/**
 * The statement that finds the holder of a key in `pg_locks`. The holder's own connection is idle, so what it runs
 * is looked up at its sibling: the longest active statement of the same application on the same host.
 * https://www.postgresql.org/docs/current/view-pg-locks.html
 */
export function holderQuery(key: bigint): string {
  const high = BigInt.asUintN(32, key >> 32n);
  const low = BigInt.asUintN(32, key);
  return `
SELECT l.pid::text AS pid, host(a.client_addr) AS host, a.application_name AS application,
  to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
  (SELECT left(w.query, 200) FROM pg_stat_activity w
    WHERE w.state = 'active' AND w.application_name = a.application_name
      AND w.client_addr IS NOT DISTINCT FROM a.client_addr AND w.pid NOT IN (a.pid, pg_backend_pid())
      AND w.query NOT LIKE '%pg_try_advisory_xact_lock%' AND w.query NOT LIKE '%pg_locks%'
    ORDER BY w.query_start LIMIT 1) AS running
FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.classid = ${high} AND l.objid = ${low}
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
}

/** A row of `holderQuery`; what is not known is left out. */
export function lockHolder(row: Row | undefined): LockHolder | undefined {
  if (row === undefined) return undefined;
  const known = Object.entries(row).filter(
    ([, value]) => typeof value === "string" && value !== "",
  );
  return Object.fromEntries(known);
}
