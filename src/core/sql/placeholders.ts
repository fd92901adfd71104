/** Flyway's placeholders, `${name}`: what the repo gives stands there, and one that nobody gives is refused by name. */
import { InvalidSql, lineAt } from "./invalid-sql.ts";
import { lex } from "./lexer.ts";
import type { SqlSyntax } from "./token.ts";

export type Placeholders = { readonly [name: string]: string };

const placeholder = /\$\{([^{}\r\n]+)\}/g;

/**
 * Puts the values in. Where the repo gives none at all, what stands in a string, a body or a comment is text.
 *
 * @throws {InvalidSql} for the first that has no value
 */
export function withPlaceholders(
  text: string,
  values: Placeholders | undefined,
  syntax: SqlSyntax,
): string {
  if (text.search(placeholder) === -1) return text;
  const found = [...text.matchAll(placeholder)];
  const known = values ?? {};
  const open = found.filter(([, name = ""]) => !Object.hasOwn(known, name));
  const missing =
    values === undefined ? open.find(({ index }) => !isQuoted(text, index, syntax)) : open[0];
  if (missing !== undefined) {
    const [all, name = ""] = missing;
    throw new InvalidSql(`${all} is a placeholder, and nothing is given for it`, {
      line: lineAt(text, missing.index),
      hint: `Add placeholders: { ${JSON.stringify(name)}: "…" } to its repo in release.ts.`,
    });
  }
  return text.replace(placeholder, (all, name: string) =>
    Object.hasOwn(known, name) ? known[name]! : all,
  );
}

const quoted: ReadonlySet<string> = new Set(["string", "comment", "name", "rows"]);

function isQuoted(text: string, at: number, syntax: SqlSyntax): boolean {
  for (const { kind, start, text: token } of lex(text, syntax))
    if (start <= at && at < start + token.length) return quoted.has(kind);
  return false;
}
