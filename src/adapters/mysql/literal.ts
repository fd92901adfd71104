/** Values as MySQL literals. */
import { isFragment } from "../../core/model/fragment.ts";
import { refuse } from "./refuse.ts";
import { backslashEscapes, type MysqlServer } from "./server.ts";

/**
 * A value as a literal that means the same under every `sql_mode`. Objects and arrays become JSON text,
 * a `Date` is written in UTC and without a zone.
 *
 * @throws {UnsupportedOperation} for what MySQL cannot store
 */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (isFragment(value)) return value.sql;
  if (value instanceof Date) return `'${utcTime(value)}'`;
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString("hex")}'`;
  switch (typeof value) {
    case "string":
      return textLiteral(value);
    case "number":
      return numberLiteral(value);
    case "bigint":
      return String(value);
    case "boolean":
      return value ? "TRUE" : "FALSE";
    case "object":
      return textLiteral(JSON.stringify(value));
    default:
      return notAValue(typeof value);
  }
}

/**
 * Text as a string in quotes, where nothing else is taken: in COMMENT, and in DEFAULT,
 * where MariaDB 10.11 keeps a hexadecimal string unescaped and cannot read its table any more.
 */
export function quotedText(text: string, server: MysqlServer): string {
  const quoted = wellFormed(text).replaceAll("'", "''");
  const escapes = quoted.includes("\\") && backslashEscapes(server);
  return escapes ? `'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`;
}

/** A backslash means one thing or another, by `sql_mode`; in hexadecimal it is always itself. */
function textLiteral(text: string): string {
  if (!/[\\\0]/.test(text)) return `'${wellFormed(text).replaceAll("'", "''")}'`;
  return `_utf8mb4 x'${Buffer.from(wellFormed(text)).toString("hex")}'`;
}

function wellFormed(text: string): string {
  if (text.isWellFormed()) return text;
  return refuse("store half of a surrogate pair", "Take that character out of the value.");
}

function numberLiteral(value: number): string {
  return Number.isFinite(value) ? String(value) : refuse(`write the number ${value}`, finite);
}

const finite = "Give a finite number.";

function utcTime(value: Date): string {
  if (Number.isNaN(value.getTime())) return notAValue("invalid date");
  return value.toISOString().replace("T", " ").replace("Z", "");
}

function notAValue(what: string): never {
  return refuse(
    `write a value that is a ${what}`,
    "Give text, a number, a boolean, null, a list, an object or sql`…`.",
  );
}
