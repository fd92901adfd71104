/** SQL text → tokens. A lexer and no more: grammar is the database's own business. */
import { InvalidSql, lineAt } from "./invalid-sql.ts";
import { Lately } from "./lately.ts";
import { rulesAt } from "./lexical-rules.ts";
import { notClosed } from "./match.ts";
import { psqlClient } from "./psql-client.ts";
import { isCode, type SqlSyntax, type Token, type TokenKind } from "./token.ts";

/**
 * Cuts `text` into tokens, one at a time; together they are the text, nothing lost.
 * Lazy, so that a reader can stop where the text is no SQL any more.
 *
 * @throws {InvalidSql} for a string, name or comment that is not closed, and for a command of psql
 */
export function lex(text: string, syntax: SqlSyntax): Iterable<Token> {
  return lately.get(text, syntax) ?? cut(text, syntax);
}

/** Of texts that were read to their end. */
const lately = new Lately<readonly Token[]>();

function* cut(text: string, syntax: SqlSyntax): Generator<Token, void, undefined> {
  const tokens: Token[] | undefined = lately.takes(text) ? [] : undefined;
  let delimiter = ";";
  let atStart = true;
  const psql = syntax === "postgres" ? psqlClient() : undefined;
  for (let start = 0; start < text.length; ) {
    const token =
      (syntax === "mysql" ? mysqlClient(text, start, { delimiter, atStart }) : undefined) ??
      psql?.next(text, start) ??
      next(text, start, syntax);
    psql?.read(token);
    if (token.kind === "client") delimiter = newDelimiter(token.text) ?? delimiter;
    if (token.kind === "end") atStart = true;
    else if (isCode(token)) atStart = false;
    tokens?.push(token);
    yield token;
    start += token.text.length;
  }
  if (tokens !== undefined) lately.keep(text, syntax, tokens);
}

function next(text: string, start: number, syntax: SqlSyntax): Token {
  for (const [kind, match] of rulesAt(text, start, syntax)) {
    const end = match(text, start);
    if (end === notClosed) throw unclosed(text, start, kind);
    if (end !== undefined) return { kind, text: text.slice(start, end), start };
  }
  if (syntax === "postgres" && text[start] === "\\") throw psqlCommand(text, start);
  return { kind: "symbol", text: text[start]!, start };
}

/** Plays the `mysql` program, which keeps a delimiter before the server sees a text. */
function mysqlClient(
  text: string,
  start: number,
  state: { readonly delimiter: string; readonly atStart: boolean },
): Token | undefined {
  const { delimiter, atStart } = state;
  if (atStart) {
    const line = /delimiter[ \t]+\S[^\r\n]*/iy;
    line.lastIndex = start;
    const [found] = line.exec(text) ?? [];
    if (found !== undefined) return { kind: "client", text: found, start };
  }
  if (delimiter === ";") return undefined;
  if (text.startsWith(delimiter, start)) return { kind: "end", text: delimiter, start };
  const token = next(text, start, "mysql");
  const cut = token.kind === "word" ? token.text.indexOf(delimiter) : -1;
  return {
    start,
    kind: token.kind === "end" && token.text === ";" ? "symbol" : token.kind,
    text: cut > 0 ? token.text.slice(0, cut) : token.text,
  };
}

function newDelimiter(line: string): string | undefined {
  return line.split(/[ \t]+/)[1];
}

function unclosed(text: string, start: number, kind: TokenKind): InvalidSql {
  const [opened = ""] =
    /^(?:\/\*|\$\w*\$|[A-Za-z&]*["'`[])/.exec(text.slice(start, start + 80)) ?? [];
  return new InvalidSql(`the ${kind} that starts with ${opened} is not closed`, {
    line: lineAt(text, start),
    hint: "Close it.",
    isOpen: true,
  });
}

function psqlCommand(text: string, start: number): InvalidSql {
  const [command = "\\"] = /^\\\S*/.exec(text.slice(start, start + 40)) ?? [];
  return new InvalidSql(`${command} is a command of psql, not SQL`, {
    line: lineAt(text, start),
    hint: "Take it out, or write in SQL what it does.",
  });
}
