/** Keys as text: what a cursor is made of, and how SQL compares with it. Pure. */
import type { Dialect } from "../core/language/dialect.ts";

/** The values of a key, as the database writes them. Never a number or a date of JavaScript's, which lose digits. */
export type KeyText = readonly string[];

export type KeyColumn = {
  readonly name: string;
  /** The type as the database names it. */
  readonly type: string;
  readonly base: string;
  readonly cast: string;
  readonly collation: string | undefined;
  /** Whether its text stands in SQL without quotes: MySQL compares numbers with text as floating point. */
  readonly bare: boolean;
};

/** The key of a table as SQL. `at` is what stands before the names of columns: a table or an alias, with its dot. */
export class Key {
  readonly columns: readonly KeyColumn[];
  readonly #dialect: Dialect;
  readonly #at: string;

  constructor(dialect: Dialect, columns: readonly KeyColumn[], at = "") {
    this.#dialect = dialect;
    this.columns = columns;
    this.#at = at;
  }

  /** The columns: for ORDER BY and for row values. */
  get list(): string {
    return this.columns.map((_, i) => this.column(i)).join(", ");
  }

  /** The columns as text, called `slipway_k0`, `slipway_k1`, … */
  get texts(): string {
    return this.columns
      .map((column, i) => `${this.#text(this.column(i), column)} AS ${this.alias(i)}`)
      .join(", ");
  }

  column(index: number): string {
    return `${this.#at}${this.#dialect.quote(this.columns[index]?.name ?? "")}`;
  }

  alias(index: number): string {
    return this.#dialect.quote(`slipway_k${index}`);
  }

  /** Behind `lo`, and up to `hi` with it. */
  between(lo: KeyText | undefined, hi: KeyText): string {
    const upTo = this.#compare("<=", hi);
    return lo === undefined ? upTo : `${this.#compare(">", lo)} AND ${upTo}`;
  }

  equals(key: KeyText): string {
    return this.columns
      .map((_, i) => `${this.column(i)} = ${this.literal(i, key[i])}`)
      .join(" AND ");
  }

  literal(index: number, text = ""): string {
    const column = this.columns[index];
    const { backfill, literal } = this.#dialect;
    const given = column && backfill.keyLiteral?.(text, column);
    if (given !== undefined) return given;
    return column?.bare === true && number.test(text) ? text : literal(text);
  }

  /** The key in a row that was asked for `texts`. */
  read(row: Readonly<Record<string, unknown>>): KeyText {
    return this.columns.map((_, i) => String(row[`slipway_k${i}`]));
  }

  #text(expression: string, column: KeyColumn): string {
    const { backfill, castToText } = this.#dialect;
    return backfill.keyText?.(expression, column) ?? castToText(expression);
  }

  /** MySQL uses no index for row values with an order. https://dev.mysql.com/doc/refman/8.4/en/row-constructor-optimization.html */
  #compare(operator: ">" | "<=", key: KeyText): string {
    const values = this.columns.map((_, i) => this.literal(i, key[i]));
    if (this.columns.length === 1) return `${this.column(0)} ${operator} ${values[0]}`;
    if (this.#dialect.name !== "mysql") return `(${this.list}) ${operator} (${values.join(", ")})`;
    const strict = operator === ">" ? ">" : "<";
    const parts = values.map((value, i) => {
      const same = values.slice(0, i).map((before, j) => `${this.column(j)} = ${before}`);
      const last = i === values.length - 1 ? operator : strict;
      return `(${[...same, `${this.column(i)} ${last} ${value}`].join(" AND ")})`;
    });
    return `(${parts.join(" OR ")})`;
  }
}

/** A column of whole numbers may hold other things too, in SQLite. */
const number = /^-?\d+(\.\d+)?$/;

/** A key as it is kept in the ledger. */
export function keyJson(key: KeyText): string {
  return JSON.stringify(key);
}

/** A key that the ledger kept. */
export function keyFromJson(json: unknown): KeyText | undefined {
  return typeof json === "string" ? (JSON.parse(json) as KeyText) : undefined;
}
