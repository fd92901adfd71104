/** The questions of procedures to the catalog. */
import type { Named } from "../../../core/model/named.ts";
import type { Row } from "../../adapter.ts";
import { inTable } from "../in-table.ts";

/** Runs one statement without parameters. */
export type Query = (sql: string) => Promise<readonly Row[]>;

/** The columns of something, in order. */
export type NamedColumns = { readonly name: string; readonly columns: readonly string[] };

/** The foreign keys of a table. https://dev.mysql.com/doc/refman/8.4/en/information-schema-key-column-usage-table.html */
export function readForeignKeys(query: Query, table: Named): Promise<readonly NamedColumns[]> {
  return readColumns(query, {
    select: "constraint_name AS name, column_name AS part",
    from: `information_schema.key_column_usage WHERE ${inTable(table)} AND referenced_table_name IS NOT NULL`,
    order: "constraint_name, ordinal_position",
  });
}

/** The indexes of a table that are not unique. https://dev.mysql.com/doc/refman/8.4/en/information-schema-statistics-table.html */
export function readPlainIndexes(query: Query, table: Named): Promise<readonly NamedColumns[]> {
  return readColumns(query, { ...statistics(table, " AND non_unique = 1") });
}

/** All indexes of a table. */
export function readIndexes(query: Query, table: Named): Promise<readonly NamedColumns[]> {
  return readColumns(query, { ...statistics(table, "") });
}

/** Whether `columns` are the first ones of `index`, in the same order. */
export function startsWith(index: NamedColumns, columns: readonly string[]): boolean {
  return columns.every((column, at) => index.columns[at] === column);
}

function statistics(table: Named, more: string): Selection {
  return {
    select: "index_name AS name, column_name AS part",
    from: `information_schema.statistics WHERE ${inTable(table)}${more}`,
    order: "index_name, seq_in_index",
  };
}

type Selection = { readonly select: string; readonly from: string; readonly order: string };

async function readColumns(
  query: Query,
  { select, from, order }: Selection,
): Promise<readonly NamedColumns[]> {
  const rows = await query(`SELECT ${select} FROM ${from} ORDER BY ${order}`);
  const found = new Map<string, string[]>();
  for (const { name, part } of rows) {
    // An expression has no column name; it matches none.
    const columns = found.get(String(name)) ?? [];
    found.set(String(name), [...columns, typeof part === "string" ? part : ""]);
  }
  return [...found].map(([name, columns]) => ({ name, columns }));
}
