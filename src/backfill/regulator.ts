/**
 * Holds what the workers of one process share: pace, deadline, throttle, the failure budget and the
 * news of progress.
 */
import type { Session } from "../adapters/adapter.ts";
import type { Pace } from "../core/backfill/backfill.ts";
import type { Edge, MigrationRef } from "../engine/events.ts";
import type { RunFacts } from "../engine/run-facts.ts";
import type { BatchDone } from "./batch.ts";
import { countDead } from "./dead.ts";
import type { RunRow } from "./ledger.ts";
import { paceNow } from "./pace.ts";
import { readSums } from "./progress.ts";
import { type Speed, speedAfter, speedFrom } from "./speed.ts";
import type { BackfillTarget } from "./target.ts";
import { ThrottleGate } from "./throttle/gate.ts";
import { ToldHold } from "./told-hold.ts";

/** How often the sums over all ranges are read and told. */
const tellEveryMs = 1_000;

export type RegulatorContext = {
  readonly target: BackfillTarget;
  readonly run: RunRow;
  readonly edge: Edge;
  /** Stop after this many milliseconds. Default: when all is done. */
  readonly forMs?: number | undefined;
  /** The throttle of several backfills on one server. Default: its own. */
  readonly gate?: ThrottleGate | undefined;
  /** Whether more than one connection gains nothing. */
  readonly single: boolean;
  /** Who writes the event of a long hold. Default: nobody does. */
  readonly facts?: RunFacts | undefined;
};

export class Regulator {
  pace: Pace;
  /** Is called when the pace has changed. */
  onPace: () => void = () => undefined;
  readonly #context: RegulatorContext;
  #until: number;
  readonly #gate: ThrottleGate;
  #paceJson: string;
  #toldAt: number;
  #speed: Speed = speedFrom({ ms: 0, rows: 0 });
  #held: string | undefined;
  readonly #toldHold: ToldHold;
  #tried = false;

  constructor(context: RegulatorContext) {
    const { edge, run, forMs } = context;
    this.#context = context;
    this.#paceJson = run.pace;
    this.pace = this.#paceOf(run.pace);
    this.#until = forMs === undefined ? Number.POSITIVE_INFINITY : edge.now() + forMs;
    this.#gate = context.gate ?? new ThrottleGate({ edge });
    this.#toldAt = edge.now();
    this.#toldHold = new ToldHold(context);
  }

  get migration(): MigrationRef {
    const { repo, version, name } = this.#context.target.ref;
    return { repo, version, name };
  }

  /** Hears how many rows were done before, so that the rate counts only new ones. */
  startFrom(rows: number): void {
    this.#speed = speedFrom({ ms: this.#context.edge.now(), rows });
  }

  /** Whether its time is over. However short that was, one batch is tried, so that slices always come forward. */
  isOver(): boolean {
    const tried = this.#tried || this.#held !== undefined;
    return tried && this.#context.edge.now() >= this.#until;
  }

  /** Hears that a batch was tried. */
  tried(): void {
    this.#tried = true;
  }

  /** Whether something says to hold now. */
  async holds(session: Session): Promise<boolean> {
    const reason = await this.#gate.reason(session, this.pace.throttle, this.#context.target);
    if (reason !== this.#held) {
      this.#held = reason;
      this.#context.edge.emit({ type: "backfill_held", migration: this.migration, reason });
    }
    await this.#toldHold.hear(session, reason);
    return reason !== undefined;
  }

  /** Lets the workers end, because one of them cannot continue. */
  stop(): void {
    this.#tried = true;
    this.#until = this.#context.edge.now();
  }

  /**
   * The rest after a batch of `batchMs` milliseconds, less the time already rested, but not beyond
   * the end.
   */
  restMs(batchMs: number, restedMs: number): number {
    const restMs = this.pace.pauseMs + (this.pace.throttle.niceRatio ?? 0) * batchMs;
    return Math.min(restMs - restedMs, this.#until - this.#context.edge.now());
  }

  /** Hears the pace that the ledger has now. */
  hearPace(json: string): void {
    if (json === this.#paceJson) return;
    this.#paceJson = json;
    this.pace = this.#paceOf(json);
    this.onPace();
  }

  /** Hears of a batch. Gives the reason when too many rows have failed. */
  async note(session: Session, done: BatchDone): Promise<string | undefined> {
    const { target, run, edge } = this.#context;
    this.hearPace(done.pace);
    if (done.dead > 0) {
      const { maxFailures } = target.backfill;
      const dead = await countDead(session, target.ref, run.id);
      if (dead > maxFailures) return `${dead} rows failed, more than maxFailures: ${maxFailures}`;
    }
    if (edge.now() - this.#toldAt >= tellEveryMs) await this.#tell(session, done);
    return undefined;
  }

  async #tell(session: Session, done: BatchDone): Promise<void> {
    const { target, run, edge } = this.#context;
    this.#toldAt = edge.now();
    const sums = await readSums(session, target.ref.history, run.id);
    const at = { ms: edge.now(), rows: sums.rowsSeen };
    this.#speed = speedAfter(this.#speed, at);
    const { rowsPerSecond } = this.#speed;
    const left = Math.max(0, run.estimate - sums.rowsSeen);
    edge.emit({
      type: "backfill_progress",
      migration: this.migration,
      rowsSeen: sums.rowsSeen,
      rowsChanged: sums.rowsChanged,
      rowsExpected: run.estimate,
      rowsDead: await countDead(session, target.ref, run.id),
      rowsPerSecond: Math.round(rowsPerSecond),
      batchRows: done.rows,
      batchMs: Math.round(done.ms),
      workers: this.pace.parallel,
      leftMs: rowsPerSecond > 0 ? Math.round((left / rowsPerSecond) * 1000) : undefined,
    });
  }

  #paceOf(json: string): Pace {
    const { target, single } = this.#context;
    const pace = paceNow(target.backfill.pace, json);
    return single ? { ...pace, parallel: 1 } : pace;
  }
}
