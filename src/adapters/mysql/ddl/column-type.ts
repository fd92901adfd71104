/** Portable column types in MySQL's words. */

import type { KnownColumnType } from "../../../core/language/column-type.ts";
import type { Column } from "../../../core/language/table-parts.ts";
import { inParentheses, refuseMisplaced, type TypePlaces, typePlaces } from "../../type-places.ts";
import { refuse } from "../refuse.ts";
import { knows, type MysqlServer, since } from "../server.ts";

/** The properties of a column on which its type depends. */
export type MysqlTypedColumn = Pick<
  Column,
  "name" | "type" | "size" | "precision" | "scale" | "fields" | "references"
>;

/**
 * The type of a column, without NOT NULL AUTO_INCREMENT. A `decimal` without precision is `decimal(10,0)` to MySQL.
 * A reference of type `bigint` is unsigned, as the keys are that `t.id()` makes; `referenceSigns` lists the signs to
 * look up.
 *
 * @throws {UnsupportedOperation} for arrays, durations, and a size or precision that would have no place
 */
export function columnType(column: MysqlTypedColumn, server: MysqlServer): string {
  const { type, size, precision, scale } = column;
  if (type.endsWith("[]")) return refuse(`store the list ${column.name}`, noLists);
  refuseMisplaced(column, places);
  switch (type as KnownColumnType) {
    case "string":
      return `varchar(${size ?? 255})`;
    case "binary":
      return size === undefined ? "blob" : `varbinary(${size})`;
    case "bigserial":
    case "identity":
      return "bigint unsigned";
    case "bigint":
      return column.references === undefined ? "bigint" : "bigint unsigned";
    // Signed, because what refers to it is an `integer`.
    case "serial":
    case "id":
    case "integer":
      return "int";
    case "float":
      return "double";
    case "map":
    case "json":
      return "json";
    case "decimal":
      return `decimal${inParentheses(precision, scale)}`;
    case "naive_datetime":
    case "utc_datetime":
      return "datetime";
    case "naive_datetime_usec":
    case "utc_datetime_usec":
      return `datetime(${precision ?? 6})`;
    case "time":
      return "time";
    case "time_usec":
      return `time(${precision ?? 6})`;
    case "uuid":
      return knows(server, since.uuid) ? "uuid" : "binary(16)";
    case "duration":
      return refuse(
        `store the duration ${column.name}`,
        'Use "bigint" for a number of microseconds, or "string".',
      );
    case "boolean":
    case "date":
    case "smallint":
      return type;
    case "text":
      break;
  }
  return type + (size === undefined ? inParentheses(precision, scale) : inParentheses(size));
}

/** Text and bytes have a length here. */
const places: TypePlaces = { ...typePlaces, binary: ["size"], text: ["size"] };

/** Whether a new column of this type counts by itself. */
export function isSerial(column: Pick<Column, "type" | "references">): boolean {
  return serialTypes.has(column.type) && column.references === undefined;
}

/** Whether the type takes its default only as an expression. https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html */
export function isLarge(type: string): boolean {
  return /^(map|binary)$|^(tiny|medium|long)?(text|blob)\b|^(json|geometry)\b/i.test(type);
}

const serialTypes: ReadonlySet<string> = new Set(["bigserial", "serial", "identity"]);
const noLists = 'Use a column of type "json", or a separate table.';
