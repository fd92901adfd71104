/** Tables: making, renaming and dropping them, and their comments. */

import type { OperationOf, TableDefinition } from "../../../core/language/operation.ts";
import { referenceConstraint } from "../../../core/language/reference-constraint.ts";
import type { Column } from "../../../core/language/table-parts.ts";
import type { Named } from "../../../core/model/named.ts";
import type { Statement } from "../../../core/model/statement.ts";
import { quotedText } from "../literal.ts";
import { noCascade, refuse, refuseOptions, refuseUnlessKnown } from "../refuse.ts";
import { type MysqlServer, since } from "../server.ts";
import { clauses, ifExists, ifNotExists, quote, quoteList, quoteNamed } from "../sql-text.ts";
import { locking, plain, procedure } from "../statement.ts";
import { alterColumns } from "./alter-columns.ts";
import { columnDefinition, refuseKeylessSerial, startClause } from "./columns.ts";
import { constraintDefinition } from "./constraints.ts";
import { referenceSigns } from "./reference-signs.ts";

/** Makes a table, with all of its comments in the same statement. */
export function createTable(
  op: OperationOf<"create_table">,
  server: MysqlServer,
): readonly Statement[] {
  const { table } = op;
  const definition = { ...op.definition, columns: likeOwnKeys(table, op.definition.columns) };
  const { columns, comment, engine = "INNODB", options } = definition;
  refuseWhatNoTableIs(table, definition);
  // A foreign key takes a lock on the table that it refers to, which writers there wait for.
  const create = refersToOthers(definition) ? locking : plain;
  const statement = create(
    clauses("CREATE", definition.modifiers, "TABLE", ifNotExists(op)),
    quoteNamed(table),
    `(${tableParts(definition, server).join(", ")})`,
    `ENGINE = ${engine}`,
    startClause(columns),
    comment !== undefined && `COMMENT = ${quotedText(comment, server)}`,
    options,
  );
  const references = referenceSigns(columns, definition.constraints, server);
  if (references.length === 0) return [statement];
  const { sql, policy } = statement;
  return [procedure(sql, { name: "create_table", input: { sql, references } }, policy.kind)];
}

/** Drops a table. */
export function dropTable(op: OperationOf<"drop_table">): readonly Statement[] {
  // The server takes the word CASCADE, and ignores it.
  refuseOptions(op, `drop table ${op.table.name}`, { cascade: noCascade });
  return [locking("DROP TABLE", ifExists(op), quoteNamed(op.table))];
}

/** Gives a table another name in its database. */
export function renameTable(op: OperationOf<"rename_table">): readonly Statement[] {
  const to = quoteNamed({ ...op.table, name: op.to });
  return [locking("ALTER TABLE", quoteNamed(op.table), `RENAME TO ${to}`)];
}

/** Gives a column another name. */
export function renameColumn(
  op: OperationOf<"rename_column">,
  server: MysqlServer,
): readonly Statement[] {
  refuseUnlessKnown(server, since.renameColumn, {
    operation: `rename the column ${op.column}`,
    hint: "Write m.execute with CHANGE COLUMN and the whole definition.",
  });
  const rename = `RENAME COLUMN ${quote(op.column)} TO ${quote(op.to)}`;
  return [locking("ALTER TABLE", quoteNamed(op.table), rename)];
}

/** Sets or removes the comment of a table or a column. */
export function comment(op: OperationOf<"comment">, server: MysqlServer): readonly Statement[] {
  const text = quotedText(op.comment ?? "", server);
  if (op.column === undefined)
    return [locking("ALTER TABLE", quoteNamed(op.table), `COMMENT = ${text}`)];
  return alterColumns(op.table, [{ column: op.column, edit: { comment: text } }]);
}

function tableParts(definition: TableDefinition, server: MysqlServer): readonly string[] {
  const { columns, constraints } = definition;
  const keys = columns.filter((column) => column.primaryKey).map((column) => column.name);
  for (const column of columns) refuseKeylessSerial(column, keys, constraints);
  const references = columns.flatMap((column) =>
    column.references === undefined ? [] : [referenceConstraint(column, column.references)],
  );
  return [
    ...columns.map((column) => columnDefinition(column, server)),
    ...(keys.length === 0 ? [] : [`PRIMARY KEY ${quoteList(keys)}`]),
    ...[...references, ...constraints].map((constraint) =>
      constraintDefinition(constraint, server),
    ),
  ];
}

/** A table that refers to itself is not there yet to be asked whether its key is signed. */
function likeOwnKeys(table: Named, columns: readonly Column[]): readonly Column[] {
  return columns.map((column) => {
    const { references, type } = column;
    if (type !== "bigint" || references === undefined) return column;
    if (quoteNamed(references.table) !== quoteNamed(table)) return column;
    const key = columns.find(({ name }) => name === references.column);
    return key?.type === "bigint" ? { ...column, type: "bigint signed" } : column;
  });
}

function refuseWhatNoTableIs({ name }: Named, { columns, modifiers }: TableDefinition): void {
  if (columns.length === 0) {
    refuse(`create the table ${name} without columns`, "Give it a column, for example t.id().");
  }
  if (modifiers !== undefined && /\bunlogged\b/i.test(modifiers)) {
    refuse(`create the unlogged table ${name}`, "Leave modifiers out.");
  }
  const placed = columns.find((column) => column.after !== undefined);
  if (placed !== undefined) refusePlace(placed);
}

function refusePlace({ name, after }: Column): never {
  return refuse(
    `put the column ${name} of a new table after ${after}`,
    "Leave after out, and write the columns in their order.",
  );
}

function refersToOthers({ columns, constraints }: TableDefinition): boolean {
  return (
    columns.some((column) => column.references !== undefined) ||
    constraints.some((constraint) => constraint.kind === "foreign_key")
  );
}
