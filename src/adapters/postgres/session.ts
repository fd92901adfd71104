/** One connection to PostgreSQL. */
import type { Client } from "pg";
import type { Blocker, LockWait } from "../../core/blocker.ts";
import type { Dialect, Statement, StatementPolicy } from "../../core/dialect.ts";
import type { LockHolder } from "../../core/errors.ts";
import type { LockPolicy } from "../../core/lock-policy.ts";
import type { Named } from "../../core/schema/operation.ts";
import {
  type ErrorKind,
  type Fence,
  type FenceRequest,
  type LockAttempt,
  type OpenOptions,
  type Pooler,
  type Row,
  type Session,
  type SettingsAround,
  StatementFailed,
} from "../adapter.ts";
import { cancelQuery, identityOf } from "./cancel.ts";
import { disconnect, serverMajor } from "./connect.ts";
import { postgresDialectOf } from "./dialect.ts";
import { takeFence } from "./fence.ts";
import { stringLiteral } from "./literal.ts";
import { findHolder, type HeldLock, tryAdvisoryLock } from "./lock.ts";
import { connectionSettings } from "./lock-settings.ts";
import {
  blockerOf,
  endIdleQuery,
  lockWait,
  lockWaitQuery,
  openTransactionsQuery,
} from "./lock-wait.ts";
import { errorKind, noticeLevel } from "./messages.ts";
import { poolerBetween } from "./pooler.ts";
import { failedIndex, joinedSql, type RoundTrip, roundTrips } from "./round-trips.ts";
import { tableIdentitySql } from "./table-facts.ts";

export type SessionOptions = OpenOptions & {
  readonly leaseMs: number;
  /** A second connection to the same place. */
  readonly connect: () => Promise<Client>;
};

/** One client, and the lock that it may hold. */
export class PostgresSession implements Session {
  readonly dialect: Dialect;
  readonly #client: Client;
  readonly #role: OpenOptions["role"];
  readonly #leaseMs: number;
  #inTransaction = false;
  readonly #application: string;
  #held: HeldLock | undefined;
  #beat: NodeJS.Timeout | undefined;
  #idle: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #pooler: Promise<Pooler | undefined> | undefined;
  readonly #another: () => Promise<PostgresSession>;

  constructor(client: Client, options: SessionOptions) {
    this.dialect = postgresDialectOf(serverMajor(client));
    this.#client = client;
    this.#role = options.role;
    this.#leaseMs = options.leaseMs;
    this.#application = options.application;
    this.#another = async () => new PostgresSession(await options.connect(), options);
    const lose = (reason: unknown) => this.#held?.lose(reason);
    client.on("error", lose);
    client.on("end", () => lose(new Error("the lock connection has ended")));
    client.on("notice", (notice) => {
      if (notice.code === noTransaction) return;
      options.onNotice?.({ level: noticeLevel(notice), message: notice.message ?? "" });
    });
    client.connection.on("readyForQuery", ({ status }: { readonly status: string }) => {
      this.#inTransaction = status !== "I";
    });
  }

  async query(sql: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    // A string of several statements gives a list of results, which the driver's types do not say.
    const result = await (parameters.length === 0
      ? this.#client.query(sql)
      : this.#client.query(sql, [...parameters]));
    return [result].flat().at(-1)?.rows ?? [];
  }

  async change(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    const result = await this.#client.query(sql, [...parameters]);
    return result.rowCount ?? 0;
  }

  async execute(statements: readonly Statement[]): Promise<void> {
    for (const trip of roundTrips(statements, { inTransaction: this.#inTransaction })) {
      await this.#send(trip);
    }
  }

  async tryLock(name: string): Promise<LockAttempt> {
    if (this.#role !== "lock") throw new Error("this session was not opened for the lock");
    if (this.#held?.ended === false) throw new Error("this session holds a lock already");
    const connection = {
      query: (sql: string) => this.query(sql),
      hangUp: () => this.#client.connection.stream.destroy(),
    };
    const lease = await tryAdvisoryLock(connection, { name, leaseMs: this.#leaseMs });
    if (lease === undefined) return {};
    this.#held = lease;
    return { lease };
  }

  async takeFence(request: FenceRequest): Promise<Fence | undefined> {
    this.#beat ??= setInterval(() => this.#sayHello(), this.#leaseMs / 3).unref();
    return takeFence((sql) => this.query(sql), {
      ...request,
      application: this.#application,
      leaseMs: this.#leaseMs,
      processId: identityOf(this.#client).processID ?? undefined,
    });
  }

  lockHolder(name: string): Promise<LockHolder | undefined> {
    return findHolder(this, name);
  }

  cancel(): Promise<void> {
    return cancelQuery(this.#client);
  }

  /** Asked once: it stays the same for as long as the connection. */
  pooler(): Promise<Pooler | undefined> {
    this.#pooler ??= poolerBetween({
      query: (sql) => this.query(sql),
      processId: identityOf(this.#client).processID,
      connect: this.#another,
    });
    return this.#pooler;
  }

  /** The server keeps only the beginning of a long statement. */
  async runningOn(connectionId: string, sql = ""): Promise<string | undefined> {
    const [row] = await this.query(
      `SELECT left(query, 200) AS query FROM pg_stat_activity WHERE (pid = ${Number(connectionId)} OR starts_with(${stringLiteral(sql)}, query)) AND query <> '' AND pid <> pg_backend_pid() AND datname = current_database() AND state = 'active' AND application_name LIKE 'slipway%'`,
    );
    return row === undefined ? undefined : String(row.query);
  }

  lockSettings(kind: StatementPolicy["kind"], policy: LockPolicy): Promise<SettingsAround> {
    return connectionSettings(kind, policy, this);
  }

  /**
   * By the simple protocol, which keeps no snapshot. An error must not end the transaction that is the lock, so what
   * goes back before it is sent along, before anything else can be.
   */
  async lockWaitOf(other: Session): Promise<LockWait | undefined> {
    if (!(other instanceof PostgresSession)) return undefined;
    const { processID } = identityOf(other.#client);
    const looking = this.query(`SAVEPOINT looking;\n${lockWaitQuery(processID ?? 0)}`);
    const back = this.query("ROLLBACK TO SAVEPOINT looking; RELEASE SAVEPOINT looking");
    const [seen] = await Promise.allSettled([looking, back]);
    if (seen.status === "rejected") throw seen.reason;
    return lockWait(seen.value[0]);
  }

  async tableIdentity(table: Named): Promise<string | undefined> {
    const [row] = await this.query(tableIdentitySql(table));
    return typeof row?.identity === "string" ? row.identity : undefined;
  }

  async openTransactions(longerThanMs: number): Promise<readonly Blocker[]> {
    return (await this.query(openTransactionsQuery(longerThanMs))).map(blockerOf);
  }

  async endIdle(blockers: readonly Blocker[], longerThanMs: number): Promise<readonly Blocker[]> {
    const rows = await this.query(endIdleQuery(blockers, longerThanMs));
    const ended = new Set(rows.filter((row) => row.ended === true).map((row) => row.pid));
    return blockers.filter(({ pid }) => ended.has(pid));
  }

  errorKind(error: unknown): ErrorKind {
    return errorKind(error instanceof StatementFailed ? error.cause : error);
  }

  close(): Promise<void> {
    this.#held?.end();
    clearInterval(this.#beat);
    this.#closing ??= disconnect(this.#client);
    return this.#closing;
  }

  /** In a transaction the server takes silence for death: code of the user's may be busy elsewhere for long. */
  #sayHello(): void {
    if (!this.#inTransaction) return;
    this.#idle = this.#client.query("SELECT 1").catch(() => undefined);
  }

  async #send(trip: RoundTrip): Promise<void> {
    await this.#idle;
    let completed = 0;
    const count = () => {
      completed += 1;
    };
    this.#client.connection.on("commandComplete", count);
    try {
      await this.query(joinedSql(trip), trip.statements[0]?.parameters);
    } catch (cause) {
      // What the server is in now is not heard yet; to send one by one is right in any case.
      this.#inTransaction = false;
      const index = failedIndex(trip, { completed, position: positionOf(cause) });
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new StatementFailed(message, { index, cause });
    } finally {
      this.#client.connection.off("commandComplete", count);
    }
  }
}

/** A ROLLBACK after a text that could not be parsed finds no transaction, which is no news. */
const noTransaction = "25P01";

function positionOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("position" in error)) return undefined;
  const position = Number(error.position);
  return position > 0 ? position : undefined;
}
