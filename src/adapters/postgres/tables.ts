/** Tables: making, changing, renaming and dropping them. */

import type { OperationOf, TableDefinition } from "../../core/language/operation.ts";
import { referenceConstraint } from "../../core/language/reference-constraint.ts";
import type { Column, Constraint } from "../../core/language/table-parts.ts";
import type { Named } from "../../core/model/named.ts";
import type { Statement } from "../../core/model/statement.ts";
import { refuseOptions } from "../refuse-options.ts";
import { addedPrimaryKey, columnChange } from "./column-changes.ts";
import { columnDefinition } from "./columns.ts";
import { constraintComments, constraintDefinition } from "./constraints.ts";
import { isInline } from "./foreign-keys.ts";
import { stringLiteral } from "./literal.ts";
import { clauses, quote, quoteList, quoteNamed } from "./sql-text.ts";
import { locking, plain } from "./statement.ts";

/** Makes a table, with the comments of it, its columns and its constraints. */
export function createTable(op: OperationOf<"create_table">): readonly Statement[] {
  const { table, definition, ifNotExists } = op;
  refuseOptions(definition, `table ${table.name}`, {
    engine: "Leave it out: only MySQL has engines.",
  });
  const create = clauses("CREATE", definition.modifiers, "TABLE", ifNotExists && "IF NOT EXISTS");
  // A foreign key takes a lock on the table that it refers to, which writers there wait for.
  const statement = refersToOthers(definition) ? locking : plain;
  const { columns, constraints, comment, options } = definition;
  const again = constraints.filter((one, i) => isSaidTwice(one, constraints.slice(0, i)));
  const parts = tableParts({
    ...definition,
    constraints: constraints.filter((one) => !again.includes(one)),
  });
  return [
    statement(create, quoteNamed(table), `(${parts.join(", ")})`, options),
    ...again.map((one) =>
      locking("ALTER TABLE", quoteNamed(table), `ADD ${constraintDefinition(one)}`),
    ),
    ...(comment === undefined ? [] : [commentOn(`TABLE ${quoteNamed(table)}`, comment)]),
    ...columnComments(table, columns),
    ...constraintComments(table, constraints),
  ];
}

/**
 * CREATE TABLE makes one constraint of two that are unique over the same, and forgets the second name; ALTER TABLE makes
 * both. https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/parser/parse_utilcmd.c (transformIndexConstraints)
 */
function isSaidTwice(constraint: Constraint, before: readonly Constraint[]): boolean {
  if (constraint.kind !== "unique") return false;
  const meaning = (one: Constraint) =>
    JSON.stringify({ ...one, name: undefined, comment: undefined });
  return before.some((one) => meaning(one) === meaning(constraint));
}

/** Drops a table. */
export function dropTable(op: OperationOf<"drop_table">): readonly Statement[] {
  const ifExists = op.ifExists && "IF EXISTS";
  return [locking("DROP TABLE", ifExists, quoteNamed(op.table), op.cascade && "CASCADE")];
}

/** All changes are one statement, so that the table is locked, and rewritten, once. */
export function alterTable(op: OperationOf<"alter_table">): readonly Statement[] {
  const { table, changes } = op;
  const parts = [
    ...changes.flatMap((change) => columnChange(change, table)),
    ...addedPrimaryKey(changes),
  ];
  if (parts.length === 0) return [];
  const columns = changes.flatMap((change) => ("column" in change ? [change.column] : []));
  return [
    locking("ALTER TABLE", quoteNamed(table), parts.join(", ")),
    ...columnComments(table, columns),
  ];
}

/** Gives a table another name in its schema. */
export function renameTable(op: OperationOf<"rename_table">): readonly Statement[] {
  return [locking("ALTER TABLE", quoteNamed(op.table), `RENAME TO ${quote(op.to)}`)];
}

/** Gives a column another name. */
export function renameColumn(op: OperationOf<"rename_column">): readonly Statement[] {
  const rename = `RENAME COLUMN ${quote(op.column)} TO ${quote(op.to)}`;
  return [locking("ALTER TABLE", quoteNamed(op.table), rename)];
}

/** Sets or removes the comment of a table or a column. */
export function comment(op: OperationOf<"comment">): readonly Statement[] {
  const table = quoteNamed(op.table);
  const target = op.column === undefined ? `TABLE ${table}` : columnTarget(op.table, op.column);
  return [commentOn(target, op.comment)];
}

function tableParts({ columns, constraints }: TableDefinition): readonly string[] {
  const keys = columns.filter((column) => column.primaryKey).map((column) => column.name);
  return [
    ...columns.map((column) => columnDefinition(column, "new table")),
    ...(keys.length === 0 ? [] : [`PRIMARY KEY ${quoteList(keys)}`]),
    ...columns.flatMap((column) => {
      const { references } = column;
      if (references === undefined || isInline(references, "new table")) return [];
      return [constraintDefinition(referenceConstraint(column, references))];
    }),
    ...constraints.map(constraintDefinition),
  ];
}

function refersToOthers({ columns, constraints }: TableDefinition): boolean {
  return (
    columns.some((column) => column.references !== undefined) ||
    constraints.some((constraint) => constraint.kind === "foreign_key")
  );
}

function columnComments(table: Named, columns: readonly Column[]): readonly Statement[] {
  return columns.flatMap((column) =>
    column.comment === undefined
      ? []
      : [commentOn(columnTarget(table, column.name), column.comment)],
  );
}

function columnTarget(table: Named, column: string): string {
  return `COLUMN ${quoteNamed(table)}.${quote(column)}`;
}

function commentOn(target: string, text: string | null): Statement {
  return plain("COMMENT ON", target, "IS", text === null ? "NULL" : stringLiteral(text));
}
