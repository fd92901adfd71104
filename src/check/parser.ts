/**
 * The parser that cuts SQL into statements: PostgreSQL's own, loaded once and only when a check
 * needs it.
 */

import { DevelopmentError } from "../core/model/development-error.ts";
import { messageOf } from "../core/model/message-of.ts";
import { type WordDialect, wordParser } from "../core/safety/effects/by-words.ts";
import type { ScriptStatement, SqlParser, Trial } from "../core/safety/effects/script.ts";
import type { RuleDialect } from "../core/safety/rules/rule.ts";
import { InvalidSql } from "../core/sql/invalid-sql.ts";
import { placeStatements, splitStatements } from "../core/sql/statements.ts";
import {
  child,
  children,
  constantOf,
  nodeOf,
  type ParsedStatement,
  type TreeNode,
} from "../core/sql/tree.ts";
import { withoutLineComments } from "./without-line-comments.ts";

export type Parser = SqlParser;

type LibPgQuery = {
  loadModule(): Promise<void>;
  parseSync(sql: string): { readonly stmts?: readonly ParsedStatement[] };
  parsePlPgSQLSync(sql: string): unknown;
};

let loaded: Promise<Parser | undefined> | undefined;

/** Whether its rules look at trees, which only PostgreSQL's own parser gives. */
export function needsTrees(dialect: RuleDialect): boolean {
  return dialect === "postgres";
}

/** Engines that are at hand without a server, by whose SQL they read. */
export type Trials = { readonly [dialect in RuleDialect]?: Trial | undefined };

/**
 * The parser of a dialect: `trees` where the dialect needs trees; `trials` try statements without a
 * tree. Default: none.
 */
export function parserFor<Trees extends Parser | undefined>(
  dialect: RuleDialect,
  trees: Trees,
  trials: Trials = {},
): Parser | Trees {
  if (needsTrees(dialect)) return trees;
  return { ...wordParser(dialect as WordDialect), trial: trials[dialect] };
}

/** Loads libpg-query; `undefined` when it is not installed. Other dialects need none. */
export async function loadParser(dialect: RuleDialect = "postgres"): Promise<Parser | undefined> {
  if (!needsTrees(dialect)) return parserFor(dialect, undefined);
  loaded ??= load();
  return loaded;
}

/** Loads it for a command that cannot do without. @throws {ReleaseError} `parser_missing` */
export async function neededParser(
  command: string,
  dialect?: RuleDialect,
  trials: Trials = {},
): Promise<Parser> {
  const parser = await loadParser(dialect);
  if (parser === undefined) throw new DevelopmentError("parser_missing", { command });
  return { ...parser, trial: trials[dialect ?? "postgres"] };
}

async function load(): Promise<Parser | undefined> {
  const library = await importParser();
  if (library === undefined) return undefined;
  await library.loadModule();
  const parse = (sql: string) => treesOf(library, sql)?.map(({ node }) => node);
  return {
    parse,
    statements: (sql) => inPieces(library, sql) ?? oneByOne(library, sql),
    parseBlock: (code) => blockStatements(library, code, parse),
  };
}

async function importParser(): Promise<LibPgQuery | undefined> {
  try {
    // By a name that no bundler follows: a built release carries verdicts, and no parser.
    const library = "libpg-query";
    return (await import(
      /* webpackIgnore: true */ /* turbopackIgnore: true */ library
    )) as LibPgQuery;
  } catch (error) {
    if (error instanceof Error && "code" in error && /MODULE_NOT_FOUND/.test(String(error.code)))
      return undefined;
    throw error;
  }
}

type Placed = { readonly node: TreeNode; readonly start: number; readonly length: number };

function treesOf(library: LibPgQuery, sql: string): readonly Placed[] | undefined {
  return parsed(library, sql) ?? (mayGoOn.test(sql) ? secondTry(library, sql) : undefined);
}

/** A string, a comment to the end of the line, and a string. */
const mayGoOn = /'[ \t\r\n\f\v]*--[^\r\n]*[\r\n][\s\S]*'/;

function secondTry(library: LibPgQuery, sql: string): readonly Placed[] | undefined {
  try {
    return parsed(library, withoutLineComments(sql));
  } catch (error) {
    if (error instanceof InvalidSql) return undefined;
    throw error;
  }
}

function parsed(library: LibPgQuery, sql: string): readonly Placed[] | undefined {
  try {
    return (library.parseSync(sql).stmts ?? []).flatMap((statement) => {
      const node = nodeOf(statement.stmt);
      const start = statement.stmt_location ?? 0;
      return node === undefined ? [] : [{ node, start, length: statement.stmt_len ?? 0 }];
    });
  } catch {
    return undefined;
  }
}

/**
 * The longest text for the parser, in characters. It keeps the memory for the longest text until
 * the process ends.
 */
const longestPiece = 1_000_000;

/** As many statements at once as is fast; `undefined` when any of them does not parse. */
function inPieces(library: LibPgQuery, sql: string): readonly ScriptStatement[] | undefined {
  if (sql.length <= longestPiece) return wholeText(library, sql);
  const all: ScriptStatement[] = [];
  for (const { from, to, line } of piecesOf(sql)) {
    const piece = wholeText(library, sql.slice(from, to));
    if (piece === undefined) return undefined;
    for (const one of piece) all.push({ ...one, line: one.line + line - 1 });
  }
  return all;
}

/** Whole statements, from the first of a piece to before the first of the next one. */
function piecesOf(sql: string): readonly Piece[] {
  const pieces: Piece[] = [];
  try {
    for (const { start, end, line } of placeStatements(sql, "postgres")) {
      const last = pieces.at(-1);
      if (last !== undefined && end - last.from <= longestPiece) last.to = end;
      else pieces.push({ from: start, to: end, line });
    }
  } catch (error) {
    if (!(error instanceof InvalidSql)) throw error;
    return [{ from: 0, to: sql.length, line: 1 }];
  }
  return pieces;
}

type Piece = { readonly from: number; to: number; readonly line: number };

/** The whole text at once, which is fast; `undefined` when any of it does not parse. Offsets are bytes. */
function wholeText(library: LibPgQuery, sql: string): readonly ScriptStatement[] | undefined {
  if (sql.trim() === "") return [];
  const placed = treesOf(library, sql);
  if (placed === undefined) return undefined;
  const bytes = Buffer.from(sql, "utf8");
  let line = 1;
  let counted = 0;
  const isAscii = bytes.length === sql.length;
  return placed.map(({ node, start, length }) => {
    const end = length === 0 ? bytes.length : start + length;
    // A slice shares the memory of the text.
    const raw = isAscii ? sql.slice(start, end) : bytes.subarray(start, end).toString("utf8");
    const text = raw.replace(/^\s+/, "");
    const from = start + Buffer.byteLength(raw) - Buffer.byteLength(text);
    line += countLines(bytes.subarray(counted, from));
    counted = from;
    return { node, text: text.trimEnd().replace(/;$/, ""), line };
  });
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/** Statement by statement, so that one mistake hides no other. */
function oneByOne(library: LibPgQuery, sql: string): readonly ScriptStatement[] {
  try {
    return splitStatements(sql, "postgres").map(({ sql: text, line }) => {
      const [only, more] = treesOf(library, text) ?? [];
      if (only !== undefined && more === undefined) return { node: only.node, text, line };
      return { error: errorOf(library, text), text, line };
    });
  } catch (error) {
    if (!(error instanceof InvalidSql)) throw error;
    return [{ error: error.message, text: sql.trim().slice(0, 200), line: error.line }];
  }
}

function errorOf(library: LibPgQuery, sql: string): string {
  try {
    library.parseSync(sql);
    return "it is not one statement";
  } catch (error) {
    return messageOf(error);
  }
}

function blockStatements(
  library: LibPgQuery,
  code: string,
  parse: Parser["parse"],
): readonly TreeNode[] {
  const quote = quoteFor(code);
  try {
    return queriesIn(library.parsePlPgSQLSync(`DO ${quote}${code}${quote}`), parse).flatMap(
      (sql) => parse(sql) ?? [],
    );
  } catch {
    return [];
  }
}

function quoteFor(code: string): string {
  let quote = "$slipway$";
  while (code.includes(quote)) quote = quote.replace("$s", "$xs");
  return quote;
}

/** Queries in the code of a function, also as one text after EXECUTE. */
function queriesIn(value: unknown, parse: Parser["parse"]): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => queriesIn(item, parse));
  return Object.entries(value).flatMap(([key, inner]): readonly string[] => {
    const query = key === "PLpgSQL_stmt_execsql" ? queryOf(inner?.sqlstmt) : undefined;
    if (query !== undefined) return [query];
    const dynamic = key === "PLpgSQL_stmt_dynexecute" ? queryOf(inner?.query) : undefined;
    const [select] = dynamic === undefined ? [] : (parse(`SELECT ${dynamic}`) ?? []);
    const text = constantOf(child(children(select?.tree, "targetList")[0]?.tree, "val"));
    if (typeof text === "string") return [text];
    return queriesIn(inner, parse);
  });
}

function queryOf(expression: unknown): string | undefined {
  const inner = (expression as { readonly PLpgSQL_expr?: { readonly query?: unknown } } | undefined)
    ?.PLpgSQL_expr;
  return typeof inner?.query === "string" ? inner.query : undefined;
}
