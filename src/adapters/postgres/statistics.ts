/** Reads the statistics that ANALYZE has made of a table. */
import type { BackfillSql } from "../../core/language/backfill-sql.ts";
import { literal } from "./literal.ts";
import { operator } from "./own-names.ts";
import { quoteNamed } from "./sql-text.ts";

export function statistics(): NonNullable<BackfillSql["statistics"]> {
  const is = operator("=");
  return {
    // https://www.postgresql.org/docs/current/view-pg-stats.html
    bounds: (table, column) =>
      `SELECT pg_catalog.unnest(s.histogram_bounds::pg_catalog.text::pg_catalog.text[]) AS bound FROM pg_catalog.pg_stats s JOIN pg_catalog.pg_class c ON c.relname ${is} s.tablename JOIN pg_catalog.pg_namespace n ON n.oid ${is} c.relnamespace AND n.nspname ${is} s.schemaname WHERE c.oid ${is} pg_catalog.to_regclass(${literal(quoteNamed(table))}) AND s.attname ${is} ${literal(column)}`,
    gather: (table) => `ANALYZE (SKIP_LOCKED) ${quoteNamed(table)}`,
  };
}
