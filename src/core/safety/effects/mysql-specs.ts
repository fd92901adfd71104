/** Reads the parts between the commas of MySQL's ALTER TABLE or CREATE TABLE. */
import { lex } from "../../sql/lexer.ts";
import { isCode, type Token, wordOf } from "../../sql/token.ts";

/** The parts that commas keep apart, outside of parentheses. */
export function specTokens(sql: string): readonly (readonly Token[])[] {
  return split([...lex(sql, "mysql")].filter(isCode));
}

/**
 * Splits the first parentheses by their commas, and gives all tokens behind them; `undefined`
 * without parentheses.
 */
export function inParentheses(
  tokens: readonly Token[],
): { readonly parts: readonly (readonly Token[])[]; readonly rest: readonly Token[] } | undefined {
  const from = tokens.findIndex(({ text }) => text === "(");
  if (from === -1) return undefined;
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    if (tokens[at]!.text === "(") depth++;
    if (tokens[at]!.text === ")" && --depth === 0)
      return { parts: split(tokens.slice(from + 1, at)), rest: tokens.slice(at + 1) };
  }
  return undefined;
}

function split(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const specs: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (depth === 0 && token.text === ",") specs.push([]);
    else specs.at(-1)?.push(token);
  }
  return specs;
}

/** A name without its quotes, as the server compares it: columns whatever their case. */
export function nameOf(token: Token | undefined): string {
  const text = token?.text ?? "";
  const bare = text.startsWith("`") ? text.slice(1, -1).replaceAll("``", "`") : text;
  return bare.toLowerCase();
}

/** Words in upper case; `·` is a name in quotes or a value. */
export function shownSpec(tokens: readonly Token[]): string {
  return tokens
    .map((token) => wordOf(token) || (token.kind === "symbol" ? token.text : "·"))
    .join(" ");
}

/** The old names of columns that an ALTER TABLE renames, by the new ones. */
export function newNames(specs: readonly (readonly Token[])[]): ReadonlyMap<string, string> {
  return new Map(
    specs.flatMap((tokens): readonly (readonly [string, string])[] => {
      const verb = wordOf(tokens[0]);
      const at = wordOf(tokens[1]) === "COLUMN" ? 2 : 1;
      if (verb === "CHANGE") return [[nameOf(tokens[at + 1]), nameOf(tokens[at])]];
      return verb === "RENAME" && at === 2 ? [[nameOf(tokens[4]), nameOf(tokens[2])]] : [];
    }),
  );
}
