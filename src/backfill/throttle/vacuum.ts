/** Holds while the table is being vacuumed: both want the same pages, and what is dead should go first. PostgreSQL. */

import type { Signal } from "./signal.ts";
import { noMonitor, only } from "./untold.ts";

/** https://www.postgresql.org/docs/current/progress-reporting.html#VACUUM-PROGRESS-REPORTING */
export const vacuum: Signal = {
  name: "autovacuum",
  limit: ({ autovacuum }) => autovacuum || undefined,
  async read({ db, dialect, target }) {
    only(dialect);
    const { table } = target.backfill;
    const is = dialect.operator("=");
    const relation = `pg_catalog.to_regclass(${dialect.literal(dialect.quoteNamed(table))})`;
    // Of a table in partitions it is these that are vacuumed. Whose vacuum others may not see has no table for them.
    const [row] = await db.query(
      `SELECT relid, phase FROM pg_catalog.pg_stat_progress_vacuum WHERE datname ${is} pg_catalog.current_database() AND (relid IS NULL OR relid ${is} ${relation} OR relid ${is} ANY (SELECT relid FROM pg_catalog.pg_partition_tree(${relation}))) ORDER BY relid LIMIT 1`,
    );
    if (row === undefined) return undefined;
    if (row.relid === null) throw noMonitor();
    return `${table.name} is being vacuumed (${String(row.phase)})`;
  },
};
