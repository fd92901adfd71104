/** The text that made an object, without differences of spelling. */
import type { WrittenObject } from "./catalog.ts";
import { compareIds } from "./order.ts";

/**
 * The same for two texts with the same meaning. White space, comments, the quotes of a name, and
 * the order of a table's columns and constraints do not count. Nor does the order of a column's
 * clauses, nor a clause that changes nothing.
 */
export function writtenMeaning({ of, definition }: WrittenObject): string {
  const tokens = tokensOf(definition);
  if (of !== "table") return tokens.join(" ");
  const [open, close] = [tokens.indexOf("("), tokens.lastIndexOf(")")];
  if (open === -1) return tokens.join(" ");
  const parts = topLevel(tokens.slice(open + 1, close), (token) => token === ",").map(partMeaning);
  return [...parts.sort(compareIds), tokens.slice(close + 1).join(" ")].join("\n");
}

/** https://www.sqlite.org/lang_createtable.html */
function tokensOf(sql: string): readonly string[] {
  const tokens =
    sql.match(
      /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[\w$]+|\S/g,
    ) ?? [];
  return (
    tokens
      // MySQL keeps partitions in its special comments, so those count.
      .filter((token) => !/^(?:--|\/\*(?!M?!))/.test(token))
      .map((token) => token.replace(/^(["`[])(.*)["`\]]$/s, "$2"))
  );
}

/** Cut before or at what `isCut` says, outside of parentheses. A comma is left out. */
function topLevel(
  tokens: readonly string[],
  isCut: (token: string, before: string | undefined) => boolean,
): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (token === ")") depth--;
    if (depth === 0 && isCut(token, tokens[i - 1])) parts.push(token === "," ? [] : [token]);
    else parts.at(-1)?.push(token);
    if (token === "(") depth++;
  }
  return parts;
}

const beginsClause =
  /^(?:constraint|not|null|default|primary|unique|check|references|collate|generated)$/i;
/** After these, a word that could begin a clause continues the one before it. */
const goesOn = /^(?:not|set|is|default|by|constraint)$/i;
const saysNothing = /^(?:null|default null|collate "?binary"?)$/i;

function partMeaning(tokens: readonly string[]): string {
  const [name = "", ...clauses] = topLevel(
    tokens,
    (token, before) => beginsClause.test(token) && !goesOn.test(before ?? ""),
  ).map((clause) => clause.join(" "));
  const said = clauses.filter((clause) => !saysNothing.test(clause));
  return [name, ...said.sort(compareIds)].join(" ").trim();
}
