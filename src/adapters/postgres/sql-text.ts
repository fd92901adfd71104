/** The smallest pieces of SQL text: quoted names, and words put together. */
import type { IdentifierLimit } from "../../core/language/names.ts";
import type { Named } from "../../core/model/named.ts";

export { clauses } from "../clauses.ts";

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
export const identifierLimit: IdentifierLimit = { length: 63, unit: "bytes" };

/** A name as PostgreSQL quotes it; a quote inside is doubled. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table, view, type or sequence with its schema. */
export function quoteNamed(named: Named): string {
  return named.prefix === undefined
    ? quote(named.name)
    : `${quote(named.prefix)}.${quote(named.name)}`;
}

/** Names in parentheses: `("a", "b")`. */
export function quoteList(names: readonly string[]): string {
  return `(${names.map(quote).join(", ")})`;
}
