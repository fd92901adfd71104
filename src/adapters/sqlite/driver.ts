/** Declares the driver: the one part that an adapter over another package brings itself. */

/** A package that opens files of SQLite. */
export interface SqliteDriver {
  /** Opens a file, or a database in memory; anything can be opened, and only the first statement may fail. */
  open(path: string, options: OpenDatabase): SqliteDatabase;
}

export type OpenDatabase = {
  /** How long a statement waits for another writer, in milliseconds, while this process stands still. */
  readonly timeoutMs: number;
  /** Whether foreign keys are enforced. */
  readonly foreignKeys: boolean;
};

/**
 * One connection, as Node's own driver has it. The text of the catalog may be changed on it. An error of SQLite has its
 * result code as a number in `errcode`, or by name in `code`.
 */
export interface SqliteDatabase {
  readonly isOpen: boolean;
  readonly isTransaction: boolean;
  /** Runs each statement of a text. */
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** A statement. Its values are in order, or by name: `{ $1: "a" }`. */
export interface SqliteStatement {
  /** The rows; none of a statement that gives no rows. */
  all(...values: SqliteInput[]): SqliteRow[];
  all(named: Record<string, SqliteInput>): SqliteRow[];
  get(...values: SqliteInput[]): SqliteRow | undefined;
  run(...values: SqliteInput[]): { readonly changes: number | bigint };
  /** Whether whole numbers come as `bigint`. Default: `false`. */
  setReadBigInts(enabled: boolean): void;
}

export type SqliteInput = SqliteValue | Uint8Array;
export type SqliteValue = null | number | bigint | string | NodeJS.NonSharedUint8Array;
export type SqliteRow = Record<string, SqliteValue>;
