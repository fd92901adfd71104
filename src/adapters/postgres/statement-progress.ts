/** How far the statement of another connection is: read from the views that PostgreSQL has for that. */
import type { StatementProgress } from "../../core/model/statement-progress.ts";
import type { Row } from "../adapter.ts";
import { lockWait, lockWaitSql } from "./lock-wait.ts";

type Query = (sql: string) => Promise<readonly Row[]>;

/**
 * Two short queries, so that no snapshot stays that a concurrent build would wait for. `undefined` when the connection
 * runs nothing.
 */
export async function readStatementProgress(
  query: Query,
  pid: number,
): Promise<StatementProgress | undefined> {
  const [seen] = await query(lockWaitSql(pid));
  const wait = lockWait(seen);
  if (wait === undefined) return undefined;
  const [row] = await query(progressSql(Number(seen?.worker)));
  const { phase, relation, share } = row ?? {};
  return {
    ...(typeof phase === "string" ? { phase } : {}),
    ...(typeof relation === "string" ? { on: relation } : {}),
    ...(typeof share === "number" ? { share: Math.min(1, Math.max(0, share)) } : {}),
    ...(wait.wanted === undefined && wait.blockers.length === 0 ? {} : { wait }),
  };
}

/**
 * A concurrent build waits for transactions by their virtual locks, one after the other, and tells how many are left.
 * https://www.postgresql.org/docs/current/progress-reporting.html
 */
function progressSql(pid: number): string {
  return `SELECT phase, relid::regclass::text AS relation, CASE
    WHEN phase LIKE 'waiting for%' THEN lockers_done::float8 / nullif(lockers_total, 0)
    WHEN tuples_total > 0 THEN tuples_done::float8 / tuples_total
    ELSE blocks_done::float8 / nullif(blocks_total, 0) END AS share
  FROM pg_stat_progress_create_index WHERE pid = ${pid}
UNION ALL
SELECT phase, relid::regclass::text, heap_blks_scanned::float8 / nullif(heap_blks_total, 0)
  FROM pg_stat_progress_cluster WHERE pid = ${pid}
UNION ALL
SELECT phase, relid::regclass::text, heap_blks_scanned::float8 / nullif(heap_blks_total, 0)
  FROM pg_stat_progress_vacuum WHERE pid = ${pid}`;
}
