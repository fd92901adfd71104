/** One connection to PostgreSQL. */

import type { Dialect } from "../../core/language/dialect.ts";
import type { Activity } from "../../core/model/activity.ts";
import type { Blocker, LockWait } from "../../core/model/blocker.ts";
import type { DatabaseFacts, KnownPublications } from "../../core/model/database-facts.ts";
import type { Diagnosis } from "../../core/model/diagnosis.ts";
import type { LockHolder } from "../../core/model/errors.ts";
import type { LockPolicy } from "../../core/model/lock-policy.ts";
import type { Named } from "../../core/model/named.ts";
import type { Statement, StatementPolicy } from "../../core/model/statement.ts";
import type { StatementProgress } from "../../core/model/statement-progress.ts";
import {
  type BlockedTry,
  type ErrorKind,
  type Fence,
  type FenceRequest,
  type LockAttempt,
  type OpenOptions,
  type Pooler,
  type Refusal,
  type Row,
  type RunAtWork,
  type Session,
  type SettingsAround,
  StatementFailed,
} from "../adapter.ts";
import type { HeldLock } from "../held-lock.ts";
import { Asking } from "./asking.ts";
import { refuseStaleReads } from "./balanced.ts";
import { postgresDialectOf } from "./dialect.ts";
import type { PostgresConnection } from "./driver.ts";
import { takeFence, wordsOf } from "./fence.ts";
import { Gathered } from "./gathered.ts";
import { type Locking, lockBy, type PostgresLock } from "./lock-by.ts";
import { connectionSettings } from "./lock-settings.ts";
import {
  blockerOf,
  companions,
  endIdle,
  lockWait,
  lockWaitSql,
  openTransactionsQuery,
  readLockWait,
} from "./lock-wait.ts";
import { codeOf, errorKind, noticeLevel, positionOf } from "./messages.ts";
import { catalogOnly } from "./own-names.ts";
import { poolerBetween, serverProcess } from "./pooler.ts";
import { Prepared } from "./prepared.ts";
import { lacking, refusal } from "./refusal.ts";
import { failedIndex, joinedSql, offsetIn, type RoundTrip, roundTrips } from "./round-trips.ts";
import { runningOn } from "./running-on.ts";
import { tableIdentity } from "./table-facts.ts";
import { markIn, tryMark } from "./work-mark.ts";

export type SessionOptions = OpenOptions &
  Locking & {
    /** A second connection to the same place. */
    readonly connect: () => Promise<PostgresConnection>;
  };

/** One connection, and the lock that it may hold. */
export class PostgresSession implements Session {
  readonly dialect: Dialect;
  readonly #connection: PostgresConnection;
  readonly #role: OpenOptions["role"];
  readonly #leaseMs: number;
  readonly #lock: PostgresLock;
  readonly #prepared = new Prepared();
  #inTransaction = false;
  #completed = 0;
  readonly #application: string;
  #held: HeldLock | undefined;
  #beat: NodeJS.Timeout | undefined;
  #idle: Promise<unknown> = Promise.resolve();
  readonly #asking = new Asking();
  #closing: Promise<void> | undefined;
  #pooler: Promise<Pooler | undefined> | undefined;
  #gathered: Gathered | undefined;
  /** The last one that was sent, which who looks at the server still finds while code of the user's is busy elsewhere. */
  #mark = "";
  readonly #another: () => Promise<PostgresSession>;

  constructor(connection: PostgresConnection, options: SessionOptions) {
    this.dialect = postgresDialectOf(connection.serverMajor);
    this.#connection = connection;
    this.#role = options.role;
    this.#leaseMs = options.leaseMs;
    this.#lock = lockBy(options);
    this.#application = options.application;
    this.#another = async () => new PostgresSession(await options.connect(), options);
    connection.listen({
      lost: (reason) => this.#held?.lose(reason),
      notice: (notice) => {
        if (notice.code === noTransaction) return;
        options.onNotice?.({ level: noticeLevel(notice), message: notice.message ?? "" });
      },
      completed: () => {
        this.#completed += 1;
      },
      ready: ({ inTransaction }) => {
        this.#inTransaction = inTransaction;
      },
    });
  }

  async query(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]> {
    if (this.#gathered !== undefined && parameters === undefined) return this.#gathered.query(sql);
    return (await this.#asking.until(this.#connection.query(sql, parameters))).rows;
  }

  async together<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#inTransaction) return work();
    const gathered = new Gathered(this.#connection, this.#asking);
    this.#gathered = gathered;
    return work().finally(() => {
      this.#gathered = undefined;
      return gathered.end();
    });
  }

  async change(sql: string, parameters?: readonly unknown[]): Promise<number> {
    return (await this.#asking.until(this.#connection.query(sql, parameters))).changed;
  }

  async execute(statements: readonly Statement[]): Promise<void> {
    for (const trip of roundTrips(statements, { inTransaction: this.#inTransaction })) {
      await this.#send(trip);
    }
  }

  async tryLock(name: string, history?: Named): Promise<LockAttempt> {
    if (this.#role !== "lock") throw new Error("this session was not opened for the lock");
    if (this.#held?.ended === false) throw new Error("this session holds a lock already");
    const query = (sql: string) => this.query(sql);
    const hangUp = () => this.#connection.hangUp();
    const lease = await this.#lock.take({ query, hangUp }, name, history);
    if (lease === undefined) return {};
    this.#held = lease;
    return { lease };
  }

  async takeFence(request: FenceRequest): Promise<Fence | undefined> {
    this.#beat ??= setInterval(() => this.#sayHello(), this.#leaseMs / 3).unref();
    const fence = await takeFence((sql) => this.query(sql), {
      ...request,
      application: this.#application,
      leaseMs: this.#leaseMs,
      processId: this.#connection.processId,
      doubt: await this.#lock.doubt(request.name, request.history),
    });
    if (fence?.isDirect) this.#prepared.allow();
    return fence;
  }

  async lockHolder(name: string, history?: Named): Promise<LockHolder | undefined> {
    return (await this.#lock.find(this, name, history))?.holder;
  }

  async runAtWork(name: string, history?: Named): Promise<RunAtWork | undefined> {
    const found = await this.#lock.find(this, name, history);
    if (found?.worker === undefined) return found;
    const { worker, ...run } = found;
    const [row] = await this.query(lockWaitSql(worker)).catch(() => []);
    return { ...run, wait: lockWait(row) };
  }

  companions = (): Promise<number | undefined> => companions((sql) => this.query(sql));

  async leaveTry(tried: BlockedTry): Promise<void> {
    await this.query(tryMark(tried)).catch(() => undefined);
  }

  cancel = (): Promise<void> => this.#connection.cancel();

  async keepStatements(): Promise<void> {
    const own = await serverProcess((sql) => this.query(sql));
    if (own === this.#connection.processId) this.#prepared.allow();
  }

  /** Asked once: the answer holds until the connection ends. */
  pooler(): Promise<Pooler | undefined> {
    this.#pooler ??= poolerBetween({
      query: (sql) => this.query(sql),
      processId: this.#connection.processId,
      connect: this.#another,
    });
    return this.#pooler;
  }

  refuseStaleReads = (): Promise<void> => refuseStaleReads((sql) => this.query(sql));

  async runningOn(connectionId: string, sql = ""): Promise<string | undefined> {
    return runningOn((query) => this.query(query), Number(connectionId), sql);
  }

  lockSettings(kind: StatementPolicy["kind"], policy: LockPolicy): Promise<SettingsAround> {
    return connectionSettings(kind, policy, this);
  }

  async lockWaitOf(other: Session): Promise<LockWait | undefined> {
    if (!(other instanceof PostgresSession)) return undefined;
    return readLockWait((sql) => this.query(sql), other.#connection.processId ?? 0);
  }

  async progressOf(other: Session): Promise<StatementProgress | undefined> {
    if (!(other instanceof PostgresSession)) return undefined;
    const { readStatementProgress } = await import("./statement-progress.ts");
    return readStatementProgress((sql) => this.query(sql), other.#connection.processId ?? 0);
  }

  tableIdentity = (table: Named): Promise<string | undefined> =>
    tableIdentity((sql) => this.query(sql), table);

  async openTransactions(longerThanMs: number): Promise<readonly Blocker[]> {
    return (await this.query(catalogOnly + openTransactionsQuery(longerThanMs))).map(blockerOf);
  }

  endIdle = (blockers: readonly Blocker[], longerThanMs: number): Promise<readonly Blocker[]> =>
    endIdle((sql) => this.query(sql), blockers, longerThanMs);

  activity = async (): Promise<Activity> =>
    (await import("./activity.ts")).readActivity((sql) => this.query(sql));

  async publications(own: string): Promise<KnownPublications> {
    return (await import("./facts.ts")).readPublications(this, own);
  }

  checkup = async (): Promise<readonly Diagnosis[]> =>
    (await import("./postgres-checkup.ts")).checkedUp(this);

  async facts(own: string): Promise<DatabaseFacts> {
    return (await import("./facts.ts")).readPostgresFacts(this, own);
  }

  /** Nothing at all is answered in every state, and with the answer the server says which one it is. */
  async inTransaction(): Promise<boolean> {
    await this.query("");
    return this.#inTransaction;
  }

  lacking = (tables: readonly Named[]): Promise<Refusal | undefined> =>
    lacking((sql) => this.query(sql), tables);

  refusal(error: unknown, tables: readonly Named[]): Promise<Refusal> {
    const cause = error instanceof StatementFailed ? error.cause : error;
    return refusal((sql) => this.query(sql), cause, tables);
  }

  errorKind(error: unknown): ErrorKind {
    return errorKind(error instanceof StatementFailed ? error.cause : error);
  }

  close(): Promise<void> {
    this.#held?.end();
    clearInterval(this.#beat);
    this.#closing ??= this.#connection.close();
    return this.#closing;
  }

  /** In a transaction the server takes silence for death: code of the user's may be busy elsewhere for long. While it is asked something there is no silence. */
  #sayHello(): void {
    if (!this.#inTransaction || this.#asking.isOpen) return;
    this.#idle = this.query(`SHOW transaction_isolation ${this.#mark}`).catch(() => undefined);
  }

  async #send(trip: RoundTrip): Promise<void> {
    await this.#idle;
    const [{ stdin, sql, parameters }] = trip.statements as readonly [Statement];
    const sent = this.#prepared.sent(trip);
    const asSent = { first: 0, statements: sent.map((one) => ({ ...one, policy: unbound })) };
    const before = this.#completed;
    const learn = () => this.#prepared.learn(trip, sent, this.#completed - before);
    try {
      const text = joinedSql(asSent);
      this.#mark = markIn(text) ?? this.#mark;
      if (stdin !== undefined) await this.#asking.until(this.#connection.copyFrom(sql, stdin));
      else await this.query(text, parameters);
      learn();
    } catch (cause) {
      learn();
      // The new state of the server is not known yet; to send one by one is right in any case.
      this.#inTransaction = false;
      const position = positionOf(cause);
      const at = failedIndex(asSent, { completed: this.#completed - before, position });
      if (this.#prepared.isMissing(sent[at], codeOf(cause))) {
        await this.query("ROLLBACK");
        return this.#send(trip);
      }
      const offset = position && offsetIn(asSent, at, position);
      const index = trip.first + (sent[at]?.of ?? 0);
      throw new StatementFailed(wordsOf(cause), { index, cause, offset });
    }
  }
}

const unbound = { kind: "plain" } as const;

/** A ROLLBACK after a text that could not be parsed finds no transaction, which is no news. */
const noTransaction = "25P01";
