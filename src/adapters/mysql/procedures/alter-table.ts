/** ALTER TABLE with columns whose definition is restated. */
import { clauses, quote, quoteNamed } from "../sql-text.ts";
import type { Query } from "./catalog.ts";
import { readColumn, restateColumn } from "./column-text.ts";
import { matchReferences } from "./match-references.ts";
import type { AlterPart, MysqlProcedureInputs } from "./procedure.ts";

/** Reads the definitions that are there, and sends one ALTER TABLE. */
export async function alterTable(
  query: Query,
  { table, parts, references }: MysqlProcedureInputs["alter_table"],
): Promise<void> {
  const [row] = await query(`SHOW CREATE TABLE ${quoteNamed(table)}`);
  const createTable = String(row?.["Create Table"]);
  const spelled = parts.map((part) => spell(part, createTable, table.name));
  const sql = `ALTER TABLE ${quoteNamed(table)} ${spelled.join(", ")}`;
  await query(await matchReferences(query, sql, references));
}

function spell(part: AlterPart, createTable: string, table: string): string {
  if (typeof part === "string") return part;
  const { column, edit } = part;
  const definition = readColumn(createTable, column);
  if (definition === undefined) throw new Error(`table ${table} has no column ${column}`);
  return clauses("MODIFY COLUMN", quote(column), restateColumn(definition, edit));
}
