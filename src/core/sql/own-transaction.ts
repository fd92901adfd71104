/** Handles SQL files that bring their own transaction. */
import { InvalidSql } from "./invalid-sql.ts";
import { type PlacedStatement, placeStatements } from "./statements.ts";
import type { SqlSyntax } from "./token.ts";

/**
 * Takes every `BEGIN; … COMMIT;` out, one or several, as tools write them: the whole file is one
 * transaction, which ends with its history row and not before. White space replaces them, so that
 * lines keep their numbers. MySQL commits DDL by itself: there is no transaction around the file,
 * and its own is left alone.
 *
 * @throws {InvalidSql} for any other statement that begins or ends a transaction
 */
export function withoutOwnTransaction(sql: string, syntax: SqlSyntax): string {
  if (syntax === "mysql") return sql;
  const statements = placeStatements(sql, syntax);
  const control = statements.filter(controlsTransaction);
  if (syntax === "sqlite" && leavesTransaction(statements)) return control.reduce(blank, sql);
  const odd = control.find((statement, i) => !(i % 2 === 0 ? opens(statement) : closes(statement)));
  if (odd !== undefined) throw refusal(odd);
  const last = control.at(-1);
  if (last !== undefined && control.length % 2 === 1) throw refusal(last);
  return control.reduce(blank, sql);
}

/**
 * Whether it steps out of the transaction that its tool began, and in again, for nothing but a PRAGMA, which does nothing
 * inside one: `COMMIT; PRAGMA foreign_keys = OFF; BEGIN; …; COMMIT; PRAGMA foreign_keys = ON; BEGIN;`.
 */
function leavesTransaction(statements: readonly PlacedStatement[]): boolean {
  let isInside = true;
  for (const statement of statements) {
    if (controlsTransaction(statement)) {
      if (!(isInside ? closes(statement) : opens(statement))) return false;
      isInside = !isInside;
    } else if (!isInside && statement.words[0] !== "PRAGMA") return false;
  }
  return isInside && statements.some(controlsTransaction);
}

/** Whether its author wrote where its transaction begins. */
export function bringsOwnTransaction(sql: string, syntax: SqlSyntax): boolean {
  try {
    return placeStatements(sql, syntax).some(opens);
  } catch (error) {
    // Recording the file refuses SQL that cannot be read.
    if (error instanceof InvalidSql) return false;
    throw error;
  }
}

/** Without a mode that would be lost: `BEGIN ISOLATION LEVEL …` is another thing. */
export function opens({ words }: Pick<PlacedStatement, "words">): boolean {
  return /^(BEGIN( (WORK|TRANSACTION|(DEFERRED|IMMEDIATE|EXCLUSIVE)( TRANSACTION)?))?|START TRANSACTION)$/.test(
    words.join(" "),
  );
}

/** Whether it ends the transaction that one of those has begun. */
export function closes({ words }: Pick<PlacedStatement, "words">): boolean {
  return /^(COMMIT|END)( WORK| TRANSACTION)?$/.test(words.join(" "));
}

/** Whether it begins or ends a transaction, or prepares one for others to end. */
export function controlsTransaction({ words }: Pick<PlacedStatement, "words">): boolean {
  const [first, second] = words;
  switch (first) {
    case "BEGIN":
    case "COMMIT":
    case "END":
    case "ABORT":
      return true;
    case "START":
    case "PREPARE":
      return second === "TRANSACTION";
    case "ROLLBACK":
      return !words.includes("TO");
    default:
      return false;
  }
}

/** Refuses any other statement that begins or ends a transaction. */
export function refusal({ line, words }: Pick<PlacedStatement, "line" | "words">): InvalidSql {
  return new InvalidSql(
    `${words.slice(0, 2).join(" ")} would end or split the migration's own transaction`,
    {
      line,
      hint: ownsBegin(words)
        ? "Take it out; or put -- slipway: transaction=false into the first line, and the file runs statement by statement."
        : "Take it out: Slipway commits when the file is done. Put what must be committed first into a separate migration.",
    },
  );
}

/**
 * A statement that only ends a transaction finds none of the file's to end, however the file runs.
 */
function ownsBegin([first]: PlacedStatement["words"]): boolean {
  return first === "BEGIN" || first === "START";
}

/** White space in its place, so that lines keep their numbers. */
export function blank(sql: string, { start, end }: PlacedStatement): string {
  return sql.slice(0, start) + sql.slice(start, end).replace(/[^\r\n]/g, " ") + sql.slice(end);
}
