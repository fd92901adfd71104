/** A database of better-sqlite3, and of packages with the same interface, as this adapter has it. */
import type {
  OpenDatabase,
  SqliteDatabase,
  SqliteRow,
  SqliteStatement,
  SqliteValue,
} from "./driver.ts";

/** The parts of the interface that Slipway uses. */
export type BetterDatabase = {
  readonly open: boolean;
  readonly inTransaction: boolean;
  exec(sql: string): unknown;
  prepare(sql: string): BetterStatement;
  close(): unknown;
};

type BetterStatement = {
  /** Whether it gives rows. */
  readonly reader: boolean;
  all(...values: readonly unknown[]): unknown[];
  get(...values: readonly unknown[]): unknown;
  run(...values: readonly unknown[]): { readonly changes: number | bigint };
  safeIntegers(enabled: boolean): unknown;
};

export function fromBetter(db: BetterDatabase, { foreignKeys }: OpenDatabase): SqliteDatabase {
  db.exec(`PRAGMA foreign_keys = ${foreignKeys ? "ON" : "OFF"}`);
  return {
    get isOpen() {
      return db.open;
    },
    get isTransaction() {
      return db.inTransaction;
    },
    exec: (sql) => void db.exec(sql),
    prepare: (sql) => statementOf(db.prepare(sql)),
    close: () => void db.close(),
  };
}

function statementOf(statement: BetterStatement): SqliteStatement {
  return {
    all: (...values: readonly unknown[]) => {
      if (statement.reader) return statement.all(...values.map(named)).map(rowOf);
      statement.run(...values.map(named));
      return [];
    },
    get: (...values) => {
      const row = statement.get(...values);
      return row === undefined ? undefined : rowOf(row);
    },
    run: (...values) => statement.run(...values),
    setReadBigInts: (enabled) => void statement.safeIntegers(enabled),
  };
}

/** Names are given without the sign that begins them. */
function named(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name.slice(1), part]));
}

function rowOf(row: unknown): SqliteRow {
  const parts = Object.entries(row as { readonly [name: string]: SqliteValue | ArrayBuffer });
  return Object.fromEntries(parts.map(([name, value]) => [name, bytes(value)]));
}

function bytes(value: SqliteValue | ArrayBuffer): SqliteValue {
  return value instanceof ArrayBuffer || value instanceof Buffer ? new Uint8Array(value) : value;
}
