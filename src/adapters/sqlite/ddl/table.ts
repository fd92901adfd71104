/** Tables as a whole. https://www.sqlite.org/lang_createtable.html */

import type { OperationOf, TableDefinition } from "../../../core/language/operation.ts";
import type { Column } from "../../../core/language/table-parts.ts";
import type { Statement } from "../../../core/model/statement.ts";
import { quote, quoteNamed } from "../quote.ts";
import { noCascade, noComments, refuse, refuseOptions } from "../refuse.ts";
import { plain } from "../statement.ts";
import { columnDefinition, type KeyRole } from "./column.ts";
import { tableConstraint } from "./constraint.ts";
import { compositeReference } from "./foreign-key.ts";

/** @throws {UnsupportedOperation} */
export function createTable(op: OperationOf<"create_table">): readonly Statement[] {
  const { table, definition } = op;
  refuseOptions(definition, `table ${table.name}`, {
    comment: noComments,
    engine: "Leave it out: only MySQL has engines.",
  });
  const parts = tableParts(definition);
  const head = ["CREATE", ...modifiers(op), "TABLE", ...(op.ifNotExists ? ["IF NOT EXISTS"] : [])];
  const options = definition.options === undefined ? "" : ` ${definition.options}`;
  return [plain(`${head.join(" ")} ${quoteNamed(table)} (${parts.join(", ")})${options}`)];
}

/**
 * A drop that other tables' foreign keys stop: SQLite itself would carry out their ON DELETE actions and so
 * delete rows of the others, or leave keys that refer to nothing.
 * https://www.sqlite.org/foreignkeys.html#fk_schemacommands
 *
 * @throws {UnsupportedOperation}
 */
export function dropTable(op: OperationOf<"drop_table">): readonly Statement[] {
  refuseOptions(op, `drop table ${op.table.name}`, { cascade: noCascade });
  const sql = `DROP TABLE ${op.ifExists ? "IF EXISTS " : ""}${quoteNamed(op.table)}`;
  const input = { table: op.table.name, ifExists: op.ifExists === true };
  return [{ ...plain(sql), procedure: { name: "drop_table", input } }];
}

/** @throws {UnsupportedOperation} */
export function renameTable(op: OperationOf<"rename_table">): readonly Statement[] {
  return [plain(`ALTER TABLE ${quoteNamed(op.table)} RENAME TO ${quote(op.to)}`)];
}

/** @throws {UnsupportedOperation} */
export function renameColumn(op: OperationOf<"rename_column">): readonly Statement[] {
  const table = quoteNamed(op.table);
  return [plain(`ALTER TABLE ${table} RENAME COLUMN ${quote(op.column)} TO ${quote(op.to)}`)];
}

function tableParts(definition: TableDefinition): readonly string[] {
  const { columns, constraints } = definition;
  const keys = columns.filter((column) => column.primaryKey);
  const role = (column: Column): KeyRole =>
    !column.primaryKey ? "none" : keys.length === 1 ? "alone" : "part";
  const key =
    keys.length > 1 ? [`PRIMARY KEY (${keys.map(({ name }) => quote(name)).join(", ")})`] : [];
  return [
    ...columns.map((column) => columnDefinition(column, { key: role(column) })),
    ...key,
    ...columns.flatMap(compositeKeys),
    ...constraints.map(tableConstraint),
  ];
}

function compositeKeys({ name, references }: Column): readonly string[] {
  return references?.with === undefined ? [] : [compositeReference(name, references)];
}

function modifiers(op: OperationOf<"create_table">): readonly string[] {
  const { modifiers: given } = op.definition;
  if (given === undefined) return [];
  if (/^temp(orary)?$/i.test(given)) return ["TEMPORARY"];
  refuse(`create the ${given} table ${op.table.name}`, "Leave modifiers out.");
}
