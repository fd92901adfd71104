/** What backfills ask of SQLite. */
import type { BackfillSql, RowUpdates, UpdateSqls } from "../../core/backfill/backfill-sql.ts";
import { chunksOf } from "../../core/backfill/chunks.ts";
import type { Named } from "../../core/schema/operation.ts";
import { literal, quote, quoteNamed } from "./quote.ts";

export const backfillSql: BackfillSql = {
  nowMs: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
  inexact: /^(bigint|decimal|numeric|date|time)/i,
  withoutText: /^(blob|real|float|double)?$/i,
  locking: "",
  tableFacts,
  // Others wait by trying again and again: without a rest they would come too late each time.
  restMs: (batchMs) => Math.max(5, batchMs / 5),
  // A primary key may be NULL unless it is INTEGER or says NOT NULL. https://www.sqlite.org/quirks.html#primary_keys_can_sometimes_contain_nulls
  nullKeySql: (table, key) =>
    `SELECT 1 FROM ${quoteNamed(table)} WHERE ${key.map((name) => `${quote(name)} IS NULL`).join(" OR ")} LIMIT 1`,
  updateRows,
};

function tableFacts(table: Named) {
  const name = literal(table.name);
  const quoted = quoteNamed(table);
  return {
    columns: `SELECT c.name, c.type, ("notnull" OR pk > 0) AS not_null, (dflt_value IS NOT NULL) AS has_default, (SELECT x.coll FROM pragma_index_list(${name}) l JOIN pragma_index_xinfo(l.name) x WHERE x.name = c.name AND x.coll <> 'BINARY') AS collation FROM pragma_table_info(${name}) c`,
    unique: `SELECT 'pk' AS index_name, name, pk AS place FROM pragma_table_info(${name}) WHERE pk > 0 UNION ALL SELECT l.name, i.name, i.seqno FROM pragma_index_list(${name}) l JOIN pragma_index_info(l.name) i WHERE l."unique" AND NOT l.partial AND i.name IS NOT NULL ORDER BY 1, 3`,
    about: `SELECT (SELECT count(*) FROM ${quoted}) AS estimate, (SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ${name}) AS triggers`,
  };
}

/** Literals in rows: what they become is decided where they are stored, as it is for a single row. */
function updateRows({ rows, ...updates }: RowUpdates): UpdateSqls {
  const lists = rows.map(({ key, values }) => `(${[...key, ...values].map(literal).join(", ")})`);
  return { sqls: chunksOf(lists).map((chunk) => joined(updates, chunk.join(", "))), single: [] };
}

function joined({ table, keys, columns }: Omit<RowUpdates, "rows">, lists: string): string {
  const target = quoteNamed(table);
  const fresh = (i: number) => `slipway_fresh.column${i + 1}`;
  const same = keys.map(({ name }, i) => `${target}.${quote(name)} = ${fresh(i)}`);
  const set = columns.map(({ name }, i) => `${quote(name)} = ${fresh(keys.length + i)}`);
  return `UPDATE ${target} SET ${set.join(", ")} FROM (VALUES ${lists}) AS slipway_fresh WHERE ${same.join(" AND ")}`;
}
