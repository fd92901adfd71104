/** Values as PostgreSQL literals, safe to stand in SQL text whatever `standard_conforming_strings` says. */
import { UnsupportedOperation } from "../../core/language/dialect.ts";
import { isFragment } from "../../core/model/fragment.ts";

/**
 * A value as a literal. Objects become jsonb, arrays become arrays, bytes become bytea;
 * a `Date` is written in UTC and without a type, so that it fits `timestamp` and `timestamptz`.
 *
 * @throws {UnsupportedOperation} for what PostgreSQL cannot store
 */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (isFragment(value)) return value.sql;
  if (Array.isArray(value)) return arrayLiteral(value);
  if (value instanceof Date) return stringLiteral(isoTime(value));
  if (value instanceof Uint8Array) {
    return `${stringLiteral(`\\x${Buffer.from(value).toString("hex")}`)}::bytea`;
  }
  switch (typeof value) {
    case "string":
      return stringLiteral(value);
    case "number":
      return numberLiteral(value);
    case "bigint":
      return String(value);
    case "boolean":
      return value ? "TRUE" : "FALSE";
    case "object":
      return `${jsonLiteral(value)}::jsonb`;
    default:
      throw notAValue(typeof value);
  }
}

/** Text as a literal. With a backslash in it, the E form means the same under every setting. */
export function stringLiteral(text: string): string {
  if (text.includes("\0") || !text.isWellFormed()) {
    throw new UnsupportedOperation("store text with a NUL character or half of a surrogate pair", {
      hint: "Take that character out of the value.",
    });
  }
  const quoted = text.replaceAll("'", "''");
  return quoted.includes("\\") ? `E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`;
}

/** A value as JSON, without a type: it becomes what its column is. */
export function jsonLiteral(value: unknown): string {
  return stringLiteral(JSON.stringify(value));
}

/** An array in the text form, without a type: it becomes what its column is. */
export function arrayTextLiteral(values: readonly unknown[]): string {
  return stringLiteral(arrayText(values));
}

function arrayLiteral(values: readonly unknown[]): string {
  return values.length === 0 ? "'{}'" : `ARRAY[${values.map(literal).join(", ")}]`;
}

function arrayText(values: readonly unknown[]): string {
  return `{${values.map(arrayElement).join(",")}}`;
}

function arrayElement(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (Array.isArray(value)) return arrayText(value);
  return `"${elementText(value).replace(/["\\]/g, "\\$&")}"`;
}

function elementText(value: unknown): string {
  if (value instanceof Date) return isoTime(value);
  if (isFragment(value)) {
    throw new UnsupportedOperation("take raw SQL inside a list of values", {
      hint: "Write the whole list as SQL: sql`ARRAY[now()]`.",
    });
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function numberLiteral(value: number): string {
  return Number.isFinite(value) ? String(value) : `'${value}'::float8`;
}

function isoTime(value: Date): string {
  if (Number.isNaN(value.getTime())) throw notAValue("invalid date");
  return value.toISOString();
}

function notAValue(what: string): UnsupportedOperation {
  return new UnsupportedOperation(`write a value that is a ${what}`, {
    hint: "Give text, a number, a boolean, null, a list, an object or sql`…`.",
  });
}
