/** SQL text → statements, cut where the database would. */
import type { SqlStatement } from "../model/statement.ts";
import { bodies } from "./bodies.ts";
import { countLines } from "./invalid-sql.ts";
import { Lately } from "./lately.ts";
import { lex } from "./lexer.ts";
import { rowsOf } from "./psql-client.ts";
import { isCode, type SqlSyntax, type Token, wordOf } from "./token.ts";

/** A statement and where it stands in the text. */
export type PlacedStatement = SqlStatement & {
  /** The offset of its first token. */
  readonly start: number;
  /** The offset behind what ends it, if anything does. */
  readonly end: number;
};

/**
 * Cuts `sql` into statements. Each is text as it stands there, from its first word to its last:
 * comments and empty statements between them are dropped.
 *
 * @throws {InvalidSql} for a string, name or comment that is not closed, and for what only psql can run
 */
export function splitStatements(sql: string, syntax: SqlSyntax): readonly SqlStatement[] {
  return placeStatements(sql, syntax).map(({ sql, line, words, stdin }) => ({
    ...{ sql, line, words },
    ...(stdin === undefined ? {} : { stdin }),
  }));
}

/** Like `splitStatements`, and says where each stands. */
export function placeStatements(sql: string, syntax: SqlSyntax): readonly PlacedStatement[] {
  return lately.get(sql, syntax) ?? lately.keep(sql, syntax, [...eachStatement(sql, syntax)]);
}

const lately = new Lately<readonly PlacedStatement[]>();

/**
 * Like `placeStatements`, one by one. Of a text that is only the beginning of one (`isPart`), those are left out that may
 * not be whole: the last that is closed too, for rows may follow it.
 */
export function* eachStatement(
  sql: string,
  syntax: SqlSyntax,
  { isPart = false } = {},
): Generator<PlacedStatement, void, undefined> {
  let held: PlacedStatement | undefined;
  let body = bodies[syntax]();
  let tokens: Token[] = [];
  for (const token of lex(sql, syntax)) {
    if (!isCode(token)) continue;
    const end = token.start + token.text.length;
    if (token.kind === "rows" && held !== undefined) {
      held = { ...held, end, stdin: rowsOf(token.text) };
      continue;
    }
    if (token.kind === "end" && (token.text !== ";" || !body.isOpen())) {
      if (tokens.length > 0) {
        if (held !== undefined) yield held;
        held = place(sql, tokens, { end, after: held });
      }
      body = bodies[syntax]();
      tokens = [];
      continue;
    }
    body.read(token);
    tokens.push(token);
  }
  if (isPart) return;
  if (held !== undefined) yield held;
  if (tokens.length > 0) yield place(sql, tokens, { end: sql.length, after: held });
}

function place(
  sql: string,
  tokens: readonly Token[],
  where: { readonly end: number; readonly after: PlacedStatement | undefined },
): PlacedStatement {
  const { start } = tokens[0]!;
  const last = tokens.at(-1)!;
  const { after, end } = where;
  return {
    sql: sql.slice(start, last.start + last.text.length),
    line: (after?.line ?? 1) + countLines(sql, after?.start ?? 0, start),
    words: tokens.map(wordOf).filter((word) => word !== ""),
    start,
    end,
  };
}
