import { lex } from "../../sql/lexer.ts";
import { isCode } from "../../sql/token.ts";

/**
 * Whether a statement of SQLite sets `foreign_keys`; one that only asks is `PRAGMA foreign_keys`.
 * https://www.sqlite.org/pragma.html#syntax
 */
export function setsForeignKeys(sql: string): boolean {
  const words = [...lex(sql, "sqlite")].filter(isCode).map(({ text }) => text.toUpperCase());
  return /^PRAGMA (\S+ \. )?FOREIGN_KEYS [=(]/.test(words.join(" "));
}

/** Whether a text may have such a statement: without cutting it into words. */
export function namesForeignKeys(sql: string): boolean {
  return /foreign_keys/i.test(sql);
}
