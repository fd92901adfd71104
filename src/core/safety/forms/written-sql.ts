/** Editing a statement by its tokens, so that everything that was written stays. */
import { lex } from "../../sql/lexer.ts";
import { isCode, type Token, wordOf } from "../../sql/token.ts";

/** A statement in one line, without comments, and its tokens in that line. */
export type WrittenSql = { readonly text: string; readonly tokens: readonly Token[] };

/** @throws {InvalidSql} for what is not closed */
export function writtenSql(sql: string): WrittenSql {
  let text = "";
  let gap = false;
  const tokens: Token[] = [];
  for (const token of lex(sql, "postgres")) {
    if (token.kind === "end") break;
    if (!isCode(token)) gap = true;
    else {
      // Strings on two lines are one string.
      const isContinued = token.kind === "string" && tokens.at(-1)?.kind === "string";
      if (gap && text !== "") text += isContinued ? "\n" : " ";
      gap = false;
      tokens.push({ ...token, start: text.length });
      text += token.text;
    }
  }
  return { text, tokens };
}

/** The place behind a token; 0 without one. */
export function endOf(token: Token | undefined): number {
  return token === undefined ? 0 : token.start + token.text.length;
}

/** Puts words into the text, apart from what stands beside them. */
export function insert(text: string, at: number, words: string): string {
  return [text.slice(0, at).trimEnd(), words, text.slice(at).trimStart()]
    .filter((one) => one !== "")
    .join(" ");
}

/** The pieces of a text that commas outside of all brackets part, from one token to before another. */
export function splitAtCommas(
  { text, tokens }: WrittenSql,
  from: number,
  to = tokens.length,
): readonly string[] {
  const pieces: string[] = [];
  let depth = 0;
  let first = from;
  const take = (end: number) =>
    pieces.push(text.slice(tokens[first]?.start ?? text.length, endOf(tokens[end - 1])));
  for (let i = from; i < to; i++) {
    depth += depthChange(tokens[i]);
    if (depth === 0 && tokens[i]?.text === ",") {
      take(i);
      first = i + 1;
    }
  }
  take(to);
  return pieces;
}

/** The first token outside of all brackets that is one of the words; -1 without one. */
export function findWord({ tokens }: Pick<WrittenSql, "tokens">, wanted: RegExp, from = 0): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    depth += depthChange(tokens[i]);
    if (depth === 0 && wanted.test(wordOf(tokens[i]))) return i;
  }
  return -1;
}

/** The token that closes the bracket at `open`. */
export function closing({ tokens }: Pick<WrittenSql, "tokens">, open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    depth += depthChange(tokens[i]);
    if (depth === 0) return i;
  }
  return -1;
}

/** The token behind a name such as `public.users`, `ONLY users` or `ONLY (users)`, with its star. */
export function afterRelation({ tokens }: Pick<WrittenSql, "tokens">, from: number): number {
  let i = wordOf(tokens[from]) === "ONLY" ? from + 1 : from;
  if (tokens[i]?.text === "(") return closing({ tokens }, i) + 1;
  i++;
  while (tokens[i]?.text === ".") i += 2;
  return tokens[i]?.text === "*" ? i + 1 : i;
}

function depthChange(token: Token | undefined): number {
  if (token?.kind !== "symbol") return 0;
  if (token.text === "(" || token.text === "[") return 1;
  return token.text === ")" || token.text === "]" ? -1 : 0;
}

/** A name as it is written: in quotes only where it must be. */
export function sqlName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name)
    ? name
    : `"${name.replaceAll('"', '""')}"`;
}

/** A table, view or index with its schema, where that is not `public`. */
export function sqlNamed({
  schema,
  name,
}: {
  readonly schema: string;
  readonly name: string;
}): string {
  return schema === "public" ? sqlName(name) : `${sqlName(schema)}.${sqlName(name)}`;
}

/** https://www.postgresql.org/docs/current/sql-keywords-appendix.html */
const reserved: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
  column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze
  from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
  returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
  unique user using variadic verbose when where window with`.split(/\s+/),
);
