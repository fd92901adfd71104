/** Which objects an SQL text touches, where its first words tell. */
import type { Touch, Touches } from "../model/touch.ts";
import { InvalidSql } from "./invalid-sql.ts";
import { lex } from "./lexer.ts";
import { splitStatements } from "./statements.ts";
import { isCode, type SqlSyntax, type Token, wordOf } from "./token.ts";

/**
 * Knows statements about one table: `CREATE TABLE`, `ALTER TABLE`, `CREATE INDEX`, `DROP TABLE` and `COMMENT ON`, as
 * long as they cascade to nothing and rename nothing. They write that table and read whatever else they name.
 * Everything else, rows included because of triggers, may touch anything.
 */
export function touchesOfSql(sql: string, syntax: SqlSyntax): Touches {
  try {
    const found = splitStatements(sql, syntax).map((one) => ofStatement(one.sql, syntax));
    const known = found.filter((one) => one !== undefined);
    return known.length < found.length ? "anything" : known.flat();
  } catch (error) {
    if (error instanceof InvalidSql) return "anything";
    throw error;
  }
}

/** Every name that stands in a piece of SQL, also inside of strings: more than there are, never less. */
export function mentions(text: string): readonly string[] {
  return [...new Set(text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])];
}

/** The words that may stand before the name of the table. `·` is a name. */
const heads: readonly RegExp[] = [
  /^CREATE(?: UNLOGGED)? TABLE (?:IF NOT EXISTS )?/,
  /^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?/,
  /^DROP TABLE (?:IF EXISTS )?/,
  /^CREATE(?: UNIQUE)? INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?(?:\u00B7 )?ON (?:ONLY )?/,
  /^COMMENT ON (?:TABLE|COLUMN) /,
];

/** Words with which more than the one table may change. */
const farReaching =
  /\b(CASCADE|RENAME|AS|SELECT|LIKE|INHERITS?|PARTITION|ATTACH|DETACH|TRIGGER|RULE|OWNER|SWITCH|EXCHANGE)\b/;

function ofStatement(sql: string, syntax: SqlSyntax): readonly Touch[] | undefined {
  const tokens = [...lex(sql, syntax)].filter(isCode);
  const isDrop = wordOf(tokens[0]) === "DROP";
  // A comma in a drop: several tables.
  if (farReaching.test(tokens.map(wordOf).join(" ")) || (isDrop && hasComma(tokens)))
    return undefined;
  const start = tokens.slice(0, longestHead).map(keywordOrName);
  const [head] = heads.flatMap((pattern) => pattern.exec(`${start.join(" ")} `)?.[0] ?? []);
  if (head === undefined) return undefined;
  const at = head.trim().split(" ").length;
  const target = targetAt(tokens, at);
  if (target === undefined) return undefined;
  return [
    target,
    ...indexNamed(tokens.slice(0, at)),
    ...mentions(sql).map((name) => ({ access: "reads", path: [name] }) as const),
  ];
}

/** CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS name ON ONLY schema.table */
const longestHead = 12;

const keywords =
  /^(CREATE|UNLOGGED|TABLE|IF|NOT|EXISTS|ALTER|ONLY|DROP|UNIQUE|INDEX|CONCURRENTLY|ON|COMMENT|COLUMN)$/;

function keywordOrName(token: Token): string {
  if (token.kind === "symbol") return token.text;
  const word = wordOf(token);
  return keywords.test(word) ? word : "·";
}

function targetAt(tokens: readonly Token[], at: number): Touch | undefined {
  const first = nameOf(tokens[at]);
  if (first === undefined) return undefined;
  const second = tokens[at + 1]?.text === "." ? nameOf(tokens[at + 2]) : undefined;
  const isColumn = tokens.slice(0, at).some((token) => wordOf(token) === "COLUMN");
  if (isColumn && tokens[at + 3]?.text === ".") return undefined;
  if (second === undefined || isColumn) return { access: "writes", path: [first] };
  return { access: "writes", schema: first, path: [second] };
}

function indexNamed(head: readonly Token[]): readonly Touch[] {
  if (!head.some((token) => wordOf(token) === "INDEX")) return [];
  const named = head.find((token) => keywordOrName(token) === "·");
  const name = nameOf(named);
  return name === undefined ? [] : [{ access: "writes", path: [`index ${name}`] }];
}

function nameOf(token: Token | undefined): string | undefined {
  if (token?.kind === "word") return token.text;
  return token?.kind === "name" ? token.text.replace(/^["`[]|["`\]]$/g, "") : undefined;
}

function hasComma(tokens: readonly Token[]): boolean {
  return tokens.some((token) => token.text === ",");
}
