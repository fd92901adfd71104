/** The parts that one change adds to the ALTER TABLE of its table. */

import { referenceConstraint } from "../../../core/language/reference-constraint.ts";
import type {
  Column,
  ColumnChange,
  ColumnTypeChange,
  DefaultValue,
} from "../../../core/language/table-parts.ts";
import { isFragment } from "../../../core/model/fragment.ts";
import type { Named } from "../../../core/model/named.ts";
import { quotedText } from "../literal.ts";
import type { AlterPart, ColumnEdit } from "../procedures/procedure.ts";
import { noCascade, refuse, refuseOptions, refuseUnlessKnown } from "../refuse.ts";
import { type MysqlServer, since } from "../server.ts";
import { clauses, ifExists, ifNotExists, quote } from "../sql-text.ts";
import { columnType } from "./column-type.ts";
import { columnDefinition, defaultLiteral, defaultValue, refuseCounting } from "./columns.ts";
import { addConstraint } from "./constraints.ts";

type Change<Kind extends ColumnChange["kind"]> = Extract<ColumnChange, { readonly kind: Kind }>;

/**
 * The parts of the ALTER TABLE for one change. An existing column gives only the parts that change.
 */
export function columnChange(
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
      return [{ column: change.name, edit: { default: newDefault(change, server) } }];
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

function addColumn(change: Change<"add_column">, server: MysqlServer): readonly AlterPart[] {
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

function removeColumn(change: Change<"remove_column">, server: MysqlServer): readonly AlterPart[] {
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
  { column }: Change<"modify_column">,
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
  refuseCounting(column);
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
function newDefault(change: Change<"set_default">, server: MysqlServer): string {
  const { name, default: value, type } = change;
  if (value === null) return "none";
  if (isFragment(value)) return `(${value.sql})`;
  return type === undefined
    ? defaultLiteral(value, server)
    : defaultValue({ name, type }, value, server);
}

function restatedDefault(column: Column, value: DefaultValue, server: MysqlServer): string {
  return value === null ? "none" : defaultValue(column, value, server);
}

function addReference(column: Column, server: MysqlServer): string {
  return addConstraint(referenceConstraint(column, column.references!), server);
}

function refuseExistence(operation: string, server: MysqlServer): void {
  refuseUnlessKnown(server, since.ifExists, {
    operation,
    hint: "Leave ifExists and ifNotExists out.",
  });
}
