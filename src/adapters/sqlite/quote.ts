/** Names and values as SQLite reads them. */
import { UnsupportedOperation } from "../../core/language/dialect.ts";
import { isFragment } from "../../core/model/fragment.ts";
import type { Named } from "../../core/model/named.ts";

/** `name` in double quotes. https://www.sqlite.org/lang_keywords.html */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A table, quoted. SQLite has no schemas.
 *
 * @throws {UnsupportedOperation} when it has a prefix
 */
export function quoteNamed(named: Named): string {
  if (named.prefix === undefined) return quote(named.name);
  throw new UnsupportedOperation(`use the prefix ${named.prefix} of ${named.name}`, {
    hint: "Leave the prefix out, or give each prefix its own database file.",
  });
}

/**
 * A value as a literal. Booleans are 1 and 0, dates are ISO 8601 text, arrays and objects are JSON text:
 * SQLite has no types for them. https://www.sqlite.org/datatype3.html
 *
 * @throws {UnsupportedOperation} for a number that is not finite and for text with a NUL character
 */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (isFragment(value)) return value.sql;
  switch (typeof value) {
    case "boolean":
      return value ? "1" : "0";
    case "number":
      return finite(value);
    case "bigint":
      return String(value);
    case "string":
      return text(value);
  }
  if (value instanceof Date) return text(value.toISOString());
  if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString("hex").toUpperCase()}'`;
  return text(JSON.stringify(value));
}

function finite(value: number): string {
  if (Number.isFinite(value)) return String(value);
  throw new UnsupportedOperation(`write the number ${value}`, { hint: "Give a finite number." });
}

/** A NUL would end the SQL text. https://www.sqlite.org/nulinstr.html */
function text(value: string): string {
  if (!value.includes("\0")) return `'${value.replaceAll("'", "''")}'`;
  throw new UnsupportedOperation("write text with a NUL character", {
    hint: "Give it as binary data.",
  });
}
