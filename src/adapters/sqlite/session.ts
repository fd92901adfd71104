/** One open connection to SQLite. */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Dialect } from "../../core/language/dialect.ts";
import type { DatabaseFacts } from "../../core/model/database-facts.ts";
import type { Diagnosis } from "../../core/model/diagnosis.ts";
import type { LockHolder } from "../../core/model/errors.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { Named } from "../../core/model/named.ts";
import type { Statement } from "../../core/model/statement.ts";
import {
  type ErrorKind,
  type FoundOnTables,
  type LockAttempt,
  type Refusal,
  type Row,
  type Session,
  StatementFailed,
} from "../adapter.ts";
import { type Claims, claimant } from "../process-lock.ts";
import { type Connection, isBusy, whenFree } from "./connection.ts";
import { sqliteDialect } from "./dialect.ts";
import type { SqliteDatabase } from "./driver.ts";
import type { Lock } from "./lock.ts";
import { holder, readLock } from "./lock-row.ts";
import type { SqliteProcedure } from "./procedures/procedure.ts";
import type { runProcedure } from "./procedures/run-procedure.ts";
import { refusal } from "./refusal.ts";
import { tableIdentitySql } from "./table-identity.ts";
import { runStatement } from "./values.ts";

/**
 * SQLite works inside this process and while it works nothing else does, so every call gives way once:
 * timers and signals then have their turn between two statements.
 */
export class SqliteSession implements Session {
  readonly dialect: Dialect = sqliteDialect;
  readonly #connection: Connection;
  readonly #lock: Lock;
  readonly #claims: Claims | undefined;

  /** `claims` are those of a database in memory, where no row says who holds a lock. */
  constructor(connection: Connection, lock: Lock, claims?: Claims) {
    this.#connection = connection;
    this.#lock = lock;
    this.#claims = claims;
  }

  async query(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]> {
    await nextTurn();
    return whenFree(this.#connection, () => {
      const db = isRead(sql) ? this.#connection.reading() : this.#connection.writing();
      return runStatement(db, sql, parameters);
    });
  }

  async change(sql: string, parameters?: readonly unknown[]): Promise<number> {
    await nextTurn();
    return whenFree(this.#connection, () => {
      const db = this.#connection.writing();
      runStatement(db, sql, parameters);
      const [row] = runStatement(db, "SELECT changes() AS changed");
      return Number(row?.changed);
    });
  }

  async execute(statements: readonly Statement[]): Promise<void> {
    await nextTurn();
    const runner = await runnerOf(statements);
    for (const [index, statement] of statements.entries()) {
      try {
        await whenFree(this.#connection, () => run(this.#connection.writing(), statement, runner));
      } catch (cause) {
        const message = messageOf(cause);
        throw new StatementFailed(message, { index, cause });
      }
    }
  }

  tryLock(name: string): Promise<LockAttempt> {
    return this.#lock.tryLock(name);
  }

  absent(): boolean {
    return this.#connection.absent();
  }

  async lockHolder(name: string): Promise<LockHolder | undefined> {
    await nextTurn();
    if (this.#claims !== undefined) return claimant(this.#claims, name);
    try {
      const row = readLock(this.#connection.reading(), name);
      return row?.expired === 1 ? undefined : holder(row);
    } catch {
      // Nobody has ever locked this database.
      return undefined;
    }
  }

  async tableIdentity(table: Named): Promise<string | undefined> {
    const [row] = await this.query(tableIdentitySql(table));
    return row === undefined ? undefined : String(row.identity);
  }

  /** A statement runs in this process, and nothing else does meanwhile. */
  async cancel(): Promise<void> {}

  /** A statement in this process ends with it. */
  async runningOn(): Promise<undefined> {}

  async refusal(error: unknown): Promise<Refusal> {
    return refusal(error, this.#connection.path);
  }

  async isHarmless(finding: FoundOnTables): Promise<boolean> {
    const { isHarmless } = await import("./harmless.ts");
    return isHarmless(this.#connection.reading(), finding);
  }

  async checkup(): Promise<readonly Diagnosis[]> {
    const { lookedAt } = await import("../looks.ts");
    const { sqliteLooks } = await import("./sqlite-checkup.ts");
    return lookedAt(
      sqliteLooks((sql) => this.query(sql), this.#connection.path),
      this,
    );
  }

  async facts(own: string): Promise<DatabaseFacts> {
    const { readSqliteFacts } = await import("./facts.ts");
    return readSqliteFacts({ query: (sql) => this.query(sql) }, own);
  }

  errorKind(error: unknown): ErrorKind {
    const cause = error instanceof StatementFailed ? error.cause : error;
    if (isBusy(cause)) return "lock_timeout";
    const message = cause instanceof Error ? cause.message : "";
    if (/^no such table/.test(message)) return "table_missing";
    if (/^no such column|has no column named/.test(message)) return "column_missing";
    if (/already exists/.test(message)) return "already_exists";
    if (/database( table)? is locked/.test(message)) return "lock_timeout";
    if (/^no such savepoint/.test(message)) return "savepoint_missing";
    if (/^near |syntax error|^no such function/.test(message)) return "invalid";
    return /database( connection)? is not open/.test(message) ? "connection_lost" : "other";
  }

  async inTransaction(): Promise<boolean> {
    return this.#connection.writing().isTransaction;
  }

  async renew(): Promise<void> {
    this.#connection.renew();
  }

  async close(): Promise<void> {
    try {
      await this.#lock.close();
    } finally {
      this.#connection.close();
    }
  }
}

type Runner = typeof runProcedure;

/** The function that carries out procedures, loaded only if a statement has one. */
async function runnerOf(statements: readonly Statement[]): Promise<Runner | undefined> {
  if (statements.every(({ procedure }) => procedure === undefined)) return undefined;
  const { runProcedure } = await import("./procedures/run-procedure.ts");
  return runProcedure;
}

function run(
  db: SqliteDatabase,
  { sql, parameters, procedure }: Statement,
  runner: Runner | undefined,
): void {
  if (procedure !== undefined) runner?.(db, procedure as SqliteProcedure);
  else if (parameters !== undefined) runStatement(db, sql, parameters);
  else db.exec(sql);
}

/**
 * Whether SQL can be asked of a database that is not there yet. `WITH … INSERT` could only fail
 * there, for want of a table.
 */
function isRead(sql: string): boolean {
  return /^\s*(SELECT|WITH|VALUES|EXPLAIN|PRAGMA)\b/i.test(sql);
}
