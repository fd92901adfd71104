/** Columns that refer to keys of which only the server knows whether they are signed. */
import { inTable } from "../in-table.ts";
import { literal } from "../literal.ts";
import type { Query } from "./catalog.ts";
import type { MysqlProcedureInputs, ReferenceSign } from "./procedure.ts";

/** Makes a table whose references fit the keys that are there. */
export async function createTable(
  query: Query,
  { sql, references }: MysqlProcedureInputs["create_table"],
): Promise<void> {
  await query(await matchReferences(query, sql, references));
}

/**
 * The statement with the sign that each referred column has: `bigint unsigned` where Slipway or Ecto made the key,
 * `bigint` where something else did. Both columns must be alike.
 * https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
 */
export async function matchReferences(
  query: Query,
  sql: string,
  references: readonly ReferenceSign[],
): Promise<string> {
  let matched = sql;
  for (const { table, column, assumed } of references) {
    const [row] = await query(
      `SELECT column_type AS type FROM information_schema.columns WHERE ${inTable(table)} AND column_name = ${literal(column)}`,
    );
    if (row === undefined) continue;
    const signed = assumed.replace(/ unsigned$/, "");
    const wanted = /\bunsigned\b/.test(String(row.type)) ? `${signed} unsigned` : signed;
    matched = matched.replace(assumed, () => wanted);
  }
  return matched;
}
