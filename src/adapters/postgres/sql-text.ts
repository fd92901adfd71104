/** The smallest pieces of SQL text: quoted names, and words put together. */
import type { IdentifierLimit } from "../../core/language/names.ts";
import { quoting } from "../quoting.ts";

export { clauses } from "../clauses.ts";

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
export const identifierLimit: IdentifierLimit = { length: 63, unit: "bytes" };

/** A name as PostgreSQL quotes it; a quote inside is doubled. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export const { quoteNamed, quoteList } = quoting(quote);
