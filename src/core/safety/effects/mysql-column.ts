/** A column as its words define it on MySQL and MariaDB, and what it costs to become another. */
import { type Token, wordOf } from "../../sql/token.ts";
import { inParentheses, shownSpec } from "./mysql-specs.ts";

export type MysqlColumn = {
  readonly type: string;
  /** The numbers in the parentheses of the type. */
  readonly sizes: readonly string[];
  readonly isUnsigned: boolean;
  readonly isNullable: boolean;
  readonly isGenerated: boolean;
  /** Of itself, or of its table. Default: unknown. */
  readonly charset?: string | undefined;
};

/** `tokens` begin with the type. */
export function mysqlColumn(tokens: readonly Token[], charset: string | undefined): MysqlColumn {
  const [first, second] = tokens;
  const words = shownSpec(tokens);
  const sizes = second?.text === "(" ? (inParentheses(tokens)?.parts ?? []) : [];
  const own = /\b(?:CHARACTER SET|CHARSET) (\S+)/.exec(words)?.[1]?.toLowerCase();
  const type = wordOf(first).toLowerCase();
  return {
    type: aliases[type] ?? type,
    sizes: sizes.map((size) => size.map(({ text }) => text).join("")),
    isUnsigned: /\b(UNSIGNED|ZEROFILL)\b/.test(words),
    isNullable: !/\b(NOT NULL|PRIMARY KEY|AUTO_INCREMENT)\b/.test(words),
    isGenerated: /\bAS \(/.test(words),
    charset: own ?? (/\bCOLLATE\b/.test(words) ? undefined : charset),
  };
}

const aliases: { readonly [alias: string]: string } = {
  integer: "int",
  int4: "int",
  int8: "bigint",
  int2: "smallint",
  bool: "tinyint",
  boolean: "tinyint",
  dec: "decimal",
  numeric: "decimal",
  fixed: "decimal",
  real: "double",
  nvarchar: "varchar",
};

/** Only where MySQL and MariaDB need the same: `copy` stops writers, `rebuild` nobody. */
export function columnChangeWay(was: MysqlColumn, to: MysqlColumn): "copy" | "rebuild" | undefined {
  if (was.isGenerated || to.isGenerated) return undefined;
  if (needsCopy(was, to)) return "copy";
  // A timestamp that says neither is one or the other by a setting of the server.
  const isSure = was.type === to.type && known.has(was.type) && was.type !== "timestamp";
  return isSure && was.isNullable !== to.isNullable ? "rebuild" : undefined;
}

function needsCopy(was: MysqlColumn, to: MysqlColumn): boolean {
  if (!known.has(was.type) || !known.has(to.type)) return false;
  if (was.type !== to.type) return !(isText(was) && isText(to));
  if (was.isUnsigned !== to.isUnsigned) return true;
  switch (was.type) {
    case "decimal":
      return decimal(was) !== decimal(to);
    case "datetime":
    case "timestamp":
    case "time":
      return (was.sizes[0] ?? "0") !== (to.sizes[0] ?? "0");
    case "enum":
    case "set":
      return otherMembers(was, to);
    case "varchar":
      return otherCharset(was, to) || otherLength(was, to);
    case "char":
    case "tinytext":
    case "text":
    case "mediumtext":
    case "longtext":
      return otherCharset(was, to);
    default:
      return false;
  }
}

const known = new Set(
  (
    "tinyint smallint mediumint int bigint decimal float double bit date datetime timestamp time year " +
    "char varchar tinytext text mediumtext longtext binary varbinary tinyblob blob mediumblob longblob enum set"
  ).split(" "),
);

/** Those that some server turns into each other by its catalog alone. */
function isText({ type }: MysqlColumn): boolean {
  return /^(char|varchar|binary|varbinary)$/.test(type);
}

function decimal({ sizes: [digits = "10", scale = "0"] }: MysqlColumn): string {
  return `${digits},${scale}`;
}

/** New members behind the old ones are nothing to the rows, until a value needs more bytes. */
function otherMembers(was: MysqlColumn, to: MysqlColumn): boolean {
  const isSame = was.sizes.every((member, i) => member === to.sizes[i]);
  return !isSame || bytesOf(was) !== bytesOf(to);
}

function bytesOf({ type, sizes }: MysqlColumn): number {
  if (type === "enum") return sizes.length > 255 ? 2 : 1;
  const bytes = Math.ceil(sizes.length / 8);
  return bytes > 4 ? 8 : bytes;
}

/** Of another character set each text is written anew; one that is a part of the other is not, on some servers. */
function otherCharset(was: MysqlColumn, to: MysqlColumn): boolean {
  const isKnown = was.charset !== undefined && to.charset !== undefined;
  return isKnown && was.charset !== to.charset && /^(latin1|utf8mb4)$/.test(was.charset ?? "");
}

/** MariaDB takes a length of up to 127 bytes past 255 by its catalog alone. https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-instant-alter-algorithm/ */
function otherLength(was: MysqlColumn, to: MysqlColumn): boolean {
  const [old, made] = [Number(was.sizes[0]), Number(to.sizes[0])];
  if (made < old) return true;
  const each = bytesPerCharacter[was.charset ?? ""];
  if (each === undefined || was.charset !== to.charset) return false;
  return old * each > 127 && old * each <= 255 && made * each > 255;
}

const bytesPerCharacter: { readonly [charset: string]: number } = {
  latin1: 1,
  ascii: 1,
  utf8: 3,
  utf8mb3: 3,
  utf8mb4: 4,
};
