/** Names in expressions of MySQL and MariaDB, and values that no column of a type can have. */
import { type Token, wordOf } from "../../sql/token.ts";
import type { MysqlColumn } from "./mysql-column.ts";
import { nameOf, shownSpec } from "./mysql-specs.ts";

/**
 * Every name in it that can only be a column. It leaves out called functions and the words of SQL.
 */
export function columnsIn(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap((token, i) => {
    const isName = token.kind === "name" && token.text.startsWith("`");
    const isWord = token.kind === "word" && !ofSql.has(wordOf(token));
    const isOther =
      tokens[i + 1]?.text === "(" || tokens[i + 1]?.text === "." || tokens[i - 1]?.text === ".";
    return (isName || isWord) && !isOther && !isText(tokens, i) ? [nameOf(token)] : [];
  });
}

/** `_utf8mb4'x'` */
function isText(tokens: readonly Token[], at: number): boolean {
  return tokens[at]!.text.startsWith("_") && tokens[at + 1]?.kind === "string";
}

const ofSql = new Set(
  (
    "AND OR XOR NOT IS NULL IN BETWEEN LIKE RLIKE REGEXP ESCAPE DIV MOD TRUE FALSE CASE WHEN THEN ELSE END INTERVAL AS " +
    "MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR DAY_HOUR DAY_MINUTE DAY_SECOND HOUR_MINUTE HOUR_SECOND " +
    "MINUTE_SECOND YEAR_MONTH CHAR BINARY SIGNED UNSIGNED INTEGER INT DECIMAL DATE DATETIME TIME DOUBLE FLOAT REAL JSON " +
    "NCHAR VARCHAR CHARACTER SET CHARSET USING COLLATE FROM FOR LEADING TRAILING BOTH SOUNDS UNKNOWN DEFAULT VALUE " +
    "CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP UTC_DATE UTC_TIME UTC_TIMESTAMP " +
    "SEPARATOR DISTINCT ORDER BY ASC DESC OVER ROW MEMBER OF ARRAY"
  ).split(" "),
);

/** Why its default is none; `undefined` where it may be one. */
export function wrongDefault(
  tokens: readonly Token[],
  { type, isGenerated, sizes }: MysqlColumn,
): string | undefined {
  const at = tokens.findIndex((token) => wordOf(token) === "DEFAULT");
  const value = tokens[at + 1];
  if (at === -1 || value === undefined || isGenerated) return undefined;
  if (wordOf(value) === "NULL" && /\b(NOT NULL|PRIMARY KEY)\b/.test(shownSpec(tokens)))
    return "NULL is no default of a column that is NOT NULL";
  const isString = value.kind === "string" || /^['"]/.test(value.text);
  const text = value.text.slice(1, -1).trim();
  if (isString && numbers.test(type) && !/^[-+]?(\d|\.\d)/.test(text))
    return `${value.text} is no number`;
  if (isString && type === "enum" && !sizes.some((one) => sameText(one, value.text)))
    return `${value.text} is none of its values`;
  if (isString && times.test(type) && !/^\d/.test(text)) return `${value.text} is no ${type}`;
  return undefined;
}

const numbers = /^((tiny|small|medium|big)?int|decimal|float|double|year)$/;
const times = /^(date|datetime|timestamp)$/;

/** Collations mostly do without case and the spaces at the end. */
function sameText(one: string, other: string): boolean {
  return one.slice(1, -1).trimEnd().toLowerCase() === other.slice(1, -1).trimEnd().toLowerCase();
}
