/**
 * The effectful half of a database: connections. An adapter is a value that the user imports and passes in,
 * so a bundle holds the driver that is used and nothing else.
 */

import type { Dialect } from "../core/language/dialect.ts";
import type { Activity } from "../core/model/activity.ts";
import type { Blocker, LockWait } from "../core/model/blocker.ts";
import type { DatabaseFacts, KnownPublications } from "../core/model/database-facts.ts";
import type { Diagnosis } from "../core/model/diagnosis.ts";
import type { LockHolder } from "../core/model/errors.ts";
import type { LockPolicy } from "../core/model/lock-policy.ts";
import type { Named } from "../core/model/named.ts";
import type { Statement, StatementPolicy } from "../core/model/statement.ts";
import type { StatementProgress } from "../core/model/statement-progress.ts";
import type { BatchLimits, BatchSettings, SettingsAround } from "./connection-settings.ts";
import type { ErrorKind } from "./error-kind.ts";
import type { BlockedTry, Fence, FenceRequest, LockAttempt, Pooler, RunAtWork } from "./lease.ts";

export type { BatchLimits, BatchSettings, SettingsAround } from "./connection-settings.ts";
export type { ErrorKind } from "./error-kind.ts";
export { ConnectionFailed, StatementFailed } from "./failures.ts";
export type {
  BlockedTry,
  Fence,
  FenceRequest,
  Lease,
  LockAttempt,
  Pooler,
  RunAtWork,
} from "./lease.ts";

/** One kind of database and where it is: `postgres({ url })`. Opening it is all that it does by itself. */
export interface Adapter {
  /** For messages: `postgres`, `pglite`, `sqlite`. Nothing is decided by it. */
  readonly name: string;
  /** How this database spells SQL, as far as it is known without a connection. */
  readonly dialect: Dialect;
  /**
   * Where it connects, for messages and without a password. Never throws and never connects. `scheme://user@host:port/database`
   * or `scheme:path`, each part encoded: `reset` and `redo` take whatever else it is for production.
   */
  describe(): string;
  /**
   * Opens one connection.
   *
   * @throws {ConnectionFailed} when the database cannot be reached or refuses the user
   * @throws {ReleaseError} `driver_missing`, `env_missing`
   */
  open(options: OpenOptions): Promise<Session>;
  /** Whether its sessions share one connection, or one writer, so that several at work gain nothing. Default: `false`. */
  readonly single?: boolean;
  /**
   * The same adapter for another database: a file, or an address in the form that its own has. For a repo whose tenants
   * have a database each. Default: there is but one.
   */
  at?(place: string): Adapter;
  /** Whether each database is a file, so that `at` takes a path. Default: `false`, it takes an address. */
  readonly inFiles?: boolean;
  /** Makes and removes the database itself, where that can be done. */
  readonly storage?: Storage | undefined;
}

/** The purpose of a connection, and its settings. */
export type OpenOptions = {
  /** `work` runs migrations; `lock` only holds the migration lock. */
  readonly role: "work" | "lock";
  /** How the connection presents itself to the server: `slipway my_app`. */
  readonly application: string;
  /** Nothing will be written, so a database that is not there must not be made: an empty one is read. Default: it may be. */
  readonly readsOnly?: boolean | undefined;
  /** Gives up connecting, so that nothing of it keeps the process. Default: its own timeout ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Hears the messages that the database sends beside its results. Default: nobody. */
  readonly onNotice?: ((notice: Notice) => void) | undefined;
};

/** A message that a database sends beside its results. */
export type Notice = {
  readonly level: "debug" | "info" | "warning" | "error";
  readonly message: string;
};

/** A row as the driver gives it: values by the names of columns. */
export type Row = Readonly<Record<string, unknown>>;

/** One open connection. Statements on it run one after the other. */
export interface Session {
  /** The dialect of the server that answered, which may know more than the adapter's. */
  readonly dialect: Dialect;

  /**
   * Runs one statement and gives its rows. Without parameters the simple protocol is used where there is one.
   * Big integers arrive as strings or numbers, as the driver has them: cast to text where exactness counts.
   */
  query(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;

  /**
   * Does this work. Queries without parameters that it asks in the same moment may travel in one message, outside of a
   * transaction; each has the answer that it would have alone. Default: each travels alone.
   */
  together?<Result>(work: () => Promise<Result>): Promise<Result>;

  /** Runs one statement and gives how many rows it changed. */
  change(sql: string, parameters?: readonly unknown[]): Promise<number>;

  /**
   * Runs statements in order, in as few round trips as the database allows. `BEGIN` and `COMMIT` may be among them.
   *
   * @throws {StatementFailed} with the index of the statement that failed; the ones before it ran
   */
  execute(statements: readonly Statement[]): Promise<void>;

  /**
   * Tries once to take the lock of this name; never waits inside a statement. Only for a session opened for `lock`.
   * `history`: the table beside which a lock that is a row has its place.
   */
  tryLock(name: string, history?: Named): Promise<LockAttempt>;

  /**
   * Takes the next number of a lock that was just taken, so that an earlier holder can no longer
   * commit. None while the transaction of an earlier holder is open, or while another node of a
   * cluster has the lock. Default: the lease brings its fence.
   */
  takeFence?(lock: FenceRequest): Promise<Fence | undefined>;

  /** Who kept the last `takeFence` from its number. Default: the open transaction of an earlier run. */
  fenceHolder?(): LockHolder | undefined;

  /** Whether there is no database yet, and an empty one is read in its place. Default: there is one. */
  absent?(): boolean;

  /** Who holds the lock of this name; reads and takes nothing. Default: nobody can tell. Never throws. */
  lockHolder?(name: string, history?: Named): Promise<LockHolder | undefined>;

  /**
   * The same, with the lock that the run waits for, or waited for in its last try. Default: the answer of
   * `lockHolder`. Never throws.
   */
  runAtWork?(name: string, history?: Named): Promise<RunAtWork | undefined>;

  /** How many other connections of the same application there are. Default: nobody can tell. Never throws. */
  companions?(): Promise<number | undefined>;

  /**
   * Leaves a try that was blocked where `runAtWork` of others finds it until the next one. Default: nowhere. Never
   * throws.
   */
  leaveTry?(tried: BlockedTry): Promise<void>;

  /**
   * The rights on these tables of ours that this user lacks: to make those that are missing, and to
   * write the others. One look, no write. Default: nobody can tell before it fails.
   */
  lacking?(tables: readonly Named[]): Promise<Refusal | undefined>;

  /**
   * Explains an error that ended the work with these tables of ours: the right, the setting or the
   * place that is missing, and how to get it. Call it outside of a transaction; one that failed is
   * rolled back. Default: nobody can tell.
   */
  refusal?(error: unknown, tables: readonly Named[]): Promise<Refusal | undefined>;

  /** Cancels the statement that runs on this connection, from outside of it. Never throws. Default: nothing can. */
  cancel?(): Promise<void>;

  /** The pooler in between, as far as Slipway can tell. Not inside a transaction. Default: none. */
  pooler?(): Promise<Pooler | undefined>;
  /** Refuses a way over which a read may be older than a write before it; `refusal` explains it. Default: none is. */
  refuseStaleReads?(): Promise<void>;
  /**
   * Lets the server keep statements that it gets again and again, unless a pooler stands between. Default: it keeps
   * nothing.
   */
  keepStatements?(): Promise<void>;

  /**
   * The statement that the server still runs on the connection of this id; `undefined` when
   * nothing. With `sql`, it also finds a connection of ours that runs this statement elsewhere:
   * behind a pooler a statement and its announcement may have been on two connections. Default: no
   * statement outlives its connection.
   */
  runningOn?(connectionId: string, sql?: string): Promise<string | undefined>;

  /**
   * The settings of the connection that hold a statement outside a transaction to the lock policy,
   * and those that end them. `refused` says why there can be none. Default: none are needed.
   */
  lockSettings?(kind: StatementPolicy["kind"], policy: LockPolicy): Promise<SettingsAround>;

  /**
   * The settings of the connection that hold each transaction of a batch to its limits, and those
   * that end them. Default: each transaction sets its own limits.
   */
  batchSettings?(limits: BatchLimits): Promise<BatchSettings>;

  /**
   * The lock that the other connection waits for, who is in its way and which locks it holds
   * meanwhile; `undefined` when it waits for no lock. Default: nobody can tell.
   */
  lockWaitOf?(other: Session): Promise<LockWait | undefined>;

  /** How far the statement of the other connection is, asked on one that is for nothing else. Default: nobody can tell. */
  progressOf?(other: Session): Promise<StatementProgress | undefined>;

  /**
   * The identity that tells this table from another one of its name: it stays the same while rows
   * and columns change. `known` is the identity from before, and is given back when the table is
   * still the same. `undefined`: there is no such table, or nobody can tell. Default: nobody can
   * tell.
   */
  tableIdentity?(table: Named, known?: string): Promise<string | undefined>;

  /** The tables of the database whose changes cannot be rolled back, and what keeps them. Default: there are none. */
  lastingTables?(): Promise<readonly { readonly name: string; readonly engine: string }[]>;

  /**
   * The transactions of others that have been open for longer than this many milliseconds. Default:
   * nobody can tell.
   */
  openTransactions?(longerThanMs: number): Promise<readonly Blocker[]>;

  /**
   * Ends those of the connections that are still idle in the same transaction, for longer than this
   * many milliseconds. Gives those that it ended. Default: this database has no such thing.
   */
  endIdle?(blockers: readonly Blocker[], longerThanMs: number): Promise<readonly Blocker[]>;

  /**
   * Whether a finding of the safety rules stops nobody on this server, with the rows of now, or may. Default: it does
   * not.
   */
  isHarmless?(finding: FoundOnTables, policy: LockPolicy): Promise<boolean>;

  /**
   * The facts about the database: its version, sizes, indexes and replicas. Reads catalogs and
   * statistics, and no row of a table. `own`: how the names of Slipway's tables begin. Default:
   * nobody can tell.
   */
  facts?(own: string): Promise<DatabaseFacts>;

  /**
   * Publications of logical replication, and with them the tables that are there; `own` as for `facts`. Reads the
   * catalog alone. Default: the database has none.
   */
  publications?(own: string): Promise<KnownPublications>;

  /** Who waits for whom now, and how far builds are. Reads the catalog alone. Default: nobody can tell. */
  activity?(): Promise<Activity>;

  /**
   * The traits of the server, of this user and of the way to it that keep a migration from working,
   * or hurt while it does. Reads catalogs and statistics, and writes nothing. Default: nobody can
   * tell.
   */
  checkup?(): Promise<readonly Diagnosis[]>;

  /**
   * Forgets the state that code and SQL of the user's have left on the connection, where `clearSession` of the dialect
   * cannot. Default: it can.
   */
  renew?(): Promise<void>;

  /** Whether the server has a transaction open on the connection. Default: nobody can tell. */
  inTransaction?(): Promise<boolean>;

  /** The kind of an error of this database, as far as the engine needs to know. */
  errorKind(error: unknown): ErrorKind;

  /** Ends the connection, and with it a lock that it holds. Does nothing the second time. */
  close(): Promise<void>;
}

/** Why a database keeps Slipway from its own tables, and the statement or the setting that lets it in. */
export type Refusal = { readonly reason: string; readonly hint: string };

/** A finding of the safety rules, as far as a server can be asked about it. */
export type FoundOnTables = { readonly rule: string; readonly tables: readonly string[] };

/** Makes and removes a database. Both say whether there was anything to do. */
export interface Storage {
  create(): Promise<"created" | "already_there">;
  drop(options?: { readonly force?: boolean }): Promise<"dropped" | "already_gone">;
}
