/** One connection to MySQL or MariaDB. */

import type { Dialect } from "../../core/language/dialect.ts";
import type { LockWait } from "../../core/model/blocker.ts";
import type { DatabaseFacts } from "../../core/model/database-facts.ts";
import type { Diagnosis } from "../../core/model/diagnosis.ts";
import type { LockHolder } from "../../core/model/errors.ts";
import type { LockPolicy } from "../../core/model/lock-policy.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { Named } from "../../core/model/named.ts";
import type { Statement, StatementPolicy } from "../../core/model/statement.ts";
import type { StatementProgress } from "../../core/model/statement-progress.ts";
import {
  type BatchLimits,
  type BatchSettings,
  type ErrorKind,
  type Fence,
  type FenceRequest,
  type FoundOnTables,
  type LockAttempt,
  type OpenOptions,
  type Refusal,
  type Row,
  type RunAtWork,
  type Session,
  type SettingsAround,
  StatementFailed,
} from "../adapter.ts";
import type { HeldLock } from "../held-lock.ts";
import { batchSettings } from "./batch-settings.ts";
import type { ClusterLock } from "./cluster/cluster-lock.ts";
import { mysqlDialect } from "./dialect.ts";
import type { MysqlConnection, MysqlResult } from "./driver.ts";
import { takeFence } from "./fence.ts";
import { isHarmless } from "./harmless.ts";
import { InUse } from "./in-use.ts";
import { lacking } from "./lacking.ts";
import { lastingTables } from "./lasting-tables.ts";
import { readRun, tryNamedLock } from "./lock.ts";
import { lockSettings } from "./lock-settings.ts";
import { readLockWait } from "./lock-wait.ts";
import { mayLoseColumns } from "./may-lose-columns.ts";
import { errorKind, errorNumber, noticeLevel } from "./messages.ts";
import { OnlineDdlRunner } from "./online-ddl.ts";
import { blockOf, partsOf } from "./own-block.ts";
import type { MysqlProcedure } from "./procedures/procedure.ts";
import { runProcedure } from "./procedures/run-procedure.ts";
import { readProcesses } from "./processes.ts";
import { refusal } from "./refusal.ts";
import type { MysqlServer } from "./server.ts";
import { sessionSettings } from "./session-settings.ts";
import { quote } from "./sql-text.ts";
import { tableIdentity } from "./table-identity.ts";
import { incoming } from "./values.ts";

/** The parts of a session. */
export type SessionParts = OpenOptions & {
  readonly server: MysqlServer;
  readonly leaseMs: number;
  /** A second connection to the same server. */
  readonly connect: () => Promise<MysqlConnection>;
};

/** One connection, and the lock that it may hold. */
export class MysqlSession implements Session {
  readonly dialect: Dialect;
  readonly #connection: MysqlConnection;
  readonly #parts: SessionParts;
  readonly #online = new OnlineDdlRunner((sql) => this.query(sql));
  #takesBlocks: boolean;
  #held: HeldLock | undefined;
  #cluster: ClusterLock | undefined;
  readonly #inUse = new InUse();
  #closing: Promise<void> | undefined;

  constructor(connection: MysqlConnection, parts: SessionParts) {
    this.dialect = mysqlDialect(parts.server);
    this.#connection = connection;
    this.#parts = parts;
    this.#takesBlocks = parts.server.flavor === "mariadb";
    connection.onLost((reason) => this.#held?.lose(reason));
  }

  async query(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.#ask(sql, parameters)).rows;
  }

  async change(sql: string, parameters?: readonly unknown[]): Promise<number> {
    return (await this.#ask(sql, parameters)).changed;
  }

  /** One by one: a text of several statements would not say which of them failed. Nobody asks that of our own. */
  async execute(statements: readonly Statement[]): Promise<void> {
    let index = 0;
    for (const part of this.#takesBlocks ? partsOf(statements) : statements.map((one) => [one])) {
      try {
        await (part.length === 1 ? this.#run(part[0]!) : this.#runBlock(part));
      } catch (cause) {
        if (cause instanceof StatementFailed)
          throw new StatementFailed(cause.message, {
            index: index + cause.index,
            cause: cause.cause,
          });
        throw new StatementFailed(messageOf(cause), { index, cause });
      }
      index += part.length;
    }
  }

  async tryLock(name: string): Promise<LockAttempt> {
    if (this.#parts.role !== "lock") throw new Error("this session was not opened for the lock");
    if (this.#held?.ended === false) throw new Error("this session holds a lock already");
    const { leaseMs } = this.#parts;
    const connection = {
      query: (sql: string) => this.query(sql),
      hangUp: () => this.#connection.hangUp(),
    };
    const lease = await tryNamedLock(connection, { name, leaseMs });
    if (lease === undefined) return {};
    this.#held = lease;
    return { lease };
  }

  async takeFence(request: FenceRequest): Promise<Fence | undefined> {
    const { connectionId } = this.#connection;
    const query = (sql: string) => this.query(sql);
    const own = { ...request, application: this.#parts.application, connectionId };
    if (this.#parts.server.galera !== true) return takeFence(query, own);
    const { ClusterLock } = await import("./cluster/cluster-lock.ts");
    this.#cluster ??= new ClusterLock({
      ...this.#parts,
      query,
      change: (sql) => this.change(sql),
      connection: this.#connection,
      inUse: this.#inUse,
    });
    return this.#cluster.take(request);
  }

  fenceHolder = (): LockHolder | undefined => this.#cluster?.holder;

  async lockHolder(name: string, history?: Named): Promise<LockHolder | undefined> {
    const options = { ...this.#parts.server, history, waits: false };
    return (await readRun((sql) => this.query(sql), name, options))?.holder;
  }

  runAtWork(name: string, history?: Named): Promise<RunAtWork | undefined> {
    const options = { ...this.#parts.server, history, waits: true };
    return readRun((sql) => this.query(sql), name, options);
  }

  async cancel(): Promise<void> {
    let other: MysqlConnection | undefined;
    try {
      other = await this.#parts.connect();
      // Without a running statement nothing happens. https://dev.mysql.com/doc/refman/8.4/en/kill.html
      await other.query(`KILL QUERY ${this.#connection.connectionId}`);
    } catch {
      // Then the statement continues, and its end tells what became of it.
    } finally {
      await other?.close();
    }
  }

  async runningOn(connectionId: string): Promise<string | undefined> {
    const processes = await readProcesses((sql) => this.query(sql));
    return processes.find(({ id }) => id === connectionId)?.running?.slice(0, 200);
  }

  async lockSettings(kind: StatementPolicy["kind"], policy: LockPolicy): Promise<SettingsAround> {
    return lockSettings(kind, policy);
  }

  batchSettings(limits: BatchLimits): Promise<BatchSettings> {
    return batchSettings((sql) => this.query(sql), this.#parts.server, limits);
  }

  async lockWaitOf(other: Session): Promise<LockWait | undefined> {
    if (!(other instanceof MysqlSession)) return undefined;
    return readLockWait((sql) => this.query(sql), other.#connection.connectionId ?? 0);
  }

  async progressOf(other: Session): Promise<StatementProgress | undefined> {
    if (!(other instanceof MysqlSession)) return undefined;
    const { readStatementProgress } = await import("./statement-progress.ts");
    return readStatementProgress((sql) => this.query(sql), other.#connection.connectionId ?? 0);
  }

  tableIdentity(table: Named, known?: string): Promise<string | undefined> {
    return tableIdentity((sql) => this.query(sql), this.#parts.server, { table, known });
  }

  lastingTables(): Promise<readonly { readonly name: string; readonly engine: string }[]> {
    return lastingTables((sql) => this.query(sql));
  }

  async isHarmless(finding: FoundOnTables, { onlineDdl }: LockPolicy): Promise<boolean> {
    return onlineDdl === "allow-copy" || isHarmless((sql) => this.query(sql), finding);
  }

  inTransaction(): Promise<boolean> {
    return this.#connection.inTransaction();
  }

  /**
   * The server takes its own character set and keeps the database, so Slipway sets both again.
   * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_reset_connection.html
   */
  async renew(): Promise<void> {
    const { database } = this.#connection;
    await this.#connection.reset();
    if (database !== undefined) await this.#connection.query(`USE ${quote(database)}`);
    await this.#connection.query(sessionSettings(this.#parts.server));
    await this.#cluster?.renewed();
  }

  lacking(tables: readonly Named[]): Promise<Refusal | undefined> {
    return lacking((sql) => this.query(sql), tables);
  }

  refusal(error: unknown): Promise<Refusal> {
    const cause = error instanceof StatementFailed ? error.cause : error;
    return refusal((sql) => this.query(sql), cause);
  }

  async checkup(): Promise<readonly Diagnosis[]> {
    const { lookedAt } = await import("../looks.ts");
    const { mysqlLooks } = await import("./mysql-checkup.ts");
    const looks = mysqlLooks((sql) => this.query(sql));
    return lookedAt(looks, this);
  }

  async facts(own: string): Promise<DatabaseFacts> {
    const { readMysqlFacts } = await import("./facts.ts");
    return readMysqlFacts({ query: (sql) => this.query(sql) }, own);
  }

  errorKind = (error: unknown): ErrorKind => errorKind(error);

  close(): Promise<void> {
    this.#held?.end();
    this.#cluster?.end();
    this.#closing ??= this.#connection.close();
    return this.#closing;
  }

  /** MariaDB before 10.1 and some poolers know no blocks: one that the server cannot read has not begun. */
  async #runBlock(statements: readonly Statement[]): Promise<void> {
    try {
      await this.query(blockOf(statements));
    } catch (error) {
      if (errorNumber(error) !== parseError) throw error;
      this.#takesBlocks = false;
      await this.execute(statements);
    }
  }

  async #run({ sql, parameters, procedure, policy }: Statement): Promise<void> {
    const mayCopy = policy.mayCopy === true;
    const asWritten = procedure as MysqlProcedure | undefined;
    const remade = asWritten?.name === "alter_as_written" ? asWritten.input.remade : [];
    const change = async (text: string) => {
      if (mayLoseColumns(text)) await this.#keepDependents(text, remade);
      return this.#online.run(text, { mayCopy });
    };
    if (procedure !== undefined) await runProcedure(change, procedure as MysqlProcedure);
    else if (parameters !== undefined && parameters.length > 0) await this.query(sql, parameters);
    else await change(sql);
  }

  async #keepDependents(sql: string, remade: readonly string[]): Promise<void> {
    const { refuseBrokenDependents } = await import("./dependents.ts");
    await refuseBrokenDependents((text) => this.query(text), sql, remade);
  }

  #ask(sql: string, parameters: readonly unknown[] = []): Promise<MysqlResult> {
    return this.#inUse.during(async () => {
      const result = await this.#connection.query(sql, parameters.map(incoming));
      await this.#tellWarnings(result);
      return result;
    });
  }

  /** The server keeps warnings until the next statement, and says only how many there are. */
  async #tellWarnings({ warnings }: MysqlResult): Promise<void> {
    const { onNotice } = this.#parts;
    if (onNotice === undefined || warnings === 0) return;
    const { rows } = await this.#connection.query("SHOW WARNINGS");
    for (const { Level, Message } of rows) {
      onNotice({ level: noticeLevel(Level), message: String(Message) });
    }
  }
}

/** ER_PARSE_ERROR. */
const parseError = 1064;
