/**
 * The portable types as SQLite types. SQLite reads an affinity out of the name and nothing else
 * (https://www.sqlite.org/datatype3.html#determination_of_column_affinity), so the names are those that
 * give the right one, and where there is a choice those that a STRICT table takes too.
 * A boolean is INTEGER: its values are 1 and 0, and `BOOLEAN` would be of NUMERIC affinity.
 * Dates, times, UUIDs, JSON and arrays (as JSON) are TEXT, which sorts and compares dates rightly.
 */

import type { KnownColumnType } from "../../../core/language/column-type.ts";
import type { Column, ColumnTypeChange } from "../../../core/language/table-parts.ts";
import { refuse } from "../refuse.ts";

const typeNames: { readonly [Type in KnownColumnType]: string } = {
  bigint: "INTEGER",
  bigserial: "INTEGER",
  binary: "BLOB",
  boolean: "INTEGER",
  date: "TEXT",
  decimal: "DECIMAL",
  duration: "TEXT",
  float: "REAL",
  id: "INTEGER",
  identity: "INTEGER",
  integer: "INTEGER",
  json: "TEXT",
  map: "TEXT",
  naive_datetime: "TEXT",
  naive_datetime_usec: "TEXT",
  serial: "INTEGER",
  smallint: "INTEGER",
  string: "TEXT",
  text: "TEXT",
  time: "TEXT",
  time_usec: "TEXT",
  utc_datetime: "TEXT",
  utc_datetime_usec: "TEXT",
  uuid: "TEXT",
};

type Typed = Pick<Column, "name" | "type" | "size" | "precision" | "scale"> | ColumnTypeChange;

/**
 * The type of a column. A size is written down, but SQLite never enforces one.
 *
 * @throws {UnsupportedOperation} for a size or precision that would have no place
 */
export function columnType(column: Typed): string {
  const { type, size, precision, scale } = column;
  if (type.endsWith("[]")) return withoutSize(column, "TEXT");
  if (!isKnown(type)) return withArguments(type, size === undefined ? [precision, scale] : [size]);
  switch (type) {
    case "string":
      return withArguments(size === undefined ? "TEXT" : "VARCHAR", [size]);
    case "text":
    case "binary":
      return withArguments(typeNames[type], [size]);
    case "decimal":
      return withArguments(typeNames[type], [precision, scale]);
    default:
      return withoutSize(column, typeNames[type]);
  }
}

/** Whether the type numbers its rows by itself. */
export function isSerial(type: string): boolean {
  return type === "bigserial" || type === "serial" || type === "identity";
}

function isKnown(type: string): type is KnownColumnType {
  return Object.hasOwn(typeNames, type);
}

function withArguments(name: string, given: readonly (number | undefined)[]): string {
  const known = given.filter((argument) => argument !== undefined);
  return known.length === 0 ? name : `${name}(${known.join(", ")})`;
}

function withoutSize(column: Typed, name: string): string {
  const { size, precision } = column;
  if (size === undefined && precision === undefined) return name;
  const option = size === undefined ? "precision" : "size";
  refuse(
    `use the option ${option} of column ${column.name}`,
    `Leave it out: ${column.type} is ${name} here.`,
  );
}
