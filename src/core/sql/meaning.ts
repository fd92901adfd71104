/** SQL text → its meaning, so that an edit of its looks differs from an edit of its meaning. */
import { lex } from "./lexer.ts";
import { isCode, type SqlSyntax, type Token } from "./token.ts";

/**
 * The text in a canonical form: comments dropped, white space folded, unquoted words in lower case,
 * empty statements dropped, line breaks as `\n`. Quoted text stays as it is.
 * Case does not count for MySQL either, where the file system decides whether it matters in table
 * names.
 *
 * @throws {InvalidSql} as `splitStatements`
 */
export function meaning(sql: string, syntax: SqlSyntax): string {
  const pieces: string[] = [];
  for (const token of lex(sql, syntax)) {
    if (!isCode(token)) continue;
    const piece = canonical(token);
    const empty = piece === ";" && (pieces.length === 0 || pieces.at(-1) === ";");
    if (!empty) pieces.push(piece);
  }
  if (pieces.at(-1) === ";") pieces.pop();
  return pieces.join(" ");
}

function canonical(token: Token): string {
  switch (token.kind) {
    case "end":
      return ";";
    case "word":
    case "number":
      return token.text.toLowerCase();
    case "string":
    case "name":
      return token.text.replaceAll("\r\n", "\n");
    case "parameter":
    case "symbol":
    case "space":
    case "comment":
    case "client":
    case "rows":
      return token.text;
  }
}
