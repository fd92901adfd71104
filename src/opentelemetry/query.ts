/** Writes SQL for a span: the text without its values, and a name of few words. */
import { lex } from "../core/sql/lexer.ts";
import { isCode, type SqlSyntax, type Token, wordOf } from "../core/sql/token.ts";

/**
 * The maximum length of a text. A file of a migration may be megabytes, and a collector refuses
 * large spans.
 */
const longestText = 2_000;
const longestSummary = 255;
/** Reads at most this much of a text: the cut removes the rest anyway. */
const readAtMost = 4 * longestText;

/** The text with `?` for each string, number and row of data, without comments, cut to 2,000 characters. */
export function redactedText(sql: string, syntax: SqlSyntax): string {
  let text = "";
  try {
    for (const token of lex(sql, syntax)) {
      if (token.start > readAtMost) break;
      text += shown(token);
    }
  } catch {
    // A text that cannot be read further may hold a value anywhere.
    text = `${text.trimEnd()} …`;
  }
  return cut(text.replace(/\s+/g, " ").trim(), longestText);
}

function shown(token: Token): string {
  switch (token.kind) {
    case "string":
    case "number":
      return "?";
    case "rows":
    case "comment":
    case "client":
      return " ";
    case "space":
    case "word":
    case "name":
    case "parameter":
    case "symbol":
    case "end":
      return token.text;
  }
}

/** Cut to a length, and `…` where something is missing. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** The verb of the statement and its object: `CREATE TABLE users`, `SELECT users`, `COMMIT`. */
export function summaryOf(sql: string, syntax: SqlSyntax): string {
  const tokens: Token[] = [];
  try {
    for (const token of lex(sql, syntax)) {
      if (isCode(token)) tokens.push(token);
      if (tokens.length >= readTokens) break;
    }
  } catch {
    // The first words are enough.
  }
  return cut(summary(tokens), longestSummary);
}

const readTokens = 60;
const ddl = new Set(["CREATE", "ALTER", "DROP", "COMMENT", "REINDEX", "REFRESH"]);
/** Words between a verb and the kind of thing, or before its name. */
const fillers = new Set(
  "OR REPLACE TEMP TEMPORARY UNLOGGED GLOBAL LOCAL RECURSIVE IF NOT EXISTS CONCURRENTLY ONLY ON UNIQUE ONLINE OFFLINE".split(
    " ",
  ),
);
/** The word before the name of the table, by verb. */
const before: { readonly [verb: string]: string } = {
  SELECT: "FROM",
  DELETE: "FROM",
  INSERT: "INTO",
  REPLACE: "INTO",
  MERGE: "INTO",
  UPDATE: "UPDATE",
  COPY: "COPY",
  TRUNCATE: "TRUNCATE",
  LOCK: "LOCK",
};

function summary(tokens: readonly Token[]): string {
  const verb = wordOf(tokens[0]);
  if (verb === "") return "";
  if (ddl.has(verb)) return [verb, ...ofDefinition(tokens.slice(1))].join(" ");
  const word = before[verb];
  if (word === undefined) return verb;
  const at = outermost(tokens, word);
  const from = at < 0 ? tokens.length : skipFillers(tokens, at + 1);
  const name = nameAt(tokens, wordOf(tokens[from]) === "TABLE" ? from + 1 : from);
  return name === "" ? verb : `${verb} ${name}`;
}

/** Not inside of brackets, where a `FROM` may be that of an `extract`. */
function outermost(tokens: readonly Token[], word: string): number {
  let depth = 0;
  return tokens.findIndex((token) => {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    return depth === 0 && wordOf(token) === word;
  });
}

function ofDefinition(tokens: readonly Token[]): readonly string[] {
  const words: string[] = [];
  let at = skipFillers(tokens, 0);
  const kind = wordOf(tokens[at]);
  if (kind === "") return words;
  words.push(kind);
  at += 1;
  // A materialized view, a foreign table.
  if (["MATERIALIZED", "FOREIGN", "EVENT"].includes(kind)) {
    words.push(wordOf(tokens[at]));
    at += 1;
  }
  const name = nameAt(tokens, skipFillers(tokens, at));
  return name === "" ? words : [...words, name];
}

function skipFillers(tokens: readonly Token[], from: number): number {
  let at = from;
  while (fillers.has(wordOf(tokens[at]))) at += 1;
  return at;
}

/** A name with its schema, without quotes. */
function nameAt(tokens: readonly Token[], from: number): string {
  const first = tokens[from];
  if (first?.kind !== "word" && first?.kind !== "name") return "";
  const dot = tokens[from + 1];
  const second = tokens[from + 2];
  const isDotted = dot?.text === "." && (second?.kind === "word" || second?.kind === "name");
  return isDotted ? `${bare(first)}.${bare(second)}` : bare(first);
}

function bare({ kind, text }: Token): string {
  return kind === "name" ? text.slice(1, -1) : text;
}
