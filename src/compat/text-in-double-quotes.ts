/** SQLite's habit of reading a name in double quotes that no column has as text. Pure. */
import { lex } from "../core/sql/lexer.ts";

/**
 * The statement with that name as text, where it failed for want of such a column. `sqlite3`, the driver of most tools,
 * is built to read it so; Node's is not. https://www.sqlite.org/quirks.html#dblquote
 */
export function readAsText(sql: string, failure: unknown): string | undefined {
  const message = failure instanceof Error ? failure.message : "";
  const [, name] =
    /no such column: "(.*)" - should this be a string literal in single-quotes\?/.exec(message) ??
    [];
  if (name === undefined) return undefined;
  const quoted = `"${name.replaceAll('"', '""')}"`;
  const text = `'${name.replaceAll("'", "''")}'`;
  const parts = Array.from(lex(sql, "sqlite"), (token) =>
    token.text === quoted ? text : token.text,
  );
  const read = parts.join("");
  return read === sql ? undefined : read;
}
