/** A call of a driver, by the semantic conventions of database spans. */
import type { Attributes } from "@opentelemetry/api";
import type { StatementWork } from "../engine/traced.ts";
import { databaseAttributes } from "./database.ts";
import { cut, redactedText, summaryOf } from "./query.ts";

/** How much of the SQL is shown. */
export type QueryText = "redacted" | "whole" | "none";

const longestBatch = 4_000;
/** Of a long batch, which may be a whole file, the beginning is read. */
const readOfBatch = 50;

/** The name of the span and its attributes. */
export function statementSpan(
  { repo, target, syntax, statements }: Omit<StatementWork, "isAnswer">,
  queryText: QueryText,
): { readonly name: string; readonly attributes: Attributes } {
  const [first] = statements;
  const some = statements.slice(0, readOfBatch);
  const summaries = new Set(some.map(({ sql }) => summaryOf(sql, syntax)));
  const [only = ""] = summaries;
  const isBatch = statements.length > 1;
  const isSame = summaries.size === 1 && some.length === statements.length;
  const summary = !isBatch ? only : isSame ? `BATCH ${only}` : "BATCH";
  const attributes: Attributes = { ...databaseAttributes(target), "slipway.repo": repo };
  if (summary !== "") attributes["db.query.summary"] = summary;
  if (isBatch) attributes["db.operation.batch.size"] = statements.length;
  if (queryText !== "none" && first !== undefined) {
    const shown = ({ sql, parameters }: (typeof statements)[number]) =>
      queryText === "whole" ? sql : textOf({ sql, parameters }, syntax);
    const texts = isSame && allAlike(some) ? [shown(first)] : some.map(shown);
    attributes["db.query.text"] = cut(texts.join("; "), longestBatch);
  }
  return { name: summary || String(attributes["db.system.name"]), attributes };
}

/** Values that were bound are not in the text, which stays as it is then but for its length. */
function textOf(
  { sql, parameters = [] }: StatementWork["statements"][number],
  syntax: StatementWork["syntax"],
): string {
  return parameters.length > 0 ? cut(sql, longestBatch) : redactedText(sql, syntax);
}

function allAlike(statements: StatementWork["statements"]): boolean {
  return statements.every(({ sql }) => sql === statements[0]?.sql);
}

/**
 * The error of a statement that failed, as attributes: its code is the database's, where there is
 * one.
 */
export function statementError(error: unknown): Attributes {
  const code = codeOf(error);
  return code === undefined
    ? { "error.type": nameOf(error) }
    : { "error.type": code, "db.response.status_code": code };
}

function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const { code, errno } = at as { readonly code?: unknown; readonly errno?: unknown };
    if (typeof code === "string" && code !== "") return code;
    if (typeof code === "number" || typeof errno === "number") return String(code ?? errno);
  }
  return undefined;
}

function nameOf(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  return at instanceof Error ? at.name : "_OTHER";
}
