/** One connection at work: batch after batch, until there is nothing left to claim or somebody says stop. */

import type { ErrorKind, Session } from "../adapters/adapter.ts";
import { jittered } from "../core/model/backoff.ts";
import { isReleaseError } from "../core/model/errors.ts";
import { interruptible } from "../engine/interruptible.ts";
import { traced } from "../engine/traced.ts";
import { TransactionBroken } from "../engine/transaction-broken.ts";
import {
  type BatchDone,
  BatchFailed,
  type BatchResult,
  type BatchWish,
  runBatch,
  stopOf,
} from "./batch.ts";
import { type BatchSize, firstSize, halved, nextSize } from "./batch-size.ts";
import { TooLate } from "./call-user.ts";
import { runEffectBatch } from "./effect-batch.ts";
import { type KeyText, keyJson } from "./key.ts";
import { readRuns } from "./ledger.ts";
import { lift, limit } from "./limits.ts";
import { budgetsOf } from "./pace.ts";
import { readSums } from "./progress.ts";
import { reconnect } from "./reconnect.ts";
import type { RowFailure } from "./row-failure.ts";
import { splitRange } from "./split.ts";
import { rollBack } from "./statement.ts";
import type { WorkerContext, WorkerEnd } from "./worker-context.ts";

/** A batch that failed: which keys it had to go, and how many of them at a time. */
type Trouble = { readonly ord: string; readonly key: KeyText; readonly rows: number };

const idleMs = 100;
/** A resting worker looks for commands this often. */
const restPartMs = 1_000;
/**
 * A worker that finds nothing this many times in a row asks for a part of somebody else's range.
 */
const idleBeforeSplit = 2;
/**
 * A connection lost this many times in a row, without a batch in between, makes the batch smaller.
 */
const lossesBeforeSmaller = 3;
/** The rest of a range must be worth this many batches, and this many rows, to be split. */
const splitBatches = 4;
const splitRows = 2_000;
/** Two workers that split the same range get one of these errors. */
const othersWork: ReadonlySet<ErrorKind> = new Set([
  "lock_timeout",
  "deadlock",
  "already_exists",
  "duplicate_key",
]);

export class Worker {
  #session: Session;
  readonly #context: WorkerContext;
  #size: BatchSize;
  #ord: string | undefined;
  /** A failed batch, while the worker takes it apart. */
  #trouble: Trouble | undefined;
  #bury: RowFailure | undefined;
  #idle = 0;
  #losses = 0;
  /** Whether the connection has the limits of a batch. */
  #limited = false;

  constructor(session: Session, context: WorkerContext) {
    this.#session = session;
    this.#context = context;
    this.#size = firstSize(context.regulator.pace.batchSize);
  }

  /** The connection that it has now, which may be another than it was given. */
  get session(): Session {
    return this.#session;
  }

  /** Works until there is a reason to stop. */
  async work(): Promise<WorkerEnd> {
    for (;;) {
      const end = this.#reasonToStop() ?? (await this.#turn());
      if (end === undefined) continue;
      await lift(this.#session, this.#context.target);
      return end;
    }
  }

  #reasonToStop(): WorkerEnd | undefined {
    const { regulator, edge, index } = this.#context;
    if (edge.signal.aborted) return { kind: "interrupted" };
    if (regulator.isOver()) return { kind: "time_over" };
    return index >= regulator.pace.parallel ? { kind: "surplus" } : undefined;
  }

  async #turn(): Promise<WorkerEnd | undefined> {
    const { regulator, edge, target } = this.#context;
    try {
      if (!this.#limited) await limit(this.#session, target);
      this.#limited = true;
      if (await regulator.holds(this.#session)) {
        await edge.sleep(idleMs * 2, edge.signal);
        return await this.#ordered();
      }
      const result = await this.#batch();
      regulator.tried();
      return await this.#after(result);
    } catch (error) {
      return this.#failed(error);
    }
  }

  #batch(): Promise<BatchResult> {
    const { target, run, edge, regulator } = this.#context;
    const session = this.#session;
    const context = { session, target, run, edge };
    const wish = this.#wish();
    const work = () =>
      interruptible({ session, edge, lease: undefined }, () =>
        target.backfill.mode.kind === "effect"
          ? runEffectBatch(context, wish)
          : runBatch(context, wish),
      );
    return traced("batch", regulator.migration, work);
  }

  #wish(): BatchWish {
    const trouble = this.#trouble;
    const size = Math.min(this.#size.rows, this.#context.regulator.pace.maxBatchSize);
    if (trouble === undefined) return { rows: size, ord: this.#ord, bury: this.#bury };
    const rows = this.#bury === undefined ? trouble.rows : 1;
    return { rows, ord: trouble.ord, until: trouble, bury: this.#bury };
  }

  async #after(result: BatchResult): Promise<WorkerEnd | undefined> {
    switch (result.kind) {
      case "idle":
        return this.#idly();
      case "stopped":
        return result;
      case "worked":
        return this.#worked(result);
    }
  }

  async #worked(done: BatchDone): Promise<WorkerEnd | undefined> {
    const { regulator } = this.#context;
    this.#idle = 0;
    this.#losses = 0;
    this.#bury = undefined;
    this.#ord = done.ord;
    if (this.#trouble === undefined)
      this.#size = nextSize(this.#size, done, budgetsOf(regulator.pace));
    else this.#healed(this.#trouble, done);
    const over = await regulator.note(this.#session, done);
    if (over !== undefined) return { kind: "failed", reason: over };
    return this.#rest(done.ms);
  }

  /** Rests in parts, so that neither a command nor a shorter rest has to wait for the end of a long one. */
  async #rest(batchMs: number): Promise<WorkerEnd | undefined> {
    const { regulator, edge } = this.#context;
    const leastMs = this.#session.dialect.backfill.restMs?.(batchMs) ?? 0;
    const since = edge.now();
    for (;;) {
      const restedMs = edge.now() - since;
      const restMs = Math.max(leastMs - restedMs, regulator.restMs(batchMs, restedMs));
      if (restMs <= 0 || edge.signal.aborted) return undefined;
      await edge.sleep(Math.min(restMs, restPartMs), edge.signal);
      const end = restMs > restPartMs ? await this.#ordered() : undefined;
      if (end !== undefined) return end;
    }
  }

  /** Reads the commands while no batch does: whether to stop, and the pace. */
  async #ordered(): Promise<WorkerEnd | undefined> {
    const { target, run, regulator } = this.#context;
    const { history, version } = target.ref;
    const [now] = await readRuns(this.#session, history, version);
    if (now?.id !== run.id) return { kind: "stopped", state: "cancelled" };
    regulator.hearPace(now.pace);
    return stopOf(now, run);
  }

  /** A part of the batch that failed went well: on with the rest of it. */
  #healed(trouble: Trouble, done: BatchDone): void {
    const isPast = done.ord !== trouble.ord || keyJson(done.end) === keyJson(trouble.key);
    this.#trouble = isPast ? undefined : { ...trouble, rows: trouble.rows * 2 };
  }

  async #idly(): Promise<WorkerEnd | undefined> {
    const { target, run, edge } = this.#context;
    this.#trouble = undefined;
    this.#bury = undefined;
    const end = await this.#ordered();
    if (end !== undefined) return end;
    const { open } = await readSums(this.#session, target.ref.history, run.id);
    if (open === 0) return { kind: "done" };
    this.#idle += 1;
    if (this.#idle > idleBeforeSplit && (await this.#split())) this.#idle = 0;
    else await edge.sleep(jittered(idleMs, edge), edge.signal);
    return undefined;
  }

  async #split(): Promise<boolean> {
    const { target, run } = this.#context;
    const leastRows = Math.max(splitRows, splitBatches * this.#size.rows);
    try {
      return await splitRange(this.#session, target, { run: run.id, leastRows });
    } catch (error) {
      const kind = this.#session.errorKind(error);
      // Somebody works on it, or splits it too.
      if (othersWork.has(kind)) return false;
      throw error;
    }
  }

  async #failed(error: unknown): Promise<WorkerEnd | undefined> {
    const { edge } = this.#context;
    if (edge.signal.aborted) {
      await rollBack(this.#session);
      return { kind: "interrupted" };
    }
    if (isReleaseError(error)) throw error;
    const cause = error instanceof BatchFailed ? error.cause : error;
    if (cause instanceof TransactionBroken)
      return { kind: "failed", reason: `${brokenWords}${cause.message && `: ${cause.message}`}` };
    const kind = cause instanceof TooLate ? "timeout" : this.#session.errorKind(cause);
    switch (kind) {
      case "connection_lost":
        await this.#reconnect();
        this.#losses += 1;
        // A batch that always ends so may be silent for too long: the server takes that for death.
        return this.#losses < lossesBeforeSmaller ? undefined : this.#smaller(error, "busy");
      case "table_missing":
      case "column_missing":
      case "rows_hidden":
      case "invalid":
        return { kind: "failed", reason: wordsOf(cause) };
      case "lock_timeout":
      case "deadlock":
      case "timeout":
        return this.#smaller(error, "busy");
      case "already_exists":
      case "duplicate_key":
      case "copy_refused":
      case "savepoint_missing":
      case "other":
        if (!(error instanceof BatchFailed)) throw error;
        return this.#smaller(error, "error");
    }
  }

  /** Half of a batch that met a lock or a bad row; of a single row a dead letter. */
  async #smaller(error: unknown, kind: RowFailure["kind"]): Promise<undefined> {
    const { edge } = this.#context;
    if (!(error instanceof BatchFailed)) {
      await edge.sleep(idleMs, edge.signal);
      return undefined;
    }
    const { claim, window } = error;
    this.#ord = claim.ord;
    if (window.rows <= 1 && window.found) {
      this.#bury = { key: window.end, kind, error: wordsOf(error.cause) };
      this.#trouble ??= { ord: claim.ord, key: window.end, rows: 1 };
      return undefined;
    }
    const rows = Math.ceil(window.rows / 2);
    if (kind === "busy") this.#size = halved(this.#size);
    const key = this.#trouble?.ord === claim.ord ? this.#trouble.key : window.end;
    this.#trouble = { ord: claim.ord, key, rows };
    return undefined;
  }

  async #reconnect(): Promise<void> {
    this.#limited = false;
    this.#session = (await reconnect(this.#session, this.#context)) ?? this.#session;
  }
}

const brokenWords =
  "its batch function ended the transaction of the batch with its own COMMIT or ROLLBACK, so what that batch changed may be kept or lost, and it will be done again";

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "detail" in error && typeof error.detail === "string"
    ? `${error.message} (${error.detail})`
    : error.message;
}
