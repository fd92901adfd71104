/** How a kind of database spells what backfills ask of it. */
import type { Named } from "../model/named.ts";

/** A column as the catalog has it. */
export type ColumnFacts = {
  readonly name: string;
  /** As the database names it: `bigint`, `varchar(20)`. */
  readonly type: string;
  /** The type under a domain, by the catalog's own name, whatever a session is set to: `int8`, `record`. Default: `type`. */
  readonly base: string;
  /** The type under a domain, as a cast takes it. Default: `type`. */
  readonly cast: string;
  /** Of text, where values of one cannot be compared with those of another (MySQL), or copies lose it (SQLite). */
  readonly collation: string | undefined;
  /** The schema of the operators that order the type, on PostgreSQL. Default: operators have no schema. */
  readonly operators?: string | undefined;
  readonly notNull: boolean;
  /** Whether a new row gets a value of its own accord. */
  readonly hasDefault: boolean;
  /** Whether each change of a row puts the present time there. */
  readonly moves: boolean;
};

/** New values of rows: `values` in the order of `columns`, `key` in that of `keys`, as text. */
export type RowUpdates = {
  readonly table: Named;
  readonly keys: readonly Pick<
    ColumnFacts,
    "name" | "type" | "base" | "cast" | "collation" | "operators"
  >[];
  readonly columns: readonly ColumnFacts[];
  readonly rows: readonly RowUpdate[];
};

export type RowUpdate = { readonly key: readonly string[]; readonly values: readonly unknown[] };

/** Statements for many rows at once, and the rows that need one of their own. */
export type UpdateSqls = {
  readonly sqls: readonly string[];
  readonly single: readonly RowUpdate[];
};

/** Whether policies may hide rows: not unless they are meant to. */
export type RowSecurity = "refuse" | "as-role";

export interface BackfillSql {
  /** The present time of the server in whole milliseconds, so that no two clocks are ever compared. */
  readonly nowMs: string;
  /** Base types of which the driver gives a number or a date, and loses digits. */
  readonly inexact: RegExp;
  /** Base types whose text does not give the same value back, or has another order. */
  readonly withoutText: RegExp;
  /** What locks rows until the transaction ends. No weaker lock keeps others from changing what new values are made of. */
  readonly locking: string;
  /**
   * Queries for columns, unique indexes (partial ones are left out), and the estimated rows and the triggers of a table;
   * `lasting` is its storage engine when that cannot roll back.
   */
  tableFacts(table: Named): {
    readonly columns: string;
    readonly unique: string;
    readonly about: string;
  };
  /**
   * Queries for a `value`, what others are doing on the server: how many connections are at work, and how old the oldest
   * transaction is, in milliseconds. `hidden` is how many there are of which nothing may be seen. Default: nobody can tell.
   */
  readonly activity?: { readonly active: string; readonly oldestMs: string };
  /** How long at least to rest after a batch of so many milliseconds, so that others can write too. Default: 0. */
  restMs?(batchMs: number): number;
  /** What a transaction that reads or writes values as text begins with. Default: nothing. */
  settings?(rowSecurity: RowSecurity): readonly string[];
  /** Finds a row that has NULL in a primary key. Default: there can be none. */
  nullKeySql?(table: Named, key: readonly string[]): string;
  /** A value of a key as text that gives it back whatever its type is. Default: a cast, for the type of the column. */
  keyText?(expression: string, column: Pick<ColumnFacts, "base">): string;
  /** The value that such a text stands for, in SQL. Default: by the type of the column. */
  keyLiteral?(text: string, column: Pick<ColumnFacts, "cast">): string;
  /** Such a text for people to read. Default: it is. */
  keyShown?(text: string): string;
  /** A comparison of values of one type, by the operators that order it. Default: the sign. */
  compare?(sign: "=" | "<" | "<=" | ">" | ">=", column: Pick<ColumnFacts, "operators">): string;
  /** A column as code is to see it, without a loss. Default: text. */
  exactly?(expression: string, column: Pick<ColumnFacts, "type" | "base">): string;
  /** Writes values as exactly as the database reads them from their text. Default: each row by itself. */
  updateRows?(updates: RowUpdates): UpdateSqls;
}
