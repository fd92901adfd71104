/**
 * The queries of the safety rules to PostgreSQL. Findings call a table by its name where its schema
 * is public, and else with its schema.
 */
import type { SafetySql } from "../../core/language/dialect.ts";
import { literal } from "./literal.ts";
import { catalogOnly } from "./own-names.ts";

/** A function, so that a built release in which nothing was found has none of it. */
export const safetySql = (): SafetySql => ({
  major: `${catalogOnly}SELECT current_setting('server_version_num')::int / 10000 AS major`,
  sizes,
  fullness,
  plainTables,
});

/**
 * One SELECT on the catalog, which waits for no lock on the tables. A table counts with its partitions. One that was
 * never analyzed, or looks empty, is left out: nothing is known of it.
 * https://www.postgresql.org/docs/current/catalog-pg-class.html
 */
function sizes(tables: readonly string[]): string {
  return `${catalogOnly}WITH RECURSIVE tree (name, oid) AS (
  SELECT wanted.name, c.oid
    FROM unnest(ARRAY[${tables.map(literal).join(", ")}]::text[]) AS wanted (name)
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

/**
 * The length of its file tells how much a table holds, with rows that are not committed yet: 256 kB are a few thousand.
 * One that somebody has locked is not waited for, and taken to be large.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-DBSIZE
 */
function fullness(own: string): string {
  const name = literal(own);
  return `${catalogOnly}SELECT CASE n.nspname WHEN 'public' THEN c.relname::text ELSE n.nspname || '.' || c.relname END AS name,
  CASE WHEN c.relkind = 'f' OR EXISTS (SELECT 1 FROM pg_locks l WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock') THEN 'large'
       WHEN c.relkind = 'p' THEN 'partitioned'
       WHEN pg_relation_size(c.oid) = 0 THEN 'empty'
       WHEN pg_relation_size(c.oid) <= 262144 AND c.reltuples <= 5000 THEN 'small'
       ELSE 'large' END AS size
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'p', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    AND left(c.relname, length(${name})) <> ${name} AND c.relname !~ '^slipway_'
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;
}

/**
 * Any other relation of the name in another schema must be a plain table too: `search_path` says
 * which one is meant.
 * https://www.postgresql.org/docs/current/catalog-pg-class.html
 */
function plainTables(tables: readonly string[]): string {
  return `${catalogOnly}SELECT wanted.name
  FROM unnest(ARRAY[${tables.map(literal).join(", ")}]::text[]) AS wanted (name)
  JOIN (pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace)
    ON wanted.name IN (c.relname::text, n.nspname || '.' || c.relname)
  GROUP BY wanted.name
  HAVING bool_and(c.relkind = 'r' AND NOT EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhparent = c.oid))`;
}
