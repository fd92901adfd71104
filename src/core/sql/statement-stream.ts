/** The statements of a text that comes in pieces, each as soon as it is whole. Of PostgreSQL's syntax. */
import type { SqlStatement } from "../model/statement.ts";
import { countLines, InvalidSql } from "./invalid-sql.ts";
import { lex } from "./lexer.ts";
import { isDump, ownTablesOf } from "./own-tables.ts";
import { closes, controlsTransaction, opens, refusal } from "./own-transaction.ts";
import { eachStatement, type PlacedStatement } from "./statements.ts";
import { isCode, type SqlSyntax, wordOf } from "./token.ts";

/** In characters: rows of a COPY that are longer go in parts, each with its statement. */
const longestRows = 4_000_000;
/** A string of V8 has no more than some 536 million. */
const longestStatement = 400_000_000;

/**
 * The statements to run of a file that is one transaction, in order. It leaves out the file's BEGIN
 * and COMMIT, which the migration's transaction replaces, and a dump's statements about tables of
 * ours.
 *
 * @throws {InvalidSql} where the text goes wrong, once all before that was given
 */
export function* streamedStatements(
  pieces: Iterable<string>,
): Generator<SqlStatement, void, undefined> {
  let isOwn: ((statement: SqlStatement) => boolean) | undefined;
  let begun: SqlStatement | undefined;
  const seen = (first: string) => {
    if (isDump(first)) isOwn = ownTablesOf([]);
  };
  for (const statement of cut(pieces, seen)) {
    if (controlsTransaction(statement)) {
      if (!(begun === undefined ? opens(statement) : closes(statement))) throw refusal(statement);
      begun = begun === undefined ? statement : undefined;
    } else if (isOwn?.(statement) !== true) yield statement;
  }
  if (begun !== undefined) throw refusal(begun);
}

/** Whether texts of a syntax can be cut in pieces. */
export function comesInPieces(syntax: SqlSyntax): boolean {
  return syntax === "postgres";
}

function* cut(
  pieces: Iterable<string>,
  seen: (first: string) => void,
): Generator<SqlStatement, void, undefined> {
  let text = "";
  let linesBefore = 0;
  let wanted = 0;
  let isFirst = true;
  const consume = (end: number) => {
    linesBefore += countLines(text, 0, end);
    text = text.slice(end);
  };
  for (const piece of pieces) {
    text += piece;
    if (isFirst && piece !== "") seen(piece);
    if (piece !== "") isFirst = false;
    if (text.length < wanted) continue;
    let end = 0;
    for (const statement of finished(text, linesBefore)) {
      yield inFile(statement, linesBefore);
      ({ end } = statement);
    }
    if (end > 0) consume(end);
    else if (text.length > longestStatement) throw tooLong(linesBefore);
    const rows = text.length > longestRows ? rowsSoFar(text) : undefined;
    if (rows !== undefined) {
      yield inFile({ ...rows.statement, stdin: text.slice(rows.from, rows.to) }, linesBefore);
      linesBefore += countLines(text, rows.from, rows.to);
      text = text.slice(0, rows.from) + text.slice(rows.to);
    }
    // A statement that is not whole yet is not read again with each piece.
    wanted = end > 0 || rows !== undefined ? 0 : text.length * 2;
  }
  for (const statement of shifted(eachStatement(text, "postgres"), linesBefore))
    yield inFile(statement, linesBefore);
}

/** Gives the statements that the next piece cannot continue. */
function* finished(text: string, linesBefore: number) {
  try {
    yield* shifted(eachStatement(text, "postgres", { isPart: true }), linesBefore);
  } catch (error) {
    // The text behind the last line break may be cut in the middle of a word.
    const isAtEnd = error instanceof InvalidSql && error.line > lineOf(text, linesBefore);
    if (!(error instanceof InvalidSql && (error.isOpen || isAtEnd))) throw error;
  }
}

/** The line before the last one. */
function lineOf(text: string, linesBefore: number): number {
  return linesBefore + countLines(text, 0, text.length);
}

/** Thrown errors name the lines of the file. */
function* shifted(
  statements: Iterable<PlacedStatement>,
  linesBefore: number,
): Generator<PlacedStatement, void, undefined> {
  try {
    yield* statements;
  } catch (error) {
    if (!(error instanceof InvalidSql)) throw error;
    const { reason, line, hint, isOpen } = error;
    throw new InvalidSql(reason, {
      line: line + linesBefore,
      hint,
      ...(isOpen ? { isOpen } : {}),
    });
  }
}

function inFile({ sql, line, words, stdin }: SqlStatement, linesBefore: number): SqlStatement {
  return { sql, line: line + linesBefore, words, ...(stdin === undefined ? {} : { stdin }) };
}

/**
 * The whole rows of a COPY whose end is not there yet, where they may be sent by themselves: in the text format without
 * options, as pg_dump writes them. A header or a quoted line break would be torn from what it belongs to.
 */
function rowsSoFar(
  text: string,
): { readonly statement: SqlStatement; readonly from: number; readonly to: number } | undefined {
  const words: string[] = [];
  let [start, last] = [-1, 0];
  for (const token of lex(text, "postgres")) {
    if (!isCode(token)) continue;
    const behind = token.start + token.text.length;
    if (token.kind === "end") {
      if (!/^COPY\b.* FROM STDIN$/.test(words.join(" "))) return undefined;
      const from = text.indexOf("\n", behind) + 1;
      const to = endOfRow(text);
      if (from === 0 || to <= from) return undefined;
      const line = countLines(text, 0, start) + 1;
      return { statement: { sql: text.slice(start, last), line, words }, from, to };
    }
    if (start === -1) ({ start } = token);
    last = behind;
    const word = wordOf(token);
    if (word !== "") words.push(word);
  }
  return undefined;
}

/** Behind the last line break that ends a row: one behind a backslash is part of a value. */
function endOfRow(text: string): number {
  for (let at = text.lastIndexOf("\n"); at > 0; at = text.lastIndexOf("\n", at - 1))
    if (text[at - 1] !== "\\" && text[at - 1] !== "\r") return at + 1;
  return 0;
}

function tooLong(linesBefore: number): InvalidSql {
  return new InvalidSql(`a statement is longer than ${longestStatement / 1_000_000} MB`, {
    line: linesBefore + 1,
    hint: "Make several of it.",
  });
}
