/** SQL text → statements, cut where the database would. */
import type { SqlStatement } from "../model/statement.ts";
import { bodies } from "./bodies.ts";
import { countLines } from "./invalid-sql.ts";
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
  const placed: PlacedStatement[] = [];
  let body = bodies[syntax]();
  let tokens: Token[] = [];
  const finish = (end: number) => {
    if (tokens.length > 0) placed.push(place(sql, tokens, { end, after: placed.at(-1) }));
    body = bodies[syntax]();
    tokens = [];
  };
  for (const token of lex(sql, syntax)) {
    if (!isCode(token)) continue;
    const last = placed.at(-1);
    if (token.kind === "rows" && last !== undefined) {
      const end = token.start + token.text.length;
      placed[placed.length - 1] = { ...last, end, stdin: rowsOf(token.text) };
      continue;
    }
    if (token.kind === "end" && (token.text !== ";" || !body.isOpen())) {
      finish(token.start + token.text.length);
      continue;
    }
    body.read(token);
    tokens.push(token);
  }
  finish(sql.length);
  return placed;
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
