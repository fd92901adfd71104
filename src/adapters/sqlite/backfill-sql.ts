/** The SQL of backfills for SQLite. */

import { chunksOf } from "../../core/backfill/chunks.ts";
import type { BackfillSql, RowUpdates, UpdateSqls } from "../../core/language/backfill-sql.ts";
import type { Named } from "../../core/model/named.ts";
import { literal, quote, quoteNamed } from "./quote.ts";

export const backfillSql: BackfillSql = {
  nowMs: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
  inexact: /^(bigint|decimal|numeric|date|time)/i,
  // A key is kept as a literal of its type.
  withoutText: /(?!)/,
  // CREATE TABLE AS forgets the collations of its columns, and so has another order than the table.
  declaresCopies: true,
  tableFacts,
  // Others wait by trying again and again: without a rest they would come too late each time.
  restMs: (batchMs) => Math.max(5, batchMs / 5),
  // A primary key may be NULL unless it is INTEGER or says NOT NULL. https://www.sqlite.org/quirks.html#primary_keys_can_sometimes_contain_nulls
  nullKeySql: (table, key) =>
    `SELECT 1 FROM ${quoteNamed(table)} WHERE ${key.map((name) => `${quote(name)} IS NULL`).join(" OR ")} LIMIT 1`,
  keyText,
  keyLiteral,
  keyShown: (text) => (plainText.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text),
  exactly: (column, { type }) => (hasNoText.test(type) ? column : exactText(column)),
  updateRows,
};

/**
 * Types without an affinity that brings a value back from its text, and floating point, which is exact as a number.
 */
const hasNoText = /^$|^any$|blob|real|floa|doub/i;

/**
 * A value of any type may stand in a column of any type, and no two types are equal, so a key is kept as a literal of its
 * own type. Text that a reader could change, because it is no printable ASCII, is kept by its bytes.
 * https://www.sqlite.org/datatype3.html, https://www.sqlite.org/lang_corefunc.html#quote
 */
function keyText(column: string): string {
  const isPlain = `${column} NOT GLOB '*[^ -~]*' AND length(${column}) = length(CAST(${column} AS BLOB))`;
  const bytes = `'(+CAST(X''' || hex(${column}) || ''' AS TEXT))'`;
  return `CASE WHEN typeof(${column}) <> 'text' OR (${isPlain}) THEN quote(${column}) ELSE ${bytes} END`;
}

const plainText = /^'([^']|'')*'$/;
const otherValue = /^(X'[0-9A-F]*'|\(\+CAST\(X'[0-9A-F]*' AS TEXT\)\)|-?\d+(\.\d+(e[+-]?\d+)?)?)$/;

/** Any other text is a key as an older Slipway kept it. */
function keyLiteral(text: string): string {
  return plainText.test(text) || otherValue.test(text) ? text : literal(text);
}

/**
 * A value that code gives back of a row. A column can have some that nobody should write into a
 * schema.
 */
function valueLiteral(value: unknown): string {
  if (value === Number.POSITIVE_INFINITY) return "9e999";
  if (value === Number.NEGATIVE_INFINITY) return "-9e999";
  return typeof value === "string" && value.includes("\0")
    ? `CAST(X'${Buffer.from(value).toString("hex")}' AS TEXT)`
    : literal(value);
}

/** Seventeen digits where fifteen are not enough; a blob stays a blob. */
function exactText(column: string): string {
  return `CASE typeof(${column}) WHEN 'blob' THEN ${column} WHEN 'real' THEN quote(${column}) ELSE CAST(${column} AS TEXT) END`;
}

function tableFacts(table: Named) {
  const name = literal(table.name);
  const quoted = quoteNamed(table);
  return {
    columns: `SELECT c.name, c.type, ("notnull" OR pk > 0) AS not_null, (dflt_value IS NOT NULL) AS has_default, (SELECT x.coll FROM pragma_index_list(${name}) l JOIN pragma_index_xinfo(l.name) x WHERE x.name = c.name AND x.coll <> 'BINARY') AS collation FROM pragma_table_info(${name}) c`,
    unique: `SELECT 'pk' AS index_name, name, pk AS place FROM pragma_table_info(${name}) WHERE pk > 0 UNION ALL SELECT l.name, i.name, i.seqno FROM pragma_index_list(${name}) l JOIN pragma_index_info(l.name) i WHERE l."unique" AND NOT l.partial AND i.name IS NOT NULL ORDER BY 1, 3`,
    about: `SELECT (SELECT count(*) FROM ${quoted}) AS estimate, (SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ${name}) AS triggers`,
  };
}

/** Literals in rows. As for a single row, the column that stores a literal decides its type. */
function updateRows({ rows, ...updates }: RowUpdates): UpdateSqls {
  const lists = rows.map(
    ({ key, values }) => `(${[...key.map(keyLiteral), ...values.map(valueLiteral)].join(", ")})`,
  );
  return { sqls: chunksOf(lists).map((chunk) => joined(updates, chunk.join(", "))), single: [] };
}

function joined({ table, keys, columns }: Omit<RowUpdates, "rows">, lists: string): string {
  const target = quoteNamed(table);
  const fresh = (i: number) => `slipway_fresh.column${i + 1}`;
  const same = keys.map(({ name }, i) => `${target}.${quote(name)} = ${fresh(i)}`);
  const set = columns.map(({ name }, i) => `${quote(name)} = ${fresh(keys.length + i)}`);
  return `UPDATE ${target} SET ${set.join(", ")} FROM (VALUES ${lists}) AS slipway_fresh WHERE ${same.join(" AND ")}`;
}
