/** The smallest pieces of SQL text: quoted names, and words put together. */
import type { Named } from "../../core/model/named.ts";
import type { Clause } from "../clauses.ts";

export { clauses } from "../clauses.ts";

/** A name as MySQL quotes it; a backtick inside is doubled. */
export function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A table, view or sequence with its database. */
export function quoteNamed(named: Named): string {
  return named.prefix === undefined
    ? quote(named.name)
    : `${quote(named.prefix)}.${quote(named.name)}`;
}

/** Names in parentheses: (`a`, `b`). */
export function quoteList(names: readonly string[]): string {
  return `(${names.map(quote).join(", ")})`;
}

/** `IF EXISTS`, or nothing. */
export function ifExists(op: { readonly ifExists?: boolean | undefined }): Clause {
  return op.ifExists && "IF EXISTS";
}

/** `IF NOT EXISTS`, or nothing. */
export function ifNotExists(op: { readonly ifNotExists?: boolean | undefined }): Clause {
  return op.ifNotExists && "IF NOT EXISTS";
}
