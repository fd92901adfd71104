/** SQL that differs from tenant to tenant by the name alone: made once, and joined for each of them. */
import type { Statement } from "../core/model/statement.ts";

export type TenantText = {
  /** The text between the names. */
  readonly pieces: readonly string[];
  /** As a server keeps it. Default: it is sent as it is. */
  readonly kept?: string;
};

/** No SQL and no name has it in it. */
const here = "\0";

/**
 * `isKept`: whether names mean the same each time. Where they do not, a server would prepare the text anew each time.
 */
export function tenantText(
  sql: (name: string) => string,
  { isKept }: { readonly isKept: boolean },
): TenantText {
  const pieces = sql(here).split(here);
  return isKept ? { pieces, kept: pieces.join("$1") } : { pieces };
}

/** `name` is the tenant's as a literal. */
export function statementFor({ pieces, kept }: TenantText, name: string): Statement {
  const statement: Statement = { sql: pieces.join(name), policy: { kind: "plain" } };
  return kept === undefined
    ? statement
    : { ...statement, prepares: { text: kept, values: [name] } };
}
