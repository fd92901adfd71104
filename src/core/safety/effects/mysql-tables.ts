/** The columns of tables that migrations or a schema have made, by the words of MySQL. */
import { lex } from "../../sql/lexer.ts";
import type { TableChange } from "../../sql/mysql-table-change.ts";
import { isCode, type Token, wordOf } from "../../sql/token.ts";
import { type MysqlColumn, mysqlColumn } from "./mysql-column.ts";
import { inParentheses, nameOf, shownSpec, specTokens } from "./mysql-specs.ts";

export type MysqlTable = {
  readonly columns: Map<string, MysqlColumn>;
  readonly charset: string | undefined;
  /** Columns of its primary key, which are NOT NULL whatever they say. */
  readonly key: Set<string>;
};

export class MysqlTables {
  readonly #tables = new Map<string, MysqlTable>();

  find(table: string): MysqlTable | undefined {
    return this.#tables.get(table);
  }

  /** After the statement. Of what it does not read, nothing is known. */
  take(sql: string, change: TableChange, table: string): void {
    if (change.kind === "create_table") this.#create(sql, change, table);
    if (change.kind === "alter_table")
      for (const spec of specTokens(sql.slice(change.nameEnd))) this.#alter(spec, table);
  }

  /** A table that has another's name now is not looked for. */
  forget(table: string): void {
    this.#tables.delete(table);
  }

  #create(sql: string, { nameEnd, words }: TableChange, table: string): void {
    if (words.includes("EXISTS") && this.#tables.has(table)) return;
    this.#tables.delete(table);
    const [parts, rest] = definitionsOf(sql.slice(nameEnd));
    const charset = charsetOf(shownSpec(rest));
    const columns = parts.flatMap((tokens): readonly (readonly [string, MysqlColumn])[] =>
      notColumn.test(wordOf(tokens[0]))
        ? []
        : [[nameOf(tokens[0]), mysqlColumn(tokens.slice(1), charset)]],
    );
    const key = new Set(parts.flatMap(keyOf));
    if (columns.length > 0) this.#tables.set(table, { columns: new Map(columns), charset, key });
  }

  #alter(tokens: readonly Token[], table: string): void {
    const known = this.#tables.get(table);
    if (known === undefined) return;
    const charset = /^CONVERT TO (?:CHARACTER SET|CHARSET) (\S+)/.exec(shownSpec(tokens))?.[1];
    if (charset !== undefined) {
      this.#tables.delete(table);
      return;
    }
    if (wordOf(tokens[0]) === "ADD")
      for (const column of keyOf(tokens.slice(1))) known.key.add(column);
    const change = changedColumn(tokens, known.charset);
    if (change?.from !== undefined) known.columns.delete(change.from);
    if (change?.to !== undefined && change.column !== undefined)
      known.columns.set(change.to, change.column);
  }
}

function definitionsOf(sql: string): readonly [readonly (readonly Token[])[], readonly Token[]] {
  const tokens = [...lex(sql, "mysql")].filter(isCode);
  const found = tokens[0]?.text === "(" ? inParentheses(tokens) : undefined;
  return found === undefined ? [[], []] : [found.parts, found.rest];
}

/** The columns of a primary key that is written by itself. */
function keyOf(tokens: readonly Token[]): readonly string[] {
  if (!/^(CONSTRAINT (\S+ )?)?PRIMARY KEY\b/.test(shownSpec(tokens))) return [];
  return (inParentheses(tokens)?.parts ?? []).map(([column]) => nameOf(column));
}

const notColumn =
  /^(PRIMARY|UNIQUE|KEY|INDEX|CONSTRAINT|FOREIGN|CHECK|FULLTEXT|SPATIAL|PERIOD|LIKE)$/;

function charsetOf(options: string): string | undefined {
  return /\b(?:CHARACTER SET|CHARSET)(?: =)? (\S+)/.exec(options)?.[1]?.toLowerCase();
}

export type ChangedColumn = {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The column after the change, where the statement says it. */
  readonly column?: MysqlColumn | undefined;
};

/** Reads the change of a column from one part of an ALTER TABLE. */
export function changedColumn(
  tokens: readonly Token[],
  charset: string | undefined,
): ChangedColumn | undefined {
  const verb = wordOf(tokens[0]);
  if (!/^(ADD|MODIFY|CHANGE|DROP|RENAME)$/.test(verb)) return undefined;
  const at = wordOf(tokens[1]) === "COLUMN" ? 2 : 1;
  if (/^(IF|\()$/.test(wordOf(tokens[at]) || (tokens[at]?.text ?? ""))) return undefined;
  const name = nameOf(tokens[at]);
  switch (verb) {
    case "ADD":
      if (at === 1 && notColumn.test(wordOf(tokens[1]))) return undefined;
      return { to: name, column: mysqlColumn(tokens.slice(at + 1), charset) };
    case "MODIFY":
      return { from: name, to: name, column: mysqlColumn(tokens.slice(at + 1), charset) };
    case "CHANGE":
      return {
        from: name,
        to: nameOf(tokens[at + 1]),
        column: mysqlColumn(tokens.slice(at + 2), charset),
      };
    default:
      // DROP COLUMN c, DROP c; RENAME COLUMN a TO b leaves nothing known of b.
      return at === 1 && (verb === "RENAME" || notColumn.test(wordOf(tokens[1])))
        ? undefined
        : { from: name };
  }
}
