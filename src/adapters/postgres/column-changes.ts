/** The parts of an ALTER TABLE. */
import { UnsupportedOperation } from "../../core/language/dialect.ts";
import { referenceConstraint } from "../../core/language/reference-constraint.ts";
import type {
  Column,
  ColumnChange,
  ColumnTypeChange,
  DefaultValue,
} from "../../core/language/table-parts.ts";
import type { Named } from "../../core/model/named.ts";
import { storedType } from "./column-type.ts";
import { columnDefinition, defaultLiteral, refuseColumnOptions } from "./columns.ts";
import { addConstraint } from "./constraints.ts";
import { isInline } from "./foreign-keys.ts";
import { clauses, quote, quoteList } from "./sql-text.ts";

type Modification = Extract<ColumnChange, { readonly kind: "modify_column" }>;
type DefaultChange = Extract<ColumnChange, { readonly kind: "set_default" }>;

/** The parts that one change adds to the ALTER TABLE of its table. */
export function columnChange(change: ColumnChange, table: Named): readonly string[] {
  switch (change.kind) {
    case "add_column":
      return addColumn(change.column, change.ifNotExists);
    case "modify_column":
      return modifyColumn(change, table);
    case "remove_column": {
      const ifExists = change.ifExists && "IF EXISTS";
      return [clauses("DROP COLUMN", ifExists, quote(change.name), change.cascade && "CASCADE")];
    }
    case "set_default":
      return [setDefault(change)];
    case "drop_default":
      return [alter(change.name, "DROP DEFAULT")];
    case "set_not_null":
      return [alter(change.name, "SET NOT NULL")];
    case "drop_not_null":
      return [alter(change.name, "DROP NOT NULL")];
    case "set_type":
      return [setType(change.to)];
  }
}

/** The primary key that the changes ask for, over all of its columns. */
export function addedPrimaryKey(changes: readonly ColumnChange[]): readonly string[] {
  const columns = changes.flatMap((change) => {
    if (change.kind === "add_column") return change.column.primaryKey ? [change.column.name] : [];
    return change.kind === "modify_column" && becomesPrimaryKey(change) ? [change.column.name] : [];
  });
  return columns.length === 0 ? [] : [`ADD PRIMARY KEY ${quoteList(columns)}`];
}

function addColumn(column: Column, ifNotExists: boolean | undefined): readonly string[] {
  const { references } = column;
  const add = clauses(
    "ADD COLUMN",
    ifNotExists && "IF NOT EXISTS",
    columnDefinition(column, "existing table"),
  );
  if (references === undefined || isInline(references, "existing table")) return [add];
  return [add, addConstraint(referenceConstraint(column, references))];
}

/** Drops first the parts that the type change would stumble over, and adds last the parts that need the new type. */
function modifyColumn(change: Modification, table: Named): readonly string[] {
  const { column, was } = change;
  if (column.generated !== undefined) throw notGenerated(column, table);
  refuseColumnOptions(column);
  const { references } = column;
  return [
    ...(was?.references === undefined ? [] : [`DROP CONSTRAINT ${quote(was.references.name)}`]),
    ...(losesPrimaryKey(change) ? [`DROP CONSTRAINT ${quote(`${table.name}_pkey`)}`] : []),
    setType(column),
    ...(column.null === undefined
      ? []
      : [alter(column.name, `${column.null ? "DROP" : "SET"} NOT NULL`)]),
    ...(column.default === undefined ? [] : [alterDefault(column.name, column.default, column)]),
    ...(references === undefined ? [] : [addConstraint(referenceConstraint(column, references))]),
  ];
}

/** A list alone could be an array or JSON, and `[]` would be taken for the wrong one without an error. */
function setDefault(change: DefaultChange): string {
  const { name, default: value, type } = change;
  if (type === undefined && Array.isArray(value)) {
    throw new UnsupportedOperation(
      `tell whether the default of column ${name} is an array or JSON`,
      {
        hint: `Give the column's type: t.setDefault("${name}", […], { type: "map" }) or { type: "string[]" }.`,
      },
    );
  }
  return alterDefault(name, value, type === undefined ? undefined : { type });
}

/** To be null by default is to have no default; `SET DEFAULT NULL` would leave one of a varchar in the catalog. */
function alterDefault(name: string, value: DefaultValue, column?: Pick<Column, "type">): string {
  if (value === null) return alter(name, "DROP DEFAULT");
  return alter(name, `SET DEFAULT ${defaultLiteral(value, column)}`);
}

function becomesPrimaryKey({ column, was }: Modification): boolean {
  return column.primaryKey === true && was?.primaryKey !== true;
}

function losesPrimaryKey({ column, was }: Modification): boolean {
  return was?.primaryKey === true && column.primaryKey !== true;
}

function setType(to: ColumnTypeChange): string {
  return alter(
    to.name,
    clauses(
      `TYPE ${storedType(to)}`,
      to.collation !== undefined && `COLLATE ${quote(to.collation)}`,
      to.using !== undefined && `USING ${to.using}`,
    ),
  );
}

function alter(column: string, change: string): string {
  return `ALTER COLUMN ${quote(column)} ${change}`;
}

function notGenerated(column: Column, table: Named): UnsupportedOperation {
  return new UnsupportedOperation(`make the existing column ${column.name} a generated one`, {
    hint: `Remove it and add it again in m.alterTable("${table.name}", …), or write m.execute.`,
  });
}
