/** Tables of MySQL and MariaDB as migrations have made them, as far as their words say: what a change of them can meet. */
import { type Token, wordOf } from "../../sql/token.ts";
import { type MysqlColumn, mysqlColumn } from "./mysql-column.ts";
import { columnsIn, wrongDefault } from "./mysql-expression.ts";
import { inParentheses, nameOf, shownSpec } from "./mysql-specs.ts";

export type DefinedColumn = MysqlColumn & {
  /** Generated, and in no row. */
  readonly isVirtual: boolean;
  readonly countsUp: boolean;
  /** Says NOT NULL, or is of a primary key by itself. */
  readonly isRequired: boolean;
  /** The names in its generating expression; none of another column. */
  readonly from: readonly string[];
};

export type DefinedIndex = {
  readonly kind: "primary" | "unique" | "plain" | "fulltext" | "spatial";
  /** Its first columns; what stands behind an expression is left out. */
  readonly columns: readonly string[];
  /** Those of which only the beginning is in it. */
  readonly cut?: readonly string[] | undefined;
};

export type DefinedKey = {
  readonly columns: readonly string[];
  readonly table: string;
  readonly referred: readonly string[];
  readonly setsNull: boolean;
};

export type DefinedTable = {
  readonly columns: Map<string, DefinedColumn>;
  readonly indexes: Map<string, DefinedIndex>;
  readonly keys: Map<string, DefinedKey>;
  /** The names in each check, by its own name. */
  readonly checks: Map<string, readonly string[]>;
  readonly charset: string | undefined;
};

/** The reason why the server refuses a statement, as a sentence. */
export class MysqlRefusal {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** Text that is not read: what it makes is not known. */
export class NotRead {}

export const primary = "primary";

/** One part of a CREATE TABLE, or what an ALTER TABLE adds; `name` is that of the table, for messages. */
export function define(table: DefinedTable, tokens: readonly Token[], name: string): void {
  const words = shownSpec(tokens);
  const isNamed = wordOf(tokens[0]) === "CONSTRAINT";
  const constraint =
    isNamed && !/^CONSTRAINT (CHECK|FOREIGN|PRIMARY|UNIQUE)\b/.test(words)
      ? nameOf(tokens[1])
      : undefined;
  const body = isNamed ? tokens.slice(constraint === undefined ? 1 : 2) : tokens;
  const first = wordOf(body[0]);
  if (first === "PRIMARY") addIndex(table, primary, indexOf("primary", body), name);
  else if (/^(UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL)$/.test(first)) {
    const kind = /^(KEY|INDEX)$/.test(first) ? "plain" : first.toLowerCase();
    const index = indexOf(kind as DefinedIndex["kind"], body);
    const called = indexName(body) ?? constraint ?? freeName(table, index.columns[0]);
    addIndex(table, called, index, name);
  } else if (first === "FOREIGN")
    addKey(table, constraint ?? `${name}_ibfk_${table.keys.size + 1}`, body, name);
  else if (first === "CHECK" && constraint !== undefined && table.checks.has(constraint))
    throw new MysqlRefusal(`constraint ${constraint} of ${name} exists already`);
  else if (first === "CHECK")
    table.checks.set(constraint ?? `constraint_${table.checks.size + 1}`, columnsIn(body.slice(1)));
  else if (/^(PERIOD|LIKE)$/.test(first)) throw new NotRead();
  else addColumn(table, body, name);
}

export function addColumn(table: DefinedTable, tokens: readonly Token[], name: string): void {
  const column = nameOf(tokens[0]);
  if (table.columns.has(column))
    throw new MysqlRefusal(`column ${column} of ${name} exists already`);
  const rest = tokens.slice(1);
  table.columns.set(column, definedColumn(rest, table.charset));
  place(table, column, rest);
  const words = shownSpec(rest);
  refuseDefault(rest, table, column, name);
  if (/\bPRIMARY KEY\b/.test(words))
    addIndex(table, primary, { kind: "primary", columns: [column] }, name);
  else if (/\bUNIQUE\b/.test(words))
    addIndex(table, freeName(table, column), { kind: "unique", columns: [column] }, name);
  const check = rest.findIndex((token) => wordOf(token) === "CHECK");
  if (check !== -1 && !/\bAS \(/.test(words))
    table.checks.set(`column ${column}`, columnsIn(inside(rest.slice(check))));
}

export function refuseDefault(
  tokens: readonly Token[],
  table: DefinedTable,
  column: string,
  name: string,
): void {
  const wrong = wrongDefault(tokens, mysqlColumn(tokens, table.charset));
  if (wrong !== undefined)
    throw new MysqlRefusal(`the default of column ${column} of ${name} is none: ${wrong}`);
}

export function definedColumn(
  tokens: readonly Token[],
  charset: string | undefined,
): DefinedColumn {
  const words = shownSpec(tokens);
  const as = tokens.findIndex((token, i) => wordOf(token) === "AS" && tokens[i + 1]?.text === "(");
  return {
    ...mysqlColumn(tokens, charset),
    isVirtual: as !== -1 && !/\b(STORED|PERSISTENT)\b/.test(words),
    countsUp: /\bAUTO_INCREMENT\b/.test(words) || /^SERIAL\b/.test(words),
    isRequired: /\bNOT NULL\b/.test(words) || /\bPRIMARY KEY\b/.test(words),
    from: as === -1 ? [] : columnsIn(inside(tokens.slice(as))),
  };
}

function inside(tokens: readonly Token[]): readonly Token[] {
  return inParentheses(tokens)?.parts.flat() ?? [];
}

function indexOf(kind: DefinedIndex["kind"], tokens: readonly Token[]): DefinedIndex {
  const parts = inParentheses(tokens)?.parts ?? [];
  const expression = parts.findIndex(([token]) => token?.text === "(");
  const plain = expression === -1 ? parts : parts.slice(0, expression);
  const cut = plain.filter((part) => part[1]?.text === "(").map(([column]) => nameOf(column));
  return { kind, columns: plain.map(([column]) => nameOf(column)), cut };
}

function indexName(tokens: readonly Token[]): string | undefined {
  const at = tokens.findIndex(({ text }) => text === "(");
  const before = tokens
    .slice(0, at)
    .filter((token) => !/^(UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|IF|NOT|EXISTS)$/.test(wordOf(token)));
  return before[0] === undefined || /^USING$/.test(wordOf(before[0]))
    ? undefined
    : nameOf(before[0]);
}

function freeName({ indexes }: DefinedTable, column = "functional_index"): string {
  if (!indexes.has(column)) return column;
  for (let n = 2; ; n++) if (!indexes.has(`${column}_${n}`)) return `${column}_${n}`;
}

export function addIndex(
  table: DefinedTable,
  index: string,
  made: DefinedIndex,
  name: string,
): void {
  if (index === primary && made.kind === "primary" && table.indexes.has(primary))
    throw new MysqlRefusal(`${name} has a primary key already`);
  if (table.indexes.has(index)) throw new MysqlRefusal(`index ${index} of ${name} exists already`);
  for (const [i, column] of made.columns.entries())
    if (made.columns.indexOf(column) !== i)
      throw new MysqlRefusal(`column ${column} is twice in index ${index} of ${name}`);
  table.indexes.set(index, made);
}

function addKey(table: DefinedTable, key: string, tokens: readonly Token[], name: string): void {
  const references = tokens.findIndex((token) => wordOf(token) === "REFERENCES");
  if (references === -1) throw new NotRead();
  const own = inParentheses(tokens.slice(0, references))?.parts ?? [];
  const behind = tokens.slice(references + 1);
  const open = behind.findIndex(({ text }) => text === "(");
  const target = behind.slice(0, open);
  const referred = inParentheses(behind)?.parts ?? [];
  if (table.keys.has(key)) throw new MysqlRefusal(`foreign key ${key} of ${name} exists already`);
  table.keys.set(key, {
    columns: own.map(([column]) => nameOf(column)),
    table: target.map(plainText).join(""),
    referred: referred.map(([column]) => nameOf(column)),
    setsNull: /\bON (DELETE|UPDATE) SET NULL\b/.test(shownSpec(behind)),
  });
}

/** A name of a table, with its case. */
export function plainText({ text }: Pick<Token, "text">): string {
  return text.startsWith("`") ? text.slice(1, -1).replaceAll("``", "`") : text;
}

/** FIRST, or AFTER another column; `undefined` where it says neither. */
function placeOf(tokens: readonly Token[]): { readonly after?: string } | undefined {
  if (wordOf(tokens.at(-1)) === "FIRST") return {};
  return wordOf(tokens.at(-2)) === "AFTER" ? { after: nameOf(tokens.at(-1)) } : undefined;
}

/** Puts a column where its definition says; without a word about that it stays. */
export function place({ columns }: DefinedTable, column: string, tokens: readonly Token[]): void {
  const to = placeOf(tokens);
  const defined = columns.get(column);
  if (to === undefined || defined === undefined) return;
  columns.delete(column);
  const all = [...columns];
  const at = to.after === undefined ? 0 : all.findIndex(([name]) => name === to.after) + 1;
  columns.clear();
  for (const [name, one] of [...all.slice(0, at), [column, defined] as const, ...all.slice(at)])
    columns.set(name, one);
}
