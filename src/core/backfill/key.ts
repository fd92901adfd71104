/** Keys as text: what a cursor is made of, and how SQL compares with it. Pure. */
import type { ColumnFacts } from "../language/backfill-sql.ts";
import type { Dialect } from "../language/dialect.ts";
import type { Named } from "../model/named.ts";

/** The values of a key, as the database writes them. Never a number or a date of JavaScript's, which lose digits. */
export type KeyText = readonly string[];

export type KeyColumn = Pick<
  ColumnFacts,
  "name" | "type" | "base" | "cast" | "collation" | "operators"
> & {
  /** Whether its text stands in SQL without quotes: MySQL compares numbers with text as floating point. */
  readonly bare: boolean;
};

/** The key of a table as SQL. */
export class Key {
  readonly columns: readonly KeyColumn[];
  readonly #dialect: Dialect;

  constructor(dialect: Dialect, columns: readonly Omit<KeyColumn, "bare">[]) {
    this.#dialect = dialect;
    this.columns = columns.map((column) => ({
      ...column,
      bare: /int|^(decimal|numeric)/i.test(column.type),
    }));
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
    return `${this.#dialect.quote(this.columns[index]?.name ?? "")}`;
  }

  alias(index: number): string {
    return this.#dialect.quote(`slipway_k${index}`);
  }

  /** The names of the columns, for people. */
  get names(): string {
    return this.columns.map(({ name }) => name).join(", ");
  }

  /** A key, for people. */
  shown(key: KeyText): string {
    const { keyShown } = this.#dialect.backfill;
    return key.map((text) => keyShown?.(text) ?? text).join(", ");
  }

  /** Behind `lo`. */
  behind(lo: KeyText): string {
    return this.#compare(">", lo);
  }

  /** Behind `lo`, and up to `hi` with it. */
  between(lo: KeyText | undefined, hi: KeyText): string {
    const upTo = this.#compare("<=", hi);
    return lo === undefined ? upTo : `${this.behind(lo)} AND ${upTo}`;
  }

  equals(key: KeyText): string {
    return this.columns
      .map((_, i) => `${this.column(i)} ${this.sign("=", i)} ${this.literal(i, key[i])}`)
      .join(" AND ");
  }

  /** Whether the key of a row of `table` is among those of a table that keeps keys. */
  isIn(kept: Named, table: Named): string {
    const { quote, quoteNamed } = this.#dialect;
    const same = this.columns.map(({ name }, i) => {
      const column = quote(name);
      return `slipway_kept.${column} ${this.sign("=", i)} ${quote(table.name)}.${column}`;
    });
    return `EXISTS (SELECT 1 FROM ${quoteNamed(kept)} AS slipway_kept WHERE ${same.join(" AND ")})`;
  }

  /** The operator that the order of a column is made of: another schema may have one that looks the same. */
  sign(sign: "=" | "<" | "<=" | ">" | ">=", index: number): string {
    const column = this.columns[index];
    return (column && this.#dialect.backfill.compare?.(sign, column)) ?? sign;
  }

  literal(index: number, text = ""): string {
    const column = this.columns[index];
    const { backfill, literal } = this.#dialect;
    const given = column && backfill.keyLiteral?.(text, column);
    if (given !== undefined) return given;
    return column?.bare === true && number.test(text) ? text : literal(text);
  }

  /** The key in a row that a query for `texts` gave. */
  read(row: Readonly<Record<string, unknown>>): KeyText {
    return this.columns.map((_, i) => String(row[`slipway_k${i}`]));
  }

  #text(expression: string, column: KeyColumn): string {
    const { backfill, castToText } = this.#dialect;
    return backfill.keyText?.(expression, column) ?? castToText(expression);
  }

  /** Row values have one operator for all columns, and not every database uses an index for them. */
  #compare(operator: ">" | "<=", key: KeyText): string {
    const values = this.columns.map((_, i) => this.literal(i, key[i]));
    const is = (sign: "=" | "<" | "<=" | ">" | ">=", i: number) =>
      `${this.column(i)} ${this.sign(sign, i)} ${values[i]}`;
    if (values.length === 1) return is(operator, 0);
    const isOneOrder = new Set(this.columns.map((column) => column.operators)).size === 1;
    if (isOneOrder && this.#dialect.backfill.rowValues !== false)
      return `(${this.list}) ${this.sign(operator, 0)} (${values.join(", ")})`;
    const strict = operator === ">" ? ">" : "<";
    const parts = values.map((_, i) => {
      const same = values.slice(0, i).map((_, j) => is("=", j));
      return `(${[...same, is(i === values.length - 1 ? operator : strict, i)].join(" AND ")})`;
    });
    const whole = `(${parts.join(" OR ")})`;
    // PostgreSQL can begin an index scan with a condition on the first column alone.
    return isOneOrder ? whole : `(${is(operator === ">" ? ">=" : "<=", 0)} AND ${whole})`;
  }
}

/** A column of whole numbers may hold other things too, in SQLite. */
const number = /^-?\d+(\.\d+)?$/;
