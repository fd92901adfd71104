/** Slipway's adapter for DuckDB: a database in a file that one process has open at a time. */
import { resolve } from "node:path";
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import {
  type Adapter,
  type Claims,
  ConnectionFailed,
  type ErrorKind,
  type OpenOptions,
  type ProcessLock,
  processLock,
  type Row,
  runInOrder,
  type Session,
  type Statement,
  StatementFailed,
} from "slipway/adapter";
import { duckdbDialect } from "./dialect.ts";

/** `path` is that of the file, or `:memory:` for a database that ends with its last session. */
export function duckdb({ path }: { readonly path: string }): Adapter {
  const place = path === ":memory:" ? path : resolve(path);
  const database = databases.get(place) ?? new Database(place);
  if (place !== ":memory:") databases.set(place, database);
  return {
    name: "duckdb",
    single: true,
    dialect: duckdbDialect,
    describe: () => `duckdb:${place}`,
    open: (options) => database.open(options),
  };
}

/** DuckDB lets one process open a file twice, and each would not see what the other writes. */
const databases = new Map<string, Database>();

/**
 * The sessions of a file share one instance, which ends with the last of them, so that another process can open it.
 * DuckDB keeps other processes out, so a lock in this process is enough.
 */
class Database {
  readonly #path: string;
  readonly #claims: Claims = new Map();
  #instance: Promise<DuckDBInstance> | undefined;
  #sessions = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async open({ role }: OpenOptions): Promise<Session> {
    this.#instance ??= DuckDBInstance.create(this.#path);
    this.#sessions += 1;
    try {
      const connection = await (await this.#instance).connect();
      const lock = role === "lock" ? processLock(this.#claims) : undefined;
      return new DuckdbSession(connection, { lock, ended: () => this.#leave() });
    } catch (error) {
      await this.#leave();
      throw new ConnectionFailed(messageOf(error), {
        hint: "End the other program that has the file open, or give a file that is a DuckDB database.",
        cause: error,
        lasting: !/lock on file/.test(messageOf(error)),
      });
    }
  }

  async #leave(): Promise<void> {
    this.#sessions -= 1;
    if (this.#sessions > 0) return;
    const instance = this.#instance;
    this.#instance = undefined;
    (await instance?.catch(() => undefined))?.closeSync();
  }
}

type Around = { readonly lock: ProcessLock | undefined; readonly ended: () => Promise<void> };

class DuckdbSession implements Session {
  readonly dialect = duckdbDialect;
  readonly #connection: DuckDBConnection;
  readonly #around: Around;
  #isOpen = true;

  constructor(connection: DuckDBConnection, around: Around) {
    this.#connection = connection;
    this.#around = around;
  }

  async query(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]> {
    const reader = await this.#run(sql, parameters);
    return reader.getRowObjectsJS().map(plainNumbers);
  }

  async change(sql: string, parameters?: readonly unknown[]): Promise<number> {
    return (await this.#run(sql, parameters)).rowsChanged;
  }

  execute(statements: readonly Statement[]): Promise<void> {
    return runInOrder(statements, ({ sql, parameters }) => this.#run(sql, parameters));
  }

  async tryLock(name: string) {
    const { lock } = this.#around;
    if (lock === undefined) throw new Error("only a session for the role lock takes the lock");
    return lock.tryLock(name);
  }

  async cancel(): Promise<void> {
    this.#connection.interrupt();
  }

  errorKind(error: unknown): ErrorKind {
    const message = messageOf(error instanceof StatementFailed ? error.cause : error);
    return kinds.find(([pattern]) => pattern.test(message))?.[1] ?? "other";
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#around.lock?.close();
    this.#connection.closeSync();
    await this.#around.ended();
  }

  async #run(sql: string, parameters?: readonly unknown[]) {
    if (!this.#isOpen) throw new Error("the connection is closed");
    return this.#connection.runAndReadAll(sql, parameters?.map(toValue));
  }
}

/** What DuckDB says of its errors, as far as Slipway needs to know. */
const kinds: readonly (readonly [RegExp, ErrorKind])[] = [
  [/^Catalog Error: Table with name .* does not exist/, "table_missing"],
  [/^Binder Error: .*(column ".*" not found|does not have a column)/, "column_missing"],
  [/^Catalog Error: .* already exists/, "already_exists"],
  [/^Constraint Error: Duplicate key/, "duplicate_key"],
  [/^TransactionContext Error: .*Conflict/i, "deadlock"],
  [/^INTERRUPT Error/i, "timeout"],
  [/^(the connection is closed|Connection Error)/, "connection_lost"],
  [/(Parser|Binder|Catalog) Error/, "invalid"],
];

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A bigint stays exact as text. */
function plainNumbers(row: Row): Row {
  const text = (value: unknown) => (typeof value === "bigint" ? String(value) : value);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)]));
}

function toValue(value: unknown): DuckDBValue {
  if (value === undefined || value === null) return null;
  if (["string", "number", "bigint", "boolean"].includes(typeof value)) return value as DuckDBValue;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
