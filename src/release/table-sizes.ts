/** How large tables are, as the server believes. */
import type { Session } from "../adapters/adapter.ts";
import type { TableSizes } from "../core/safety/rules/grade.ts";

/**
 * Reads the estimates of tables with one SELECT on the catalog, which waits for no lock on them. A table counts with
 * its partitions. One that was never analyzed, or looks empty, is left out: nothing is known of it.
 * https://www.postgresql.org/docs/current/catalog-pg-class.html
 */
export async function readTableSizes(
  session: Session,
  tables: readonly string[],
): Promise<TableSizes> {
  if (tables.length === 0 || session.dialect.name !== "postgres") return new Map();
  const rows = await session.query(
    session.dialect.catalogOnly + selectSizes(tables.map((name) => session.dialect.literal(name))),
  );
  return new Map(
    rows.map(({ name, rows: estimate, bytes }) => [
      String(name),
      { rows: Number(estimate), bytes: Number(bytes) },
    ]),
  );
}

/** Findings call a table by its name where its schema is public, and else with its schema. */
function selectSizes(names: readonly string[]): string {
  return `WITH RECURSIVE tree (name, oid) AS (
  SELECT wanted.name, c.oid
    FROM unnest(ARRAY[${names.join(", ")}]::text[]) AS wanted (name)
    JOIN (pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace)
      ON wanted.name = CASE n.nspname WHEN 'public' THEN c.relname::text ELSE n.nspname || '.' || c.relname END
  UNION
  SELECT tree.name, i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
)
SELECT tree.name, sum(c.reltuples::float8)::bigint::text AS rows, (sum(c.relpages::bigint) * current_setting('block_size')::bigint)::text AS bytes
  FROM tree JOIN pg_class c ON c.oid = tree.oid
  WHERE c.relkind IN ('r', 'm')
  GROUP BY tree.name
  HAVING min(c.reltuples) > 0`;
}
