/** The hands of a running step: sends statements and code, logs them, and knows which operation is at work. */

import { type Session, StatementFailed } from "../adapters/adapter.ts";
import { type LockPolicy, lockPolicy } from "../core/model/lock-policy.ts";
import type { Statement, StatementPolicy } from "../core/model/statement.ts";
import { plain } from "../core/model/statement.ts";
import type { Action } from "../core/plan/prepare.ts";
import type { Step } from "../core/plan/step.ts";
import { workNote } from "../core/safety/forecast/work-note.ts";
import { eventStatement, millisecondsSql } from "./event-table.ts";
import type { MigrationRef } from "./events.ts";
import type { FailedStatement } from "./failed-at.ts";
import { type Deadline, interruptible, stopOf, TimeOver } from "./interruptible.ts";
import { isOpaque } from "./opaque-step.ts";
import { allowed, marked, markOf, operationsOf, type Queued } from "./queued.ts";
import { reasonOf } from "./reason.ts";
import { recordStatement } from "./record.ts";
import type { RunContext, StepPlace } from "./run-context.ts";
import { shield } from "./shield.ts";
import { TransactionBroken } from "./transaction-broken.ts";

/** How a step ended that did not end well. */
export type StepEnding = { readonly result: "failed" | "interrupted"; readonly reason: string };

type Atomic = { takes?: StatementPolicy["kind"]; behind?: readonly Statement[] };
type RunAction = Extract<Action, { kind: "run" }>;

/** Stands in the transaction while code of the user's has it. */
const savepoint = "slipway_code";
const releaseSavepoint = `RELEASE SAVEPOINT ${savepoint}`;

export class StepWork {
  /** The words of the operation that runs, or that failed. */
  operation: string | undefined;
  /** The statement that failed. */
  failed: FailedStatement | undefined;
  /** The statement policy of the work at hand, while Slipway tries it. */
  takes: StatementPolicy["kind"] = "plain";
  /** The operations of the migration that the server has received and not yet answered. */
  sending: { readonly operations: readonly string[]; readonly since: number } | undefined;
  readonly step: Step;
  readonly context: RunContext;
  readonly policy: LockPolicy;
  readonly migration: MigrationRef;
  readonly place: StepPlace;
  readonly #startedAt: number;
  readonly #settings: Queued[] = [];
  #queue: Queued[] = [];
  /** The words of the code whose transaction is not proven yet to be still the same. */
  #code: string | undefined;
  /** The step with what its code has sent. */
  #recorded: Step | undefined;

  constructor(step: Step, migration: MigrationRef, context: RunContext, place: StepPlace = {}) {
    this.step = step;
    this.place = place;
    this.context = context;
    this.migration = migration;
    const { repo, command } = context.policies;
    this.policy = lockPolicy(repo, step.policy, command);
    this.#startedAt = context.edge.now();
  }

  get elapsedMs(): number {
    return this.context.edge.now() - this.#startedAt;
  }

  get session(): Session {
    return this.context.session;
  }

  /** Tells that an operation begins. */
  say(action: Action): void {
    if (action.kind === "statements" && action.statements.length === 0) return;
    this.tell(action.words);
  }

  tell(words: string): void {
    this.context.edge.emit({ type: "operation", migration: this.migration, words });
  }

  /** Queues a statement of the migration. */
  add(statement: Statement, words: string): void {
    this.#log("migration", statement);
    this.#queue.push({ statement: allowed(statement, this.policy), words, origin: statement });
  }

  /** Queues a statement of ours. */
  addOwn(statement: Statement): void {
    this.#log("migrator", statement);
    this.#queue.push({ statement: { ...statement, joins: true }, words: undefined });
  }

  /** Makes a setting of the connection. One that must not reach our statements waits for `addSettings`. */
  async set(statement: Statement, words: string): Promise<void> {
    const { probe } = statement;
    if (probe?.kind === "setting" && probe.ownOnly) {
      this.#settings.push({ statement, words });
      return;
    }
    this.add(statement, words);
    await this.flush();
  }

  /** Queues the settings made so far, for the migration's own statements. */
  addSettings(): void {
    for (const { statement, words } of this.#settings) this.add(statement, words ?? "");
  }

  /** Queues the end of those settings. */
  addReset(): void {
    if (this.#settings.length === 0) return;
    for (const sql of this.session.dialect.resetSettings) this.addOwn(plain(sql));
  }

  /** Queues the beginning of a transaction, with the lock policy for its kind of work. */
  addBegin(takes: StatementPolicy["kind"]): void {
    const { dialect } = this.session;
    const { actions } = this.step;
    this.addOwn(plain(dialect.begin));
    for (const setting of dialect.lockSettings(takes, this.policy)) this.addOwn(setting);
    const isOfRows =
      this.context.lane === "data" || actions.some(({ kind }) => kind === "backfill");
    if (isOfRows && dialect.showAllRows !== undefined) this.addOwn(plain(dialect.showAllRows));
  }

  /** Queues the proof that the lock is still held: without it the transaction cannot commit. */
  addFence(): void {
    for (const statement of this.context.fence?.proof ?? []) this.addOwn(statement);
  }

  /**
   * Queues the history row and its event. What the migration set, such as a search_path, must not reach them, nor the
   * next migration; nor must what else it leaves on the connection. A transaction may be one round trip, whose length
   * only the database knows.
   */
  addRecord(): void {
    const { step, context } = this;
    const { session, historyTable, facts } = context;
    const { dialect } = session;
    if (isOpaque(step)) for (const sql of dialect.clearSession) this.addOwn(plain(sql));
    if (step.transactional) this.#addShield();
    const { tookMs } = step;
    const own = step.transactional ? dialect.elapsedMs : millisecondsSql(this.elapsedMs);
    const duration = tookMs === undefined ? own : millisecondsSql(tookMs);
    const recorded = this.#recorded ?? step;
    this.addOwn(recordStatement(dialect, historyTable, { step: recorded, facts, duration }));
    const result = step.direction === "up" ? "applied" : "rolled_back";
    const { forecasts } = step;
    const reason = forecasts && workNote(forecasts);
    const event = { ...this.#about(), result, duration, reason } as const;
    this.addOwn(eventStatement(dialect, historyTable, { event, facts }));
  }

  /** Queues the statement that takes a migration's policies and triggers off our tables. */
  #addShield(): void {
    const { session, historyTable: history } = this.context;
    for (const one of shield(this.step, { dialect: session.dialect, history })) this.addOwn(one);
  }

  /**
   * Sends the queue, in as few round trips as the database allows. When the run is to stop, Slipway cancels the
   * migration's statements or does not begin them. Our statements are short, and record work that has happened already.
   */
  async flush(deadline: Deadline = {}): Promise<void> {
    const queue = this.#queue;
    this.#queue = [];
    if (queue.length === 0) return;
    const send = () => this.session.execute(marked(queue, this.session, this.migration));
    const operations = operationsOf(queue);
    try {
      if (operations.length === 0) await send();
      else await this.#sending(operations, () => interruptible(this.context, send, deadline));
    } catch (error) {
      const failed = error instanceof TimeOver ? error.cause : error;
      if (!(failed instanceof StatementFailed)) throw error;
      const { statement, words, origin } = queue[failed.index] ?? {};
      this.operation = words;
      this.failed = origin && { statement: origin, offset: failed.offset };
      if (statement?.sql !== releaseSavepoint) this.#code = undefined;
      throw error;
    }
    this.#code = undefined;
  }

  /** Sends all of `queue` as one transaction, and our statements of `behind` after it. */
  async atomically(
    queue: () => void,
    { takes = "plain", behind = [] }: Atomic = {},
  ): Promise<void> {
    try {
      this.addBegin(takes);
      this.#addShield();
      this.addFence();
      queue();
      this.#addShield();
      this.addOwn(plain(this.session.dialect.commit));
      for (const statement of behind) this.addOwn(statement);
      await this.flush();
    } catch (error) {
      await this.rollBack();
      throw error;
    }
  }

  /** Waits, unless the run is to stop: then the step ends here. */
  async pause(ms: number): Promise<void> {
    await this.context.edge.sleep(ms, stopOf(this.context));
    this.refuseToGoOn();
  }

  /** Ends the step here when the run is to stop. */
  refuseToGoOn(): void {
    if (stopOf(this.context).aborted) throw new Error("the run is to stop");
  }

  /**
   * Rolls back what failed in the user's code, or behind it, and gives the error to tell: without its savepoint this is
   * no longer the transaction that the code was given, and what it did may stay.
   */
  async rollBackCode(error: unknown, atEnd?: Statement): Promise<unknown> {
    const code = this.#code;
    this.#code = undefined;
    if (code === undefined) {
      await this.rollBack(atEnd);
      return error;
    }
    const back = plain(`ROLLBACK TO SAVEPOINT ${savepoint}`);
    const missing = await this.session.execute([back]).then(
      () => false,
      (failure) => this.session.errorKind(failure) === "savepoint_missing",
    );
    await this.rollBack(atEnd);
    if (!missing) return error;
    const isProof = this.session.errorKind(error) === "savepoint_missing";
    this.operation = code;
    return new TransactionBroken("ended", isProof ? undefined : reasonOf(error));
  }

  /** `atEnd` goes behind it, also when there was nothing to roll back. */
  async rollBack(atEnd?: Statement): Promise<void> {
    this.#queue = [];
    const rollback = plain(this.session.dialect.rollback);
    for (const statement of atEnd === undefined ? [rollback] : [rollback, atEnd]) {
      this.#log("migrator", statement);
      try {
        await this.session.execute([statement]);
      } catch {
        // Nothing to roll back, or no connection: the server does it. The first error is the one to tell.
      }
    }
  }

  /** Runs code in the transaction that is open, and queues the proof that it is still the same one afterwards. */
  async runInside(action: RunAction): Promise<void> {
    this.addOwn(plain(`SAVEPOINT ${savepoint} ${markOf(this.session, this.migration)}`.trim()));
    await this.flush();
    this.#code = action.words;
    await this.#runCode(action);
    this.addOwn(plain(releaseSavepoint));
  }

  /** Runs code outside of a transaction, which must not leave one open. */
  async runAlone(action: RunAction): Promise<void> {
    await this.#runCode(action);
    if (await this.session.inTransaction?.()) throw new TransactionBroken("left_open");
    this.operation = undefined;
  }

  async #runCode(action: RunAction): Promise<void> {
    this.operation = action.words;
    this.failed = undefined;
    const { session, context, migration } = this;
    const log = (sql: string, parameters?: readonly unknown[]) =>
      this.#log("migration", { sql, parameters });
    const { runCode } = await import("./run-code.ts");
    const step = this.#recorded ?? this.step;
    await this.#sending([action.words], async () => {
      this.#recorded = await runCode(action, { session, context, migration, log, step });
    });
  }

  async #sending(operations: readonly string[], send: () => Promise<void>): Promise<void> {
    this.sending = { operations, since: this.context.edge.now() };
    await send().finally(() => {
      this.sending = undefined;
    });
  }

  #about() {
    const { file, direction } = this.step;
    return { version: file.version, name: file.name, direction };
  }

  #log(by: "migration" | "migrator", statement: Pick<Statement, "sql" | "parameters">): void {
    const { sql, parameters } = statement;
    const { edge, repo } = this.context;
    edge.emit({ type: "sql", repo, by, sql, ...(parameters === undefined ? {} : { parameters }) });
  }
}
