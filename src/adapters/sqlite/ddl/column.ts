/** Columns as they stand in CREATE TABLE and ADD COLUMN. https://www.sqlite.org/syntax/column-def.html */
import type { Column, DefaultValue } from "../../../core/language/table-parts.ts";
import { isFragment } from "../../../core/model/fragment.ts";
import { literal, quote } from "../quote.ts";
import { noComments, refuse, refuseOptions } from "../refuse.ts";
import { columnType, isSerial } from "./column-type.ts";
import { columnReference } from "./foreign-key.ts";

/** Whether the column is the table's primary key by itself, a part of it, or neither. */
export type KeyRole = "alone" | "part" | "none";

/**
 * A whole column. A composite foreign key is not in it: that is a table constraint.
 *
 * @throws {UnsupportedOperation}
 */
export function columnDefinition(column: Column, options: { readonly key: KeyRole }): string {
  refuseColumnOptions(column);
  const { references, collation, generated } = column;
  const words = [quote(column.name), columnType(column), ...keyWords(column, options.key)];
  if (column.default !== undefined) words.push(`DEFAULT ${defaultValue(column.default)}`);
  if (collation !== undefined) words.push(`COLLATE ${quote(collation)}`);
  if (generated !== undefined) words.push(`GENERATED ${generated}`);
  if (references !== undefined && references.with === undefined) {
    words.push(columnReference(references));
  }
  return words.join(" ");
}

/** A default: literals as they are, expressions in the parentheses that SQLite wants around them. */
export function defaultValue(value: DefaultValue): string {
  return isFragment(value) ? `(${value.sql})` : literal(value);
}

function keyWords(column: Column, key: KeyRole): readonly string[] {
  const { name, type } = column;
  const notNull = column.null === false ? ["NOT NULL"] : [];
  if (isSerial(type)) {
    if (key === "alone") return ["PRIMARY KEY AUTOINCREMENT"];
    refuse(
      `number the rows in column ${name}, which is not the only primary key`,
      "Make it the only primary key, or an integer.",
    );
  }
  if (key === "none") return notNull;
  if (key === "alone" && columnType(column) === "INTEGER") return ["PRIMARY KEY"];
  // Only SQLite lets a primary key be null. https://www.sqlite.org/quirks.html#primary_keys_can_sometimes_contain_nulls
  return key === "alone" ? ["NOT NULL PRIMARY KEY"] : ["NOT NULL"];
}

function refuseColumnOptions(column: Column): void {
  refuseOptions(column, `column ${column.name}`, {
    comment: noComments,
    after: "Leave it out: SQLite adds columns at the end.",
    fields: "Leave it out: a duration is text here.",
    startValue: "Leave it out, and insert a first row with that number.",
    increment: "Leave it out: SQLite counts by one.",
  });
  if (/\bIDENTITY\b/i.test(column.generated ?? "")) {
    refuse(`generate column ${column.name} as an identity`, 'Use the type "identity".');
  }
}
