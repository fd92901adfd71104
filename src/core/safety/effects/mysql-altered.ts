/** A table of MySQL and MariaDB after an ALTER TABLE, or why both servers refuse it. */
import { type Token, wordOf } from "../../sql/token.ts";
import { columnChangeWay, type MysqlColumn } from "./mysql-column.ts";
import { refuseLost } from "./mysql-lost.ts";
import {
  type DefinedTable,
  define,
  definedColumn,
  MysqlRefusal,
  NotRead,
  place,
  primary,
  refuseDefault,
} from "./mysql-schema.ts";
import { type KnownTables, refuseUnsound } from "./mysql-sound.ts";
import { inParentheses, nameOf, newNames, shownSpec } from "./mysql-specs.ts";

type Place = { readonly others: KnownTables; readonly checksKeys: boolean };

/**
 * The table after an ALTER TABLE. Drops come first, wherever the statement has them.
 *
 * @throws {MysqlRefusal}
 * @throws {NotRead}
 */
export function alterTable(
  name: string,
  before: DefinedTable,
  specs: readonly (readonly Token[])[],
  place: Place,
): DefinedTable {
  const table: DefinedTable = {
    ...before,
    columns: new Map(before.columns),
    indexes: new Map(before.indexes),
    keys: new Map(before.keys),
    checks: new Map(before.checks),
  };
  const all = specs.map((tokens) => ({
    tokens,
    words: shownSpec(tokens),
    verb: wordOf(tokens[0]),
  }));
  const alter = new Alteration(name, table, {
    ...place,
    leaving: new Set(newNames(specs).values()),
  });
  for (const { tokens, words } of all.filter(({ verb }) => verb === "DROP"))
    alter.drop(tokens, words);
  for (const { tokens } of all.filter(({ verb }) => /^(MODIFY|CHANGE)$/.test(verb)))
    alter.change(tokens);
  for (const { tokens, words } of all.filter(({ verb }) => verb === "RENAME"))
    alter.rename(tokens, words);
  for (const { tokens } of all.filter(({ verb }) => verb === "ALTER")) alter.setDefault(tokens);
  for (const { tokens, words } of all.filter(({ verb }) => verb === "ADD"))
    alter.add(tokens, words);
  if (table.columns.size === 0) throw new MysqlRefusal(`${name} would have no column`);
  alter.refuseLost();
  refuseUnsound(name, table, { ...place, before });
  if (
    all.some(
      ({ verb, words }) =>
        !read.test(verb) || /^(ADD|DROP) (SYSTEM|PERIOD|PARTITION)\b/.test(words),
    )
  )
    throw new NotRead();
  return table;
}

/** Other verbs change nothing that matters here, or are not read. */
const read =
  /^(DROP|MODIFY|CHANGE|RENAME|ALTER|ADD|FORCE|ENGINE|ROW_FORMAT|COMMENT|AUTO_INCREMENT|ALGORITHM|LOCK)$/;

class Alteration {
  readonly #name: string;
  readonly #table: DefinedTable;
  readonly #place: Place;
  readonly #lost = new Set<string>();
  /** Columns of the primary key that is gone. */
  #keyless: readonly string[] | undefined;
  readonly #leaving: ReadonlySet<string>;
  /** Columns of indexes that are gone. */
  readonly #unindexed: (readonly string[])[] = [];

  constructor(
    name: string,
    table: DefinedTable,
    { leaving, ...place }: Place & { readonly leaving: ReadonlySet<string> },
  ) {
    this.#name = name;
    this.#leaving = leaving;
    this.#table = table;
    this.#place = place;
  }

  drop(tokens: readonly Token[], words: string): void {
    const { columns, indexes, keys, checks } = this.#table;
    if (/\bIF EXISTS\b/.test(words)) throw new NotRead();
    const [, what = ""] =
      /^DROP (PRIMARY KEY|FOREIGN KEY|INDEX|KEY|CONSTRAINT|CHECK|COLUMN|PARTITION|SYSTEM|PERIOD)?/.exec(
        words,
      ) ?? [];
    const thing = nameOf(tokens.at(what === "" ? 1 : what.split(" ").length + 1));
    switch (what) {
      case "PRIMARY KEY": {
        const key = indexes.get(primary);
        if (key === undefined) throw this.#refusal(`there is no primary key on ${this.#name}`);
        indexes.delete(primary);
        this.#keyless = key.columns;
        return;
      }
      case "FOREIGN KEY":
        if (!keys.delete(thing))
          throw this.#refusal(`there is no foreign key ${thing} on ${this.#name}`);
        return;
      case "INDEX":
      case "KEY":
        this.#dropIndex(thing);
        return;
      case "CONSTRAINT":
        if (keys.delete(thing) || checks.delete(thing) || indexes.delete(thing)) return;
        throw this.#refusal(`there is no constraint ${thing} on ${this.#name}`);
      case "CHECK":
        if (!checks.delete(thing))
          throw this.#refusal(`there is no constraint ${thing} on ${this.#name}`);
        return;
      case "PARTITION":
        throw this.#refusal(`${this.#name} has no partitions`);
      case "SYSTEM":
      case "PERIOD":
        throw new NotRead();
      default:
        if (!columns.delete(thing))
          throw this.#refusal(`table ${this.#name} has no column ${thing}`);
        this.#lost.add(thing);
    }
  }

  #dropIndex(index: string): void {
    const { indexes, keys } = this.#table;
    const gone = indexes.get(index);
    // The server gives a foreign key an index with the same name, where the table had none.
    if (gone === undefined && keys.has(index))
      throw this.#refusal(`foreign key ${index} of ${this.#name} needs its index`);
    if (gone === undefined) throw this.#refusal(`there is no index ${index} on ${this.#name}`);
    indexes.delete(index);
    this.#unindexed.push(gone.columns);
  }

  change(tokens: readonly Token[]): void {
    const { columns, indexes } = this.#table;
    const at = wordOf(tokens[1]) === "COLUMN" ? 2 : 1;
    if (wordOf(tokens[at]) === "IF") throw new NotRead();
    const isChange = wordOf(tokens[0]) === "CHANGE";
    const [from, to] = [nameOf(tokens[at]), nameOf(tokens[isChange ? at + 1 : at])];
    const was = columns.get(from);
    if (was === undefined) throw this.#refusal(`table ${this.#name} has no column ${from}`);
    const definition = tokens.slice(at + (isChange ? 2 : 1));
    const made = definedColumn(definition, this.#table.charset);
    refuseDefault(definition, this.#table, from, this.#name);
    this.#refuseOtherType(from, was, made);
    const emptied = [...this.#table.keys].find(
      ([, key]) => key.setsNull && key.columns.includes(from),
    );
    if (made.isRequired && emptied !== undefined)
      throw this.#refusal(`foreign key ${emptied[0]} of ${this.#name} sets column ${from} to NULL`);
    this.#calls(from, to, made);
    this.#refusePlace(definition);
    place(this.#table, to, definition);
    if (/\bPRIMARY KEY\b/.test(shownSpec(definition)) && indexes.has(primary))
      throw this.#refusal(`${this.#name} has a primary key already`);
  }

  /** A column that a foreign key joins keeps its type. */
  #refuseOtherType(column: string, was: MysqlColumn, made: MysqlColumn): void {
    if (!this.#place.checksKeys || columnChangeWay(was, made) !== "copy") return;
    const own = [...this.#table.keys].find(([, key]) => key.columns.includes(column))?.[0];
    const other = this.#place.others
      .keysTo(this.#name)
      .find(({ key }) => key.referred.includes(column))?.name;
    const needing = own ?? other;
    if (needing !== undefined)
      throw this.#refusal(
        `foreign key ${needing} needs the type of column ${column} of ${this.#name}`,
      );
  }

  rename(tokens: readonly Token[], words: string): void {
    const [, what] = /^RENAME (COLUMN|INDEX|KEY)\b/.exec(words) ?? [];
    if (what === undefined) return;
    const [from, to] = [nameOf(tokens[2]), nameOf(tokens[4])];
    if (wordOf(tokens[2]) === "IF") throw new NotRead();
    if (what === "COLUMN") {
      const was = this.#table.columns.get(from);
      if (was === undefined) throw this.#refusal(`table ${this.#name} has no column ${from}`);
      this.#calls(from, to, was);
      return;
    }
    const { indexes } = this.#table;
    const index = indexes.get(from);
    if (index === undefined) throw this.#refusal(`there is no index ${from} on ${this.#name}`);
    if (from !== to && indexes.has(to))
      throw this.#refusal(`index ${to} of ${this.#name} exists already`);
    indexes.delete(from);
    indexes.set(to, index);
  }

  /** All that names a column follows it. */
  #calls(from: string, to: string, made: Parameters<DefinedTable["columns"]["set"]>[1]): void {
    const { columns, indexes, keys, checks } = this.#table;
    // Two that swap their names are renamed at once.
    if (from !== to && columns.has(to) && this.#leaving.has(to)) throw new NotRead();
    if (from !== to && columns.has(to))
      throw this.#refusal(`column ${to} of ${this.#name} exists already`);
    const follow = (names: readonly string[]) => names.map((one) => (one === from ? to : one));
    const all = [...columns];
    columns.clear();
    for (const [name, one] of all)
      columns.set(name === from ? to : name, name === from ? made : one);
    if (from === to) return;
    for (const [other, one] of columns) columns.set(other, { ...one, from: follow(one.from) });
    for (const [index, one] of indexes)
      indexes.set(index, { ...one, columns: follow(one.columns), cut: follow(one.cut ?? []) });
    for (const [key, one] of keys) keys.set(key, { ...one, columns: follow(one.columns) });
    for (const [check, names] of checks) checks.set(check, follow(names));
  }

  setDefault(tokens: readonly Token[]): void {
    const at = wordOf(tokens[1]) === "COLUMN" ? 2 : 1;
    if (/^(IF|INDEX|KEY|CHECK|CONSTRAINT)$/.test(wordOf(tokens[at]))) throw new NotRead();
    const column = nameOf(tokens[at]);
    if (!this.#table.columns.has(column))
      throw this.#refusal(`table ${this.#name} has no column ${column}`);
  }

  add(tokens: readonly Token[], words: string): void {
    if (/^ADD (SYSTEM|PERIOD|PARTITION)\b/.test(words)) return;
    const rest = tokens.slice(wordOf(tokens[1]) === "COLUMN" ? 2 : 1);
    if (wordOf(rest[0]) === "IF" || /\bIF NOT EXISTS\b/.test(words)) throw new NotRead();
    const several = rest[0]?.text === "(" ? inParentheses(rest)?.parts : undefined;
    for (const one of several ?? [rest]) {
      define(this.#table, one, this.#name);
      if (
        !/^(INDEX|KEY|UNIQUE|FULLTEXT|SPATIAL|PRIMARY|FOREIGN|CONSTRAINT|CHECK)$/.test(
          wordOf(one[0]),
        )
      )
        this.#refusePlace(one);
    }
  }

  /** AFTER names a column that is there, or was just added. */
  #refusePlace(tokens: readonly Token[]): void {
    const after = tokens.findLastIndex((token) => wordOf(token) === "AFTER");
    const column = after === tokens.length - 2 ? nameOf(tokens.at(-1)) : undefined;
    if (after > 0 && column !== undefined && !this.#table.columns.has(column))
      throw this.#refusal(`table ${this.#name} has no column ${column}`);
  }

  refuseLost(): void {
    const place = {
      ...this.#place,
      lost: [...this.#lost],
      unindexed: this.#unindexed,
      keyless: this.#keyless,
    };
    refuseLost(this.#name, this.#table, place);
  }

  #refusal(why: string): MysqlRefusal {
    return new MysqlRefusal(why);
  }
}
