/** Holds while the table is being vacuumed: both want the same pages, and what is dead should go first. PostgreSQL. */
import type { Signal } from "./signals.ts";

/** https://www.postgresql.org/docs/current/progress-reporting.html#VACUUM-PROGRESS-REPORTING */
export const vacuum: Signal = {
  name: "autovacuum",
  limit: ({ autovacuum }) => autovacuum || undefined,
  async read({ session, target }) {
    const { dialect } = session;
    if (dialect.name !== "postgres") throw new Error(`${dialect.label} has no autovacuum`);
    const relation = `to_regclass(${dialect.literal(dialect.quoteNamed(target.backfill.table))})`;
    const [row] = await session.query(
      `SELECT phase FROM pg_stat_progress_vacuum WHERE relid = ${relation} AND datname = current_database()`,
    );
    if (row === undefined) return undefined;
    return `${target.backfill.table.name} is being vacuumed (${String(row.phase)})`;
  },
};
