/** Reads the table of a backfill from PostgreSQL's catalog. */
import type { Named } from "../../core/model/named.ts";
import type { Row } from "../adapter.ts";
import { stringLiteral } from "./literal.ts";
import { ofCatalog } from "./own-names.ts";
import { quoteNamed } from "./sql-text.ts";

/**
 * A query for what tells it from another table of its name: its oid stays through TRUNCATE, VACUUM FULL, CLUSTER and
 * ALTER TABLE, which only give it other files. https://www.postgresql.org/docs/current/storage-file-layout.html
 */
export function tableIdentitySql(table: Named): string {
  return `SELECT ${relationOf(table)}::pg_catalog.oid::pg_catalog.text AS identity`;
}

/** The answer to it; `undefined` where there is no such table. */
export async function tableIdentity(
  query: (sql: string) => Promise<readonly Row[]>,
  table: Named,
): Promise<string | undefined> {
  const [row] = await query(tableIdentitySql(table));
  return typeof row?.identity === "string" ? row.identity : undefined;
}

/** Queries for its columns, its unique keys, and what else is to be known. */
export function tableFacts(table: Named) {
  // Put in last: the name is the user's, and may hold anything.
  const of = (sql: string) => ofCatalog(sql).replaceAll(relation, () => relationOf(table));
  return { columns: of(columnsSql()), unique: of(uniqueSql()), about: of(aboutSql()) };
}

function relationOf(table: Named): string {
  return `pg_catalog.to_regclass(${stringLiteral(quoteNamed(table))})`;
}

/** Stands for the table in the texts below, which are functions so that a bundle without backfills has none of them. */
const relation = "RELATION";

const aboutSql = () =>
  `SELECT c.reltuples::bigint::text AS estimate, (SELECT count(*) FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)::text AS triggers, (SELECT string_agg(i.inhrelid::regclass::text, ', ' ORDER BY i.inhrelid::regclass::text) FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid AND c.relkind = 'r') AS heirs FROM pg_catalog.pg_class c WHERE c.oid = ${relation}`;

/**
 * Operators of the class that ORDER BY takes. A type without such a class is ordered by
 * PostgreSQL's operators.
 */
const operators = () =>
  `coalesce((SELECT n.nspname FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_am am ON am.oid = o.opcmethod AND am.amname = 'btree' JOIN pg_catalog.pg_amop m ON m.amopfamily = o.opcfamily AND m.amoplefttype = o.opcintype AND m.amoprighttype = o.opcintype AND m.amopstrategy = 2 JOIN pg_catalog.pg_operator p ON p.oid = m.amopopr JOIN pg_catalog.pg_namespace n ON n.oid = p.oprnamespace WHERE o.opcintype = t.oid AND o.opcdefault), 'pg_catalog')`;
const under = () =>
  `WITH RECURSIVE under(type, typmod) AS (SELECT a.atttypid, a.atttypmod UNION ALL SELECT d.typbasetype, d.typtypmod FROM under JOIN pg_catalog.pg_type d ON d.oid = under.type WHERE d.typtype = 'd') SELECT CASE WHEN t.typtype = 'c' THEN 'record' ELSE t.typname END AS base, pg_catalog.format_type(t.oid, under.typmod) AS written, ${operators()} AS operators FROM under JOIN pg_catalog.pg_type t ON t.oid = under.type WHERE t.typtype <> 'd'`;
const kin = () =>
  `WITH RECURSIVE kin(oid) AS (SELECT a.attrelid UNION SELECT i.inhrelid FROM kin JOIN pg_catalog.pg_class p ON p.oid = kin.oid AND p.relkind = 'r' JOIN pg_catalog.pg_inherits i ON i.inhparent = kin.oid) SELECT FROM kin JOIN pg_catalog.pg_attribute k ON k.attrelid = kin.oid AND k.attname = a.attname LEFT JOIN pg_catalog.pg_constraint n ON n.conrelid = kin.oid AND n.contype = 'n' AND n.conkey[1] = k.attnum WHERE NOT k.attnotnull OR NOT n.convalidated`;

/**
 * A domain counts as the type under it. NOT NULL holds when it was checked, in the tables that inherit too; partitions cannot differ.
 * https://www.postgresql.org/docs/current/catalog-pg-constraint.html
 */
const columnsSql = () =>
  `SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, b.base, b.written, b.operators, (NOT EXISTS (${kin()}))::int AS not_null, (a.atthasdef OR a.attidentity <> '')::int AS has_default FROM pg_catalog.pg_attribute a CROSS JOIN LATERAL (${under()}) AS b WHERE a.attrelid = ${relation} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

// `unnest` of several lists exists only without its schema.
const finer = () =>
  `EXISTS (SELECT FROM ROWS FROM (unnest(i.indkey::int2[]), unnest(i.indcollation::oid[]), unnest(i.indclass::oid[])) WITH ORDINALITY AS f(attnum, coll, opclass, place) JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = f.attnum JOIN pg_catalog.pg_opclass o ON o.oid = f.opclass LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation WHERE f.place <= i.indnkeyatts AND (NOT c.collisdeterministic AND f.coll <> a.attcollation OR o.opcintype <> a.atttypid AND EXISTS (SELECT FROM pg_catalog.pg_opclass own WHERE own.opcintype = a.atttypid AND own.opcmethod = o.opcmethod AND own.opcdefault) OR o.opcdefault AND NOT EXISTS (SELECT FROM pg_catalog.pg_amop m JOIN pg_catalog.pg_operator p ON p.oid = m.amopopr WHERE m.amopfamily = o.opcfamily AND m.amopstrategy = 2 AND p.oprname = '<=')))`;

/**
 * Unique keys of all rows, by the equality that the column itself has: not partial ones, expressions, or INVALID ones,
 * none that knows two texts apart which the collation or the type of the column takes for one, and none of a type
 * whose order has another name than `<=`: hstore.
 * https://www.postgresql.org/docs/current/collation.html#COLLATION-NONDETERMINISTIC
 */
const uniqueSql = () =>
  `SELECT i.indexrelid::text AS index_name, a.attname AS name FROM pg_catalog.pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place) JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE i.indrelid = ${relation} AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts AND NOT ${finer()} ORDER BY i.indexrelid, k.place`;
