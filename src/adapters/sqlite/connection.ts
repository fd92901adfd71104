/** A connection that makes no file before the first write. */
import { existsSync } from "node:fs";

import { setTimeout as sleep } from "node:timers/promises";
import { connectionFailed, refuseUnusableFile } from "./connection-failed.ts";
import type { SqliteDatabase, SqliteDriver } from "./driver.ts";
import { quote } from "./quote.ts";
import type { Settings } from "./settings.ts";

/** Where the statements of a session go. */
export interface Connection {
  /** For messages. */
  readonly path: string;
  /** How long a statement waits for another writer, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** The database to read from; an empty one when there is no file yet. */
  reading(): SqliteDatabase;
  /** Whether there is no file yet. */
  absent(): boolean;
  /** The database to write to; makes the file when there is none. */
  writing(): SqliteDatabase;
  /** Forgets temporary tables, attached databases and what pragmas set. */
  renew(): void;
  close(): void;
}

/**
 * Opens a file, or waits with that until there is one: opening makes a file, and reading should leave no trace.
 *
 * @throws {ConnectionFailed}
 */
export function fileConnection(driver: SqliteDriver, path: string, settings: Settings): Connection {
  refuseUnusableFile(path);
  let file = existsSync(path) ? openFile(driver, path, settings) : undefined;
  let empty: SqliteDatabase | undefined;
  let closed = false;
  const { busyTimeoutMs } = settings;
  const open = () => {
    if (closed) throw new Error("database is not open");
    file ??= openFile(driver, path, settings);
    return file;
  };
  return {
    path,
    busyTimeoutMs,
    reading: () => {
      if (closed || file !== undefined || existsSync(path)) return open();
      empty ??= openEmpty(driver);
      return empty;
    },
    absent: () => file === undefined && !existsSync(path),
    writing: open,
    renew: () => {
      file?.close();
      file = undefined;
    },
    close: () => {
      if (closed) return;
      closed = true;
      empty?.close();
      file?.close();
    },
  };
}

/** A connection to a database in memory that outlives it. A transaction that it opened ends with it. */
export function memoryConnection(db: SqliteDatabase, settings: Settings): Connection {
  let closed = false;
  let wrote = false;
  const reading = () => {
    if (closed) throw new Error("database is not open");
    return db;
  };
  return {
    path: ":memory:",
    // Nobody else can have it.
    busyTimeoutMs: 0,
    reading,
    absent: () => false,
    writing: () => {
      wrote = true;
      return reading();
    },
    renew: () => clear(db, settings),
    close: () => {
      if (!closed && wrote && db.isOpen && db.isTransaction) db.exec("ROLLBACK");
      closed = true;
    },
  };
}

/** There is no other connection to a database in memory, so its state is put back where possible, one by one. */
function clear(db: SqliteDatabase, { foreignKeys }: Settings): void {
  const of = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map(({ name }) => quote(String(name)));
  for (const name of of("SELECT name FROM sqlite_temp_schema WHERE type = 'view'"))
    db.exec(`DROP VIEW temp.${name}`);
  for (const name of of("SELECT name FROM sqlite_temp_schema WHERE type = 'table'"))
    db.exec(`DROP TABLE temp.${name}`);
  for (const name of of("SELECT name FROM pragma_database_list WHERE name NOT IN ('main', 'temp')"))
    db.exec(`DETACH ${name}`);
  db.exec(
    `PRAGMA foreign_keys = ${foreignKeys ? "ON" : "OFF"}; PRAGMA defer_foreign_keys = OFF; PRAGMA ignore_check_constraints = OFF; PRAGMA legacy_alter_table = OFF; PRAGMA recursive_triggers = OFF; PRAGMA writable_schema = OFF; PRAGMA query_only = OFF; PRAGMA case_sensitive_like = OFF`,
  );
}

/** A database in memory. */
export function openMemory(driver: SqliteDriver, settings: Settings): SqliteDatabase {
  return openFile(driver, ":memory:", settings);
}

function openFile(driver: SqliteDriver, path: string, settings: Settings): SqliteDatabase {
  const { busyTimeoutMs, foreignKeys } = settings;
  try {
    const db = driver.open(path, { timeoutMs: Math.min(busyTimeoutMs, standstillMs), foreignKeys });
    readHeader(db);
    return db;
  } catch (error) {
    throw connectionFailed(path, error);
  }
}

/** SQLite opens anything and reads nothing; this is what finds a file that is no database. */
function readHeader(db: SqliteDatabase): void {
  try {
    db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").all();
  } catch (error) {
    if (isBusy(error)) return;
    db.close();
    throw error;
  }
}

function openEmpty(driver: SqliteDriver): SqliteDatabase {
  const db = driver.open(":memory:", { timeoutMs: 0, foreignKeys: true });
  db.exec("PRAGMA query_only = ON");
  return db;
}

/** While SQLite waits this process stands still, and with it a writer that may be in this very process. */
const standstillMs = 20;
const pauseMs = 10;

/** Does it as soon as no other connection is writing. Meanwhile this process continues. */
export async function whenFree<Result>(
  { busyTimeoutMs }: Connection,
  work: () => Result,
): Promise<Result> {
  for (const since = performance.now(); ; ) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() - since >= busyTimeoutMs) throw error;
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  }
}

/** Whether another connection is writing. https://www.sqlite.org/rescode.html#busy */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === 5;
}

/** SQLite's result code without its extension. https://www.sqlite.org/rescode.html#pve */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode & 0xff;
  const [, name = ""] = ("code" in error && /^SQLITE_([A-Z]+)/.exec(String(error.code))) || [];
  return codes[name];
}

/** The codes that mean something here, for drivers that give names. */
const codes: { readonly [name: string]: number } = {
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
};
