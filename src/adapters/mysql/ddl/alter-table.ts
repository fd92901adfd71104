/** The changes of an existing table. */
import type { Statement } from "../../../core/dialect.ts";
import { type Probe, probeOf } from "../../../core/probe.ts";
import type {
  Column,
  ColumnChange,
  ColumnTypeChange,
  DefaultValue,
  Named,
  OperationOf,
} from "../../../core/schema/operation.ts";
import { isFragment } from "../../../core/schema/operation.ts";
import { quotedText } from "../literal.ts";
import type { AlterPart, ColumnEdit } from "../procedures/procedure.ts";
import { noCascade, refuse, refuseOptions, refuseUnlessKnown } from "../refuse.ts";
import { type MysqlServer, since } from "../server.ts";
import { clauses, ifExists, ifNotExists, quote, quoteList } from "../sql-text.ts";
import { alterColumns } from "./alter-columns.ts";
import { columnType } from "./column-type.ts";
import {
  columnDefinition,
  defaultLiteral,
  defaultValue,
  refuseKeylessSerial,
  startClause,
} from "./columns.ts";
import { addConstraint, dropForeignKey } from "./constraints.ts";
import { referenceConstraint } from "./foreign-keys.ts";
import { referenceSigns } from "./reference-signs.ts";

type Modification = Extract<ColumnChange, { readonly kind: "modify_column" }>;

/** All changes are one statement; only a foreign key that stands in the way of another change goes before it. */
export function alterTable(
  op: OperationOf<"alter_table">,
  server: MysqlServer,
): readonly Statement[] {
  const { table, changes } = op;
  const added = changes.flatMap((change) => (change.kind === "add_column" ? [change.column] : []));
  const columns = changes.flatMap((change) => ("column" in change ? [change.column] : []));
  const keys = newKeys(changes);
  for (const column of added) refuseKeylessSerial(column, keys, []);
  const start = startClause(added);
  const parts: readonly AlterPart[] = [
    ...(changes.some(losesPrimaryKey) ? ["DROP PRIMARY KEY"] : []),
    ...changes.flatMap((change) => columnChange(change, table, server)),
    ...(keys.length === 0 ? [] : [`ADD PRIMARY KEY ${quoteList(keys)}`]),
    ...(start ? [start] : []),
  ];
  const inTheWay = changes.flatMap(foreignKeyInTheWay);
  const probe = probeOfChanges(op);
  return [
    ...inTheWay.map((name) => dropForeignKey(table, name)),
    ...alterColumns(table, parts, referenceSigns(columns, [], server)).map((statement) => ({
      ...statement,
      probe,
    })),
  ];
}

/** What can be seen of the ALTER; a foreign key, unlike the rest of a column, cannot be restated. */
function probeOfChanges(op: OperationOf<"alter_table">): Probe | undefined {
  const probe = probeOf(op);
  const added = op.changes.find(
    (change) => change.kind === "modify_column" && change.column.references !== undefined,
  );
  if (probe?.kind !== "repeatable" || added?.kind !== "modify_column") return probe;
  const part = added.column.references?.name;
  return { kind: "constraint", name: op.table, part, expect: "present" };
}

function columnChange(
  change: ColumnChange,
  table: Named,
  server: MysqlServer,
): readonly AlterPart[] {
  switch (change.kind) {
    case "add_column":
      return addColumn(change, server);
    case "modify_column":
      return modifyColumn(change, table, server);
    case "remove_column":
      return removeColumn(change, server);
    case "set_default":
      return [{ column: change.name, edit: { default: newDefault(change.default, server) } }];
    case "drop_default":
      return [{ column: change.name, edit: { default: "none" } }];
    case "set_not_null":
      return [{ column: change.name, edit: { null: false } }];
    case "drop_not_null":
      return [{ column: change.name, edit: { null: true } }];
    case "set_type":
      return [{ column: change.to.name, edit: typeEdit(change.to, server) }];
  }
}

function addColumn(
  change: Extract<ColumnChange, { readonly kind: "add_column" }>,
  server: MysqlServer,
): readonly AlterPart[] {
  const { column } = change;
  const { references, after } = column;
  if (change.ifNotExists)
    refuseExistence(`add the column ${column.name} if it is not there`, server);
  const add = clauses("ADD COLUMN", ifNotExists(change), columnDefinition(column, server));
  return [
    clauses(add, after !== undefined && `AFTER ${quote(after)}`),
    ...(references === undefined ? [] : [addReference(column, server)]),
  ];
}

function removeColumn(
  change: Extract<ColumnChange, { readonly kind: "remove_column" }>,
  server: MysqlServer,
): readonly AlterPart[] {
  const { name, was } = change;
  refuseOptions(change, `remove column ${name}`, { cascade: noCascade });
  if (change.ifExists) refuseExistence(`remove the column ${name} if it is there`, server);
  const reference = was?.references;
  return [
    // Over one column alone, the index that the server made for it goes with the column.
    ...(reference === undefined || reference.with !== undefined
      ? []
      : [`DROP FOREIGN KEY ${quote(reference.name)}`]),
    clauses("DROP COLUMN", ifExists(change), quote(name)),
  ];
}

function modifyColumn(
  { column }: Modification,
  table: Named,
  server: MysqlServer,
): readonly AlterPart[] {
  if (column.generated !== undefined) {
    refuse(
      `make the existing column ${column.name} a generated one`,
      `Remove it and add it again in m.alterTable("${table.name}", …), or write m.execute.`,
    );
  }
  const { default: value, comment, after, references } = column;
  const edit: ColumnEdit = {
    ...typeEdit(column, server),
    ...(column.null === undefined ? {} : { null: column.null }),
    ...(value === undefined ? {} : { default: restatedDefault(column, value, server) }),
    ...(comment === undefined ? {} : { comment: quotedText(comment, server) }),
    ...(after === undefined ? {} : { after }),
  };
  return [
    { column: column.name, edit },
    ...(references === undefined ? [] : [addReference(column, server)]),
  ];
}

function typeEdit(
  to: ColumnTypeChange & Pick<Column, "references">,
  server: MysqlServer,
): ColumnEdit {
  refuseOptions(to, `set the type of ${to.name}`, {
    using: "Leave it out, and convert the values with an UPDATE before or after.",
  });
  const { collation } = to;
  return { type: columnType(to, server), ...(collation === undefined ? {} : { collation }) };
}

/** ALTER COLUMN takes an expression in parentheses only; no default is the same as null, and a column may be not null. */
function newDefault(value: DefaultValue, server: MysqlServer): string {
  if (value === null) return "none";
  return isFragment(value) ? `(${value.sql})` : defaultLiteral(value, server);
}

function restatedDefault(column: Column, value: DefaultValue, server: MysqlServer): string {
  return value === null ? "none" : defaultValue(column, value, server);
}

function addReference(column: Column, server: MysqlServer): string {
  return addConstraint(referenceConstraint(column, column.references!), server);
}

/** The columns of the primary key that the changes ask for. */
function newKeys(changes: readonly ColumnChange[]): readonly string[] {
  return changes.flatMap((change) => {
    if (change.kind === "add_column") return change.column.primaryKey ? [change.column.name] : [];
    return change.kind === "modify_column" && becomesPrimaryKey(change) ? [change.column.name] : [];
  });
}

function becomesPrimaryKey({ column, was }: Modification): boolean {
  return column.primaryKey === true && was?.primaryKey !== true;
}

function losesPrimaryKey(change: ColumnChange): boolean {
  if (change.kind !== "modify_column") return false;
  return change.was?.primaryKey === true && change.column.primaryKey !== true;
}

/**
 * A foreign key goes before the ALTER when its column gets another type, or one of the same name is added:
 * neither server does that at once. One over several columns goes before too, together with its index.
 */
function foreignKeyInTheWay(change: ColumnChange): readonly string[] {
  if (change.kind === "modify_column") {
    return change.was?.references === undefined ? [] : [change.was.references.name];
  }
  if (change.kind !== "remove_column" || change.was?.references?.with === undefined) return [];
  return [change.was.references.name];
}

function refuseExistence(operation: string, server: MysqlServer): void {
  refuseUnlessKnown(server, since.ifExists, {
    operation,
    hint: "Leave ifExists and ifNotExists out.",
  });
}
