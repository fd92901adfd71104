/** The adapter of SQLite, over whichever driver. */
import { resolve } from "node:path";
import type { Adapter, OpenOptions, Session, Storage } from "../adapter.ts";
import { givenText } from "../given.ts";
import { type Claims, processLock } from "../process-lock.ts";
import { fileConnection, memoryConnection, openMemory } from "./connection.ts";
import { sqliteDialect } from "./dialect.ts";
import type { SqliteDatabase, SqliteDriver } from "./driver.ts";
import { fileLock } from "./file-lock.ts";
import { noLock } from "./lock.ts";
import { SqliteSession } from "./session.ts";
import { type Settings, type SqliteOptions, withDefaults } from "./settings.ts";
import { fileStorage } from "./storage.ts";

/** Loads the package of a driver, which may not be installed. */
export type LoadDriver = () => Promise<SqliteDriver>;

/** A database in a file, or in memory, by this driver; loads and opens nothing before the first session. */
export function withDriver(load: LoadDriver, options: SqliteOptions): Adapter {
  const settings = () => withDefaults(options);
  const path = () => locate(options.path);
  const memory = new Memory(load, settings);
  return {
    name: "sqlite",
    single: true,
    dialect: sqliteDialect,
    describe: () => describePath(path),
    open: async (opening) => {
      const place = path();
      const driver = await load();
      return place === inMemory
        ? memory.open(driver, opening)
        : openFile(driver, place, { settings: settings(), opening });
    },
    inFiles: true,
    at: (other) => withDriver(load, { ...options, path: other }),
    storage: storageOf(path, memory),
  };
}

const inMemory = ":memory:";

function locate(given: SqliteOptions["path"]): string {
  const path = givenText("path", given);
  return path === inMemory ? path : resolve(path);
}

function describePath(path: () => string): string {
  try {
    return `sqlite:${path()}`;
  } catch {
    // This is only a name; opening the database gives the error.
    return "sqlite";
  }
}

function openFile(
  driver: SqliteDriver,
  path: string,
  { settings, opening }: { readonly settings: Settings; readonly opening: OpenOptions },
): Session {
  if (opening.role === "work")
    return new SqliteSession(fileConnection(driver, path, settings), noLock);
  const { application } = opening;
  const connection = fileConnection(driver, path, { ...settings, busyTimeoutMs: 0 });
  return new SqliteSession(
    connection,
    fileLock(connection, { application, leaseMs: settings.leaseMs }),
  );
}

/** The one connection to a database in memory. */
class Memory {
  #db: SqliteDatabase | undefined;
  readonly #claims: Claims = new Map();
  readonly #load: LoadDriver;
  readonly #settings: () => Settings;

  constructor(load: LoadDriver, settings: () => Settings) {
    this.#load = load;
    this.#settings = settings;
  }

  open(driver: SqliteDriver, { role }: OpenOptions): Session {
    this.#db ??= openMemory(driver, this.#settings());
    const lock = role === "lock" ? processLock(this.#claims) : noLock;
    return new SqliteSession(memoryConnection(this.#db, this.#settings()), lock, this.#claims);
  }

  async create(): Promise<"created" | "already_there"> {
    if (this.#db !== undefined) return "already_there";
    this.#db = openMemory(await this.#load(), this.#settings());
    return "created";
  }

  async drop(): Promise<"dropped" | "already_gone"> {
    if (this.#db === undefined) return "already_gone";
    this.#db.close();
    this.#db = undefined;
    return "dropped";
  }
}

function storageOf(path: () => string, memory: Memory): Storage {
  const file = fileStorage(path);
  const storage = () => (path() === inMemory ? memory : file);
  return { create: () => storage().create(), drop: () => storage().drop() };
}
