/** Portable column types in PostgreSQL's words. */
import type { KnownColumnType } from "../../core/language/column-type.ts";
import type { Column } from "../../core/language/table-parts.ts";
import { refuseOptions } from "../refuse-options.ts";

/** What of a column its type depends on. */
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
  refuseMisplaced(column);
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

const typeOptions = ["size", "precision", "scale", "fields"] as const;

/** What each portable type has a place for. */
const places: { readonly [Type in KnownColumnType]: readonly (keyof PostgresTypedColumn)[] } = {
  bigint: [],
  bigserial: [],
  binary: [],
  boolean: [],
  date: [],
  decimal: ["precision", "scale"],
  duration: ["fields", "precision"],
  float: [],
  id: [],
  identity: [],
  integer: [],
  json: [],
  map: [],
  naive_datetime: [],
  naive_datetime_usec: ["precision"],
  serial: [],
  smallint: [],
  string: ["size"],
  text: [],
  time: [],
  time_usec: ["precision"],
  utc_datetime: [],
  utc_datetime_usec: ["precision"],
  uuid: [],
};

function refuseMisplaced(column: PostgresTypedColumn): void {
  const { name, type } = column;
  const taken = Object.hasOwn(places, type)
    ? places[type as KnownColumnType]
    : (["size", "precision", "scale"] as const);
  const left = typeOptions.filter((option) => !taken.includes(option));
  const hint = `Leave it out: the type ${type} has none.`;
  refuseOptions(column, `column ${name}`, Object.fromEntries(left.map((option) => [option, hint])));
}

/** The type of a column that holds what the given type counts: `serial` is a type of new columns only. */
export function storedType(column: PostgresTypedColumn): string {
  if (column.type === "bigserial") return "bigint";
  if (column.type === "serial") return "integer";
  return columnType(column);
}

function inParentheses(first: number | undefined, second?: number | undefined): string {
  if (first === undefined) return "";
  return second === undefined ? `(${first})` : `(${first},${second})`;
}
