/** Tables and their columns as the lines of a migration that record them. */
import type { Operation } from "../../core/language/operation.ts";
import type { Column, ColumnChange, Constraint } from "../../core/language/table-parts.ts";
import type { Named } from "../../core/model/named.ts";
import { call } from "./code.ts";

type Definition = Extract<Operation, { readonly kind: "create_table" }>["definition"];

/** The lines inside `m.createTable`. */
export function tableLines({ columns, constraints }: Definition, indent = "  "): string {
  return [
    ...columns.map((column) => `${indent}${columnCall("t.column", column, indent)}`),
    ...constraints.map((constraint) => `${indent}${insideCall(constraint, indent)}`),
  ].join("\n");
}

/** A constraint of a new table. */
function insideCall(constraint: Constraint, indent: string): string {
  const { name } = constraint;
  switch (constraint.kind) {
    case "check":
      return call("t.check", [name, constraint.expression], indent);
    case "unique":
      return call("t.unique", [name, constraint.columns], indent);
    case "primary_key":
      return call("t.primaryKey", [constraint.columns, { name }], indent);
    case "foreign_key":
      return call("t.foreignKey", [name, foreignKey(constraint)], indent);
    case "exclude":
      throw new Error(`nothing writes ${constraint.kind} inside`);
  }
}

function columnCall(method: "t.column" | "t.add", column: Column, indent: string): string {
  const { name, type, references, ...options } = column;
  if (references === undefined) return call(method, [name, type, columnOptions(options)], indent);
  const { table, column: referred, name: constraint, ...how } = references;
  const given = {
    ...{ type, column: referred, name: constraint, ...how, ...columnOptions(options) },
  };
  return call("t.references", [name, table.name, given], indent);
}

function columnOptions({ primaryKey, null: mayBeNull, ...rest }: Omit<Column, "name" | "type">) {
  return { primaryKey, null: mayBeNull, ...rest };
}

/** A line inside of `m.alterTable`. */
export function changeCode(change: ColumnChange): string {
  switch (change.kind) {
    case "add_column":
      return columnCall("t.add", change.column, "  ");
    case "remove_column": {
      const was = specOf(change.was ?? { name: "", type: "" });
      const { type, ...more } = was;
      return call(
        "t.remove",
        [change.name, { was: Object.keys(more).length === 0 ? type : was }],
        "  ",
      );
    }
    case "set_default":
      return call("t.setDefault", [change.name, change.default, { was: change.was }], "  ");
    case "drop_default":
      return call("t.dropDefault", [change.name, { was: change.was }], "  ");
    case "set_not_null":
      return call("t.setNotNull", [change.name]);
    case "drop_not_null":
      return call("t.dropNotNull", [change.name]);
    case "set_type": {
      const { name, type, ...options } = change.to;
      const { name: _, ...was } = change.was ?? change.to;
      const before = Object.keys(was).length === 1 ? was.type : was;
      return call("t.setType", [name, type, { ...options, was: before }], "  ");
    }
    case "modify_column":
      throw new Error("nothing writes modify_column");
  }
}

/** A column as `was` describes it. */
function specOf({ name: _, references, ...rest }: Column) {
  if (references === undefined) return rest;
  return { ...rest, references: { ...references, table: references.table.name } };
}

/** The options of a foreign key; the schema only where it is another than that of the table. */
export function foreignKey(
  constraint: Extract<Constraint, { kind: "foreign_key" }>,
  table?: Named,
) {
  const { columns, references, onDelete, onUpdate, match } = constraint;
  const others = references.columns.join() === "id" ? undefined : references.columns;
  const isHere = references.table.prefix === (table?.prefix ?? "public");
  return {
    columns,
    table: references.table.name,
    references: others,
    prefix: isHere ? undefined : references.table.prefix,
    ...{ onDelete, onUpdate, match },
  };
}
