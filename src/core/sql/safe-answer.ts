/** One answer to a safety rule in an SQL file: `-- slipway: safe drop-column "no code reads it since 2.4"`. */
import { InvalidSql, lineAt } from "./invalid-sql.ts";
import type { Token } from "./token.ts";

export type SafeAnswer = { readonly rule: string; readonly reason: string; readonly line: number };

/**
 * Reads a comment; `undefined` for one that is no answer.
 *
 * @throws {InvalidSql} for one without a rule or without a reason
 */
export function safeAnswer(text: string, comment: Token): SafeAnswer | undefined {
  const [, words] = /^--\s*slipway:\s*safe\b\s*(.*?)\s*$/.exec(comment.text) ?? [];
  if (words === undefined) return undefined;
  const line = lineAt(text, comment.start);
  const [, rule, reason = ""] = /^([a-z][a-z-]*)\s+"(.*)"$/.exec(words) ?? [];
  if (rule === undefined || reason.trim() === "") {
    throw new InvalidSql(`"${comment.text.trim()}" gives no reason`, {
      line,
      hint: 'Write -- slipway: safe RULE "why it is safe here".',
    });
  }
  return { rule, reason: reason.trim(), line };
}
