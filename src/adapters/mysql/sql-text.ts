/** The smallest pieces of SQL text: quoted names, and words put together. */

import type { Clause } from "../clauses.ts";
import { quoting } from "../quoting.ts";

export { clauses } from "../clauses.ts";

/** A name as MySQL quotes it; a backtick inside is doubled. */
export function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

export const { quoteNamed, quoteList } = quoting(quote);

/** `IF EXISTS`, or nothing. */
export function ifExists(op: { readonly ifExists?: boolean | undefined }): Clause {
  return op.ifExists && "IF EXISTS";
}

/** `IF NOT EXISTS`, or nothing. */
export function ifNotExists(op: { readonly ifNotExists?: boolean | undefined }): Clause {
  return op.ifNotExists && "IF NOT EXISTS";
}
