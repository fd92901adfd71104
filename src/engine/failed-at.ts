/** Where in the SQL of a migration a statement stands: found when it failed, so that the others carry nothing. */

import type { FailedAt } from "../core/model/errors.ts";
import type { Statement } from "../core/model/statement.ts";
import type { Action } from "../core/plan/prepare.ts";
import { countLines } from "../core/sql/invalid-sql.ts";
import { placeStatements } from "../core/sql/statements.ts";
import type { SqlSyntax } from "../core/sql/token.ts";

/** How many characters are shown on either side of the error. */
const around = 60;

export type FailedStatement = {
  readonly statement: Statement;
  /** Where in it the database found the error, in UTF-16 units. Default: it did not say. */
  readonly offset?: number | undefined;
};

/** The place of a statement that the user wrote as SQL; `undefined` for any other, whose operation says enough. */
export function failedAt(
  { statement, offset = 0 }: FailedStatement,
  actions: readonly Action[],
  syntax: SqlSyntax,
): FailedAt | undefined {
  const { sql } = statement;
  for (const action of actions) {
    if (action.kind !== "statements" || !action.statements.includes(statement)) continue;
    const { operation, statements } = action;
    if (operation?.kind !== "execute") return undefined;
    const near = excerpt(sql, offset);
    if (operation.parameters?.length) return { statement: 1, statements: 1, near };
    const same = (one: { readonly sql: string }) => one.sql === sql;
    const earlier = statements.slice(0, statements.indexOf(statement)).filter(same).length;
    const placed = placeStatements(operation.sql, syntax);
    const found = placed.filter(same)[earlier];
    if (found === undefined) return undefined;
    const line = found.line + countLines(sql, 0, offset);
    return {
      ...(operation.from === undefined ? {} : { line }),
      statement: placed.indexOf(found) + 1,
      statements: placed.length,
      near,
    };
  }
  return undefined;
}

/** The text around an offset, on one line. */
export function excerpt(sql: string, offset: number): string {
  const [from, to] = [Math.max(0, offset - around), offset + around];
  const text = sql.slice(from, to).replace(/\s+/g, " ");
  return `${from > 0 ? "…" : ""}${text.trim()}${to < sql.length ? "…" : ""}`;
}
