/** Portable column types in PostgreSQL's words. */

import type { KnownColumnType } from "../../core/language/column-type.ts";
import type { Column } from "../../core/language/table-parts.ts";
import { inParentheses, refuseMisplaced, typePlaces } from "../type-places.ts";

/** The properties of a column on which its type depends. */
export type PostgresTypedColumn = Pick<
  Column,
  "name" | "type" | "size" | "precision" | "scale" | "fields"
>;

/**
 * The type of a column as PostgreSQL spells it.
 *
 * @throws {UnsupportedOperation} for a size or precision that would have no place
 */
export function columnType(column: PostgresTypedColumn): string {
  const { type, size, precision, scale } = column;
  if (type.endsWith("[]")) return `${columnType({ ...column, type: type.slice(0, -2) })}[]`;
  refuseMisplaced(column, typePlaces);
  switch (type as KnownColumnType) {
    case "string":
      return `varchar(${size ?? 255})`;
    case "binary":
      return "bytea";
    case "id":
      return "integer";
    case "identity":
      return "bigint";
    case "float":
      return "double precision";
    case "map":
      return "jsonb";
    case "decimal":
      return `numeric${inParentheses(precision, scale)}`;
    case "naive_datetime":
    case "utc_datetime":
      return "timestamp(0)";
    case "naive_datetime_usec":
    case "utc_datetime_usec":
      return `timestamp${inParentheses(precision)}`;
    case "time":
      return "time(0)";
    case "time_usec":
      return `time${inParentheses(precision)}`;
    case "duration":
      return `interval${column.fields ? ` ${column.fields}` : ""}${inParentheses(precision)}`;
    case "bigint":
    case "bigserial":
    case "boolean":
    case "date":
    case "integer":
    case "json":
    case "serial":
    case "smallint":
    case "text":
    case "uuid":
      return type;
  }
  return type + (size === undefined ? inParentheses(precision, scale) : inParentheses(size));
}

/** The type of a column that holds the same values as the given type: `serial` is a type of new columns only. */
export function storedType(column: PostgresTypedColumn): string {
  if (column.type === "bigserial") return "bigint";
  if (column.type === "serial") return "integer";
  return columnType(column);
}
