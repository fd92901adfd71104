/** Keeps in the ledger why a throttle holds a run: the log of its worker may be on another machine. */
import type { Session } from "../adapters/adapter.ts";
import { holdText } from "../core/backfill/hold-words.ts";
import { redact } from "../core/model/redact.ts";
import { eventStatement, eventTable, millisecondsSql } from "../engine/event-table.ts";
import type { Edge } from "../engine/events.ts";
import { ensureOwnTable } from "../engine/own-table.ts";
import type { RunFacts } from "../engine/run-facts.ts";
import { changeRun } from "./ledger.ts";
import { inTransaction } from "./statement.ts";
import type { BackfillTarget } from "./target.ts";

/** A shorter hold is not worth a write. */
const worthMs = 2_000;
/** How often it is written that the hold lasts. */
const againMs = 5_000;
/** A hold that lasts this long stands in the history. */
const eventMs = 60_000;

export type ToldHoldContext = {
  readonly target: BackfillTarget;
  readonly edge: Pick<Edge, "now">;
  /** Who writes the event of a long hold. Default: nobody does. */
  readonly facts?: RunFacts | undefined;
};

/** The hold of one process, of all its workers. */
export class ToldHold {
  readonly #context: ToldHoldContext;
  #sinceMs: number | undefined;
  #writtenMs: number | undefined;
  #hasEvent = false;

  constructor(context: ToldHoldContext) {
    this.#context = context;
  }

  /** Hears at each look why it holds now. A failure to write changes nothing about the work. */
  async hear(session: Session, reason: string | undefined): Promise<void> {
    try {
      await (reason === undefined ? this.#over(session) : this.#lasts(session, reason));
    } catch (error) {
      if (session.errorKind(error) === "connection_lost") throw error;
    }
  }

  async #over(session: Session): Promise<void> {
    const wasWritten = this.#writtenMs !== undefined;
    this.#sinceMs = undefined;
    this.#writtenMs = undefined;
    this.#hasEvent = false;
    const { ref } = this.#context.target;
    if (wasWritten) await changeRun(session, ref, { from: ["running"], reason: null });
  }

  async #lasts(session: Session, given: string): Promise<void> {
    const now = this.#context.edge.now();
    this.#sinceMs ??= now;
    const heldMs = now - this.#sinceMs;
    const isNew = this.#writtenMs === undefined || now - this.#writtenMs >= againMs;
    if (heldMs < worthMs || !isNew) return;
    this.#writtenMs = now;
    const { ref } = this.#context.target;
    const { dialect } = session;
    const [row] = await session.query(
      `SELECT ${dialect.castToText(dialect.backfill.nowMs)} AS now_ms`,
    );
    const seenMs = Number(row?.now_ms);
    const reason = redact(given).replaceAll("\0", "").replace(/\s+/g, " ").trim().toWellFormed();
    const text = holdText({ sinceMs: seenMs - heldMs, seenMs, reason });
    await changeRun(session, ref, { from: ["running"], reason: text });
    if (heldMs >= eventMs && !this.#hasEvent) await this.#note(session, reason, heldMs);
  }

  async #note(session: Session, reason: string, heldMs: number): Promise<void> {
    this.#hasEvent = true;
    const { facts, target } = this.#context;
    if (facts === undefined) return;
    const { version, name, history } = target.ref;
    const about = { version, name, direction: "up", result: "held", reason } as const;
    const event = { ...about, duration: millisecondsSql(heldMs) };
    const statement = eventStatement(session.dialect, history, { event, facts });
    await ensureOwnTable(session, eventTable(history));
    await inTransaction(session, () => session.execute([statement]));
  }
}
