/** The definition of a column as SHOW CREATE TABLE writes it, taken apart and put together again. */
import { lex } from "../../../core/sql/lexer.ts";
import { isCode, type Token, wordOf } from "../../../core/sql/token.ts";
import { clauses, quote } from "../sql-text.ts";
import type { ColumnEdit } from "./procedure.ts";

/** The clauses behind a column's name, each as it stands there: the type first. */
export type ColumnClauses = readonly string[];

/** The clauses of a column; `undefined` when the table has none of this name. Case does not count in column names. */
export function readColumn(createTable: string, column: string): ColumnClauses | undefined {
  const wanted = [quote(column), `"${column.replaceAll('"', '""')}"`].map(lowerCase);
  const item = tableItems(createTable).find(([name]) => wanted.includes(lowerCase(name?.text)));
  return item && cut(item.slice(1)).map((clause) => textOf(createTable, clause));
}

/** The definition with its changes; every other part stays word for word. */
export function restateColumn(column: ColumnClauses, edit: ColumnEdit): string {
  const [type = "", ...rest] = column;
  const gone = [
    ...(edit.type === undefined ? [] : [/^CHECK \(json_valid\(/i]),
    ...(edit.collation === undefined && keepsCollation(type, edit.type)
      ? []
      : [/^(CHARACTER|COLLATE)\b/i]),
    ...(edit.null === undefined ? [] : [/^(NOT )?NULL$/i]),
    ...(edit.default === undefined ? [] : [/^DEFAULT\b/i]),
    ...(edit.null === false ? [/^DEFAULT NULL$/i] : []),
    ...(edit.comment === undefined ? [] : [/^COMMENT\b/i]),
  ];
  const kept = rest.filter((clause) => !gone.some((pattern) => pattern.test(clause)));
  const isCharset = (clause: string) => /^(CHARACTER|COLLATE)\b/i.test(clause);
  const isCheck = (clause: string) => /^CHECK\b/i.test(clause);
  return clauses(
    edit.type ?? type,
    ...kept.filter(isCharset),
    edit.collation && `COLLATE ${quote(edit.collation)}`,
    ...kept.filter((clause) => !isCharset(clause) && !isCheck(clause)),
    edit.null !== undefined && (edit.null ? "NULL" : "NOT NULL"),
    edit.default !== undefined && edit.default !== "none" && `DEFAULT ${edit.default}`,
    edit.comment && `COMMENT ${edit.comment}`,
    // MariaDB takes it at the end only.
    ...kept.filter(isCheck),
    edit.after && `AFTER ${quote(edit.after)}`,
  );
}

/** The tokens between the commas of the outermost parentheses, without spaces. */
function tableItems(createTable: string): readonly (readonly Token[])[] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of lex(createTable, "mysql")) {
    if (!isCode(token)) continue;
    if (token.text === ")") depth -= 1;
    if (depth === 0 && items[0]!.length > 0) return items;
    if (depth === 1 && token.text === ",") items.push([]);
    else if (depth > 0) items.at(-1)!.push(token);
    if (token.text === "(") depth += 1;
  }
  return items;
}

/**
 * Cuts before each clause: it starts with a word that only clauses have, or with a comment that the
 * server runs.
 */
function cut(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const found: Token[][] = [];
  let depth = 0;
  let inComment = false;
  for (const [index, token] of tokens.entries()) {
    const starts = depth === 0 && !inComment && startsClause(token, wordOf(tokens[index - 1]));
    if (starts || found.length === 0) found.push([]);
    found.at(-1)!.push(token);
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (token.text.startsWith("/*")) inComment = true;
    if (token.text === "*/") inComment = false;
  }
  return found;
}

function startsClause(token: Token, before: string): boolean {
  if (token.text.startsWith("/*")) return true;
  const word = wordOf(token);
  // `DEFAULT NULL` and `NOT NULL` are one clause each.
  if (word === "NULL") return before !== "DEFAULT" && before !== "NOT";
  return clauseWords.has(word) && before !== "DEFAULT";
}

/** https://mariadb.com/kb/en/create-table/, https://dev.mysql.com/doc/refman/8.4/en/create-table.html */
const clauseWords: ReadonlySet<string> = new Set([
  ...["CHARACTER", "COLLATE", "GENERATED", "NOT", "DEFAULT", "ON", "AUTO_INCREMENT", "COMMENT"],
  ...["CHECK", "INVISIBLE", "COMPRESSED", "WITH", "WITHOUT", "REF_SYSTEM_ID", "COLUMN_FORMAT"],
  ...["STORAGE", "ENGINE_ATTRIBUTE"],
]);

/** Only a type with characters has a collation to keep. */
function keepsCollation(before: string, after: string | undefined): boolean {
  const hasCharacters = (type: string) => /char|text|^enum|^set/i.test(type);
  return after === undefined || (hasCharacters(before) && hasCharacters(after));
}

function textOf(text: string, tokens: readonly Token[]): string {
  const last = tokens.at(-1)!;
  return text.slice(tokens[0]!.start, last.start + last.text.length);
}

function lowerCase(text: string | undefined): string {
  return (text ?? "").toLowerCase();
}
