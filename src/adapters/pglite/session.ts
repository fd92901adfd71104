/** One session of a PGlite. All sessions of a database share its one connection, and so its one transaction. */

import type { Dialect } from "../../core/language/dialect.ts";
import type { DatabaseFacts, KnownPublications } from "../../core/model/database-facts.ts";
import type { Diagnosis } from "../../core/model/diagnosis.ts";
import type { LockHolder } from "../../core/model/errors.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { Named } from "../../core/model/named.ts";
import type { Statement } from "../../core/model/statement.ts";
import { lex } from "../../core/sql/lexer.ts";
import { isCode, wordOf } from "../../core/sql/token.ts";
import {
  type ErrorKind,
  type Fence,
  type FenceRequest,
  type Lease,
  type LockAttempt,
  type OpenOptions,
  type Refusal,
  type Row,
  type Session,
  StatementFailed,
} from "../adapter.ts";
import { postgresDialectOf } from "../postgres/dialect.ts";
import { takeFence } from "../postgres/fence.ts";
import { errorKind, noticeLevel, positionOf } from "../postgres/messages.ts";
import { refusal } from "../postgres/refusal.ts";
import { offsetIn } from "../postgres/round-trips.ts";
import { quote } from "../postgres/sql-text.ts";
import { tableIdentitySql } from "../postgres/table-facts.ts";
import type { Database } from "./database.ts";

/** The state of the connection at the beginning. */
export type PgliteStart = { readonly major: number; readonly user: string; readonly actor: string };

type SessionOptions = OpenOptions &
  PgliteStart & {
    /** Whether the database is an empty one, because the folder holds none. */
    readonly absent: boolean;
  };

/** A session is a claim on the database, which closes with the last one. */
export class PgliteSession implements Session {
  readonly dialect: Dialect;
  readonly #database: Database;
  readonly #options: SessionOptions;
  readonly #releases = new Set<() => void>();
  #inTransaction = false;
  #closing: Promise<void> | undefined;

  constructor(database: Database, options: SessionOptions) {
    this.dialect = dialectOf(database, options);
    this.#database = database;
    this.#options = options;
  }

  async query(sql: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    if (this.#closing !== undefined) throw new Error("Connection terminated");
    const { client } = this.#database;
    const options = { onNotice: (notice: PgliteNotice) => this.#notice(notice) };
    try {
      if (parameters.length > 0) {
        return (await client.query<Row>(sql, [...parameters], options)).rows;
      }
      const results = await client.exec(sql, options);
      return results.at(-1)?.rows ?? [];
    } finally {
      this.#inTransaction = client.isInTransaction();
    }
  }

  async change(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    if (this.#closing !== undefined) throw new Error("Connection terminated");
    const { client } = this.#database;
    const options = { onNotice: (notice: PgliteNotice) => this.#notice(notice) };
    try {
      return (await client.query(sql, [...parameters], options)).affectedRows ?? 0;
    } finally {
      this.#inTransaction = client.isInTransaction();
    }
  }

  /** One by one: without a network there is no round trip to save, and it is plain which one failed. */
  async execute(statements: readonly Statement[]): Promise<void> {
    for (const [index, { sql, parameters, policy, stdin }] of statements.entries()) {
      try {
        if (stdin === undefined) await this.query(sql, parameters);
        else await this.#copy(sql, stdin);
      } catch (cause) {
        const message = messageOf(cause);
        const position = positionOf(cause);
        const offset =
          position && offsetIn({ first: index, statements: [{ sql, policy }] }, index, position);
        throw new StatementFailed(message, { index, cause, offset });
      }
    }
  }

  /** Its own way: the rows are a file that is called like a device. */
  async #copy(sql: string, rows: string): Promise<void> {
    const { client } = this.#database;
    try {
      await client.query(fromBlob(sql), [], { blob: new Blob([rows]) });
    } finally {
      this.#inTransaction = client.isInTransaction();
    }
  }

  async tryLock(name: string): Promise<LockAttempt> {
    if (this.#options.role !== "lock") throw new Error("this session was not opened for the lock");
    const { claims } = this.#database;
    if (claims.has(name)) return { holder: await this.lockHolder(name) };
    claims.set(name, { application: this.#options.application, since: new Date() });
    return { lease: this.#lease(name) };
  }

  absent(): boolean {
    return this.#options.absent;
  }

  async lockHolder(name: string): Promise<LockHolder | undefined> {
    const held = this.#database.claims.get(name);
    if (held === undefined) return undefined;
    const { application, since } = held;
    return { pid: String(process.pid), application, since: since.toISOString() };
  }

  /** There is no other process that could take it away, so the number proves nothing here. */
  async takeFence(request: FenceRequest): Promise<Fence | undefined> {
    const { application } = this.#options;
    const options = { ...request, application, leaseMs: 0 };
    const fence = await takeFence((sql) => this.query(sql), options);
    return fence && { number: fence.number, proof: [] };
  }

  /** A statement runs in this process, and nothing else does meanwhile. */
  async cancel(): Promise<void> {}

  /** A statement in this process ends with it. */
  async runningOn(): Promise<undefined> {}

  async inTransaction(): Promise<boolean> {
    return this.#inTransaction;
  }

  refusal(error: unknown, tables: readonly Named[]): Promise<Refusal> {
    const cause = error instanceof StatementFailed ? error.cause : error;
    return refusal((sql) => this.query(sql), cause, tables);
  }

  async tableIdentity(table: Named): Promise<string | undefined> {
    const [row] = await this.query(tableIdentitySql(table));
    return typeof row?.identity === "string" ? row.identity : undefined;
  }

  async publications(own: string): Promise<KnownPublications> {
    const { readPublications } = await import("../postgres/facts.ts");
    return readPublications({ query: (sql) => this.query(sql) }, own);
  }

  async checkup(): Promise<readonly Diagnosis[]> {
    const { lookedAt } = await import("../looks.ts");
    const { insideLooks } = await import("../postgres/postgres-checkup.ts");
    const looks = insideLooks((sql) => this.query(sql));
    return lookedAt(looks, this);
  }

  async facts(own: string): Promise<DatabaseFacts> {
    const { readPostgresFacts } = await import("../postgres/facts.ts");
    return readPostgresFacts({ query: (sql) => this.query(sql) }, own);
  }

  errorKind(error: unknown): ErrorKind {
    return errorKind(error instanceof StatementFailed ? error.cause : error);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Does the work that a server does when a connection ends. */
  async #close(): Promise<void> {
    for (const release of this.#releases) release();
    try {
      if (this.#inTransaction) await this.#database.client.exec("ROLLBACK");
    } finally {
      await this.#database.leave();
    }
  }

  /** It lives as long as this process, so it cannot be lost. */
  #lease(name: string): Lease {
    const release = () => {
      if (this.#releases.delete(release)) this.#database.claims.delete(name);
    };
    this.#releases.add(release);
    return { lost: new AbortController().signal, release: async () => release() };
  }

  #notice(notice: PgliteNotice): void {
    const { message = "" } = notice;
    this.#options.onNotice?.({ level: noticeLevel(notice), message });
  }
}

/**
 * A session of PGlite does not log in, so RESET SESSION AUTHORIZATION has nobody to return to. And the app's own state
 * on a connection that it shares is not ours to end.
 */
function dialectOf({ given }: Database, { major, user, actor }: PgliteStart): Dialect {
  const dialect = postgresDialectOf(major);
  const back = `SET SESSION AUTHORIZATION ${quote(user)}`;
  const mine = (sql: string) => {
    if (sql === "RESET SESSION AUTHORIZATION") return back;
    return sql === "RESET ROLE" && actor !== "none" ? `SET ROLE ${quote(actor)}` : sql;
  };
  const resetSettings = dialect.resetSettings.map(mine);
  return {
    ...dialect,
    resetSettings,
    clearSession: given ? resetSettings : dialect.clearSession.map(mine),
  };
}

type PgliteNotice = {
  readonly message?: string | undefined;
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
};

/** The same statement, with the name of PGlite's file instead of `stdin`. */
function fromBlob(sql: string): string {
  const code = [...lex(sql, "postgres")].filter(isCode);
  const at = code.findIndex(
    (token, i) => wordOf(token) === "STDIN" && wordOf(code[i - 1]) === "FROM",
  );
  const { start = 0, text = "" } = code[at] ?? {};
  return `${sql.slice(0, start)}'/dev/blob'${sql.slice(start + text.length)}`;
}
