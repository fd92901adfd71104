/**
 * Foretells refusals on which MySQL and MariaDB agree, by the tables that migrations made. It says
 * nothing about unknown tables.
 */
import { lex } from "../../sql/lexer.ts";
import { isCode, type Token, wordOf } from "../../sql/token.ts";
import { alterTable } from "./mysql-altered.ts";
import { nameAfter, nameOfTable, renamedTo, wordToken } from "./mysql-names.ts";
import {
  addIndex,
  type DefinedIndex,
  type DefinedTable,
  define,
  MysqlRefusal,
  NotRead,
} from "./mysql-schema.ts";
import { type KeyTo, type KnownTables, refuseUnsound } from "./mysql-sound.ts";
import { inParentheses, nameOf, newNames, shownSpec, specTokens } from "./mysql-specs.ts";

export class MysqlSchema implements KnownTables {
  /** A table that is there, of which no more is known, is `undefined`. */
  readonly #tables = new Map<string, DefinedTable | undefined>();
  readonly #gone = new Set<string>();
  readonly #views = new Set<string>();
  /** Whether all that is there is known. */
  #isWhole: boolean;

  constructor(isWhole: boolean) {
    this.#isWhole = isWhole;
  }

  find(table: string): DefinedTable | undefined {
    return this.#tables.get(table);
  }

  /** The table of an ALTER TABLE, before it. */
  tableOf(sql: string): DefinedTable | undefined {
    const tokens = /^\s*ALTER\b/i.test(sql) ? [...lex(sql, "mysql")].filter(isCode) : [];
    return tokens.length === 0 ? undefined : this.find(nameAfter(tokens, "TABLE").name);
  }

  keysTo(table: string): readonly KeyTo[] {
    return [...this.#tables].flatMap(([child, one]) =>
      [...(one?.keys ?? [])]
        .filter(([, key]) => key.table === table)
        .map(([name, key]) => ({ child, name, key })),
    );
  }

  tableOfKey(key: string): string | undefined {
    return [...this.#tables].find(([, one]) => one?.keys.has(key) === true)?.[0];
  }

  isMissing(table: string): boolean {
    if (this.#tables.has(table) || table.includes(".")) return false;
    return this.#isWhole || this.#gone.has(table);
  }

  /** Something ran of which only the server knows what it did. */
  forgetAll(): void {
    for (const table of this.#tables.keys()) this.#tables.set(table, undefined);
    this.#gone.clear();
    this.#isWhole = false;
  }

  /** Why the servers refuse it; `undefined` where they do not, or where that is not sure. Then it is taken as done. */
  run(sql: string, { checksKeys }: { readonly checksKeys: boolean }): string | undefined {
    const tokens = [...lex(sql, "mysql")].filter(isCode);
    const words = tokens.map(wordOf);
    try {
      this.#take(sql, tokens, words, checksKeys);
      return undefined;
    } catch (error) {
      if (error instanceof MysqlRefusal) return error.why;
      if (error instanceof NotRead) return undefined;
      throw error;
    }
  }

  #take(
    sql: string,
    tokens: readonly Token[],
    words: readonly string[],
    checksKeys: boolean,
  ): void {
    const head = words
      .filter((word) => word !== "")
      .slice(0, 6)
      .join(" ");
    const other = words.findIndex((word) => /^(VIEW|SEQUENCE|TEMPORARY)$/.test(word));
    const isOther =
      /^CREATE\b/.test(head) &&
      other > 0 &&
      !words.slice(0, other).some((word) => /^(TABLE|AS)$/.test(word));
    if (/^DROP VIEW\b/.test(head)) this.#views.clear();
    if (/^(USE|CALL|EXECUTE|PREPARE)\b/.test(head)) this.forgetAll();
    else if (isOther) this.#other(tokens, words[other] === "TEMPORARY" ? "TABLE" : words[other]!);
    else if (/^CREATE( OR REPLACE)? TABLE\b/.test(head)) this.#create(sql, tokens, checksKeys);
    else if (/^ALTER( ONLINE| IGNORE)* TABLE\b/.test(head)) this.#alter(sql, tokens, checksKeys);
    else if (/^CREATE( ONLINE)?( UNIQUE| FULLTEXT| SPATIAL)? INDEX\b/.test(head))
      this.#index(tokens, words);
    else if (/^DROP INDEX\b/.test(head)) this.#dropIndex(tokens, words);
    else if (/^DROP TABLE\b/.test(head)) this.#drop(tokens, words, checksKeys);
    else if (/^RENAME TABLE\b/.test(head)) this.#rename(tokens.slice(2));
    else if (/^TRUNCATE\b/.test(head)) this.#truncate(tokens, words, checksKeys);
    else if (/^(INSERT|REPLACE)( IGNORE)?( INTO)?\b/.test(head)) this.#insert(tokens, words);
  }

  /** A view, a sequence or a temporary table: it has the name of a table, and no more is known of it. */
  #other(tokens: readonly Token[], word: string): void {
    const { name } = nameAfter(tokens, word);
    this.#tables.set(name, undefined);
    if (word === "VIEW") this.#views.add(name);
  }

  #create(sql: string, tokens: readonly Token[], checksKeys: boolean): void {
    const { name, end, isIf } = nameAfter(tokens, "TABLE");
    const isThere = this.#tables.has(name);
    if (isThere && isIf) return;
    if (isThere && !tokens.slice(0, 3).some((token) => wordOf(token) === "REPLACE"))
      throw new MysqlRefusal(`table ${name} exists already`);
    const parts = tokens[end]?.text === "(" ? inParentheses(tokens.slice(end)) : undefined;
    const options = shownSpec(parts?.rest ?? []);
    const isRead =
      parts !== undefined &&
      !/\/\*M?!/.test(sql) &&
      !/\b(SELECT|PARTITION|LIKE)\b/.test(options) &&
      (!isIf || this.#isWhole);
    const charset = /\b(?:CHARACTER SET|CHARSET)(?: =)? (\S+)/.exec(options)?.[1]?.toLowerCase();
    const made: DefinedTable = {
      columns: new Map(),
      indexes: new Map(),
      keys: new Map(),
      checks: new Map(),
      charset,
    };
    this.#tables.set(name, undefined);
    this.#gone.delete(name);
    if (!isRead) return;
    // Where it is refused nothing is known of the table: what comes after it is not judged by it.
    for (const part of parts.parts) define(made, part, name);
    refuseUnsound(name, made, { others: this, checksKeys });
    this.#tables.set(name, made);
  }

  #alter(sql: string, tokens: readonly Token[], checksKeys: boolean): void {
    const { name, end } = nameAfter(tokens, "TABLE");
    if (this.#views.has(name)) throw new MysqlRefusal(`${name} is a view, and no table`);
    const table = this.#known(name);
    const specs = specTokens(sql.slice(tokens[end]?.start ?? sql.length));
    const renamed = specs.map((spec) => renamedTo(spec)).find((to) => to !== undefined);
    if (/\/\*M?!/.test(sql)) {
      this.#tables.set(name, undefined);
    } else if (table !== undefined) {
      this.#tables.set(name, undefined);
      try {
        this.#tables.set(name, alterTable(name, table, specs, { others: this, checksKeys }));
        this.#follow(name, newNames(specs));
      } catch (error) {
        if (error instanceof MysqlRefusal) this.#tables.set(name, table);
        throw error;
      }
    }
    if (renamed !== undefined) this.#move(name, renamed);
  }

  /** Foreign keys of others refer to a column by its new name. */
  #follow(name: string, called: ReadonlyMap<string, string>): void {
    const now = new Map([...called].map(([to, from]) => [from, to]));
    for (const { child, name: key, key: one } of this.keysTo(name))
      this.#tables.get(child)?.keys.set(key, {
        ...one,
        referred: one.referred.map((column) => now.get(column) ?? column),
      });
  }

  /** The table, which may be unknown. @throws {MysqlRefusal} where it is certain that there is none */
  #known(name: string): DefinedTable | undefined {
    if (this.isMissing(name)) throw new MysqlRefusal(`there is no table ${name}`);
    return this.find(name);
  }

  #move(from: string, to: string): void {
    if (this.#tables.has(to)) throw new MysqlRefusal(`table ${to} exists already`);
    const table = this.#tables.get(from);
    this.#tables.delete(from);
    this.#gone.add(from);
    this.#gone.delete(to);
    this.#tables.set(to, table);
    for (const other of this.#tables.values())
      for (const [key, one] of other?.keys ?? [])
        if (one.table === from) other!.keys.set(key, { ...one, table: to });
  }

  #index(tokens: readonly Token[], words: readonly string[]): void {
    const { name, end } = nameAfter(tokens, "ON");
    const table = this.#known(name);
    const at = words.indexOf("INDEX");
    if (table === undefined || wordOf(tokens[at + 1]) === "IF") return;
    const copy = { ...table, indexes: new Map(table.indexes) };
    const kind = /^(UNIQUE|FULLTEXT|SPATIAL)$/.exec(words.slice(1, at).join(" "))?.[0] ?? "PLAIN";
    const columns = inParentheses(tokens.slice(end))?.parts ?? [];
    if (columns.some(([first]) => first?.text === "(")) throw new NotRead();
    addIndex(
      copy,
      nameOf(tokens[at + 1]),
      {
        kind: kind.toLowerCase() as DefinedIndex["kind"],
        columns: columns.map(([column]) => nameOf(column)),
        cut: columns.filter((part) => part[1]?.text === "(").map(([column]) => nameOf(column)),
      },
      name,
    );
    refuseUnsound(name, copy, { others: this, checksKeys: false });
    this.#tables.set(name, copy);
  }

  #dropIndex(tokens: readonly Token[], words: readonly string[]): void {
    const { name } = nameAfter(tokens, "ON");
    const table = this.#known(name);
    if (table === undefined || words[2] === "IF") return;
    const drop = [wordToken("DROP"), wordToken("INDEX"), tokens[2]!];
    this.#tables.set(name, alterTable(name, table, [drop], { others: this, checksKeys: true }));
  }

  #drop(tokens: readonly Token[], words: readonly string[], checksKeys: boolean): void {
    const isIf = words[2] === "IF";
    const names = specTokens(
      tokens
        .slice(isIf ? 4 : 2)
        .map(({ text }) => text)
        .join(" "),
    ).map(nameOfTable);
    for (const name of names) {
      if (!isIf) this.#known(name);
      const referring = this.keysTo(name).find(({ child }) => !names.includes(child));
      if (checksKeys && referring !== undefined && this.#tables.has(name))
        throw new MysqlRefusal(`a foreign key of ${referring.child} refers to ${name}`);
    }
    for (const name of names) {
      if (this.#tables.delete(name)) this.#gone.add(name);
    }
  }

  #rename(tokens: readonly Token[]): void {
    for (const one of specTokens(tokens.map(({ text }) => text).join(" "))) {
      const to = one.findIndex((token) => wordOf(token) === "TO");
      const from = nameOfTable(one.slice(0, to));
      this.#known(from);
      if (this.#tables.has(from)) this.#move(from, nameOfTable(one.slice(to + 1)));
    }
  }

  #truncate(tokens: readonly Token[], words: readonly string[], checksKeys: boolean): void {
    const name = nameOfTable(tokens.slice(words[1] === "TABLE" ? 2 : 1));
    this.#known(name);
    const referring = this.keysTo(name).find(({ child }) => child !== name);
    if (checksKeys && referring !== undefined)
      throw new MysqlRefusal(
        `a foreign key of ${referring.child} refers to ${name}, and TRUNCATE asks no row`,
      );
  }

  /** Columns that are named, and those that are generated. */
  #insert(tokens: readonly Token[], words: readonly string[]): void {
    const { name, end } = nameAfter(tokens, "INTO");
    if (!words.includes("INTO")) return;
    const table = this.#known(name);
    if (table === undefined || tokens[end]?.text !== "(") return;
    const named = inParentheses(tokens.slice(end))?.parts.map(([column]) => nameOf(column)) ?? [];
    const missing = named.find(
      (column) => column !== "" && !/^(select|values?)$/.test(column) && !table.columns.has(column),
    );
    const isList = !/^(select|with)$/.test(named[0] ?? "");
    if (isList && missing !== undefined)
      throw new MysqlRefusal(`table ${name} has no column ${missing}`);
  }
}
