/** Asks the signals of a throttle, no more often than it says, and gives the first reason to hold. */
import type { Session } from "../../adapters/adapter.ts";
import type { Throttle } from "../../core/backfill/throttle.ts";
import type { Target } from "../target.ts";
import { type Signal, type SignalContext, signals } from "./signals.ts";

const checkEveryMs = 1_000;

export class ThrottleGate {
  readonly #context: Omit<SignalContext, "session">;
  readonly #now: () => number;
  #asked:
    | {
        readonly at: number;
        readonly throttle: Throttle;
        readonly answer: Promise<string | undefined>;
      }
    | undefined;

  constructor({ target, now }: { readonly target: Target; readonly now: () => number }) {
    this.#context = { target, now, memory: new Map() };
    this.#now = now;
  }

  /** Why to hold now; several workers share one answer. */
  reason(session: Session, throttle: Throttle): Promise<string | undefined> {
    const given = signals.filter(({ limit }) => limit(throttle) !== undefined);
    if (given.length === 0) return Promise.resolve(undefined);
    const at = this.#now();
    const last = this.#asked;
    if (
      last !== undefined &&
      last.throttle === throttle &&
      at - last.at < (throttle.checkEveryMs ?? checkEveryMs)
    )
      return last.answer;
    const answer = this.#ask(session, throttle, given);
    this.#asked = { at, throttle, answer };
    return answer;
  }

  async #ask(
    session: Session,
    throttle: Throttle,
    given: readonly Signal[],
  ): Promise<string | undefined> {
    for (const signal of given) {
      const reason = await this.#read(signal, session, throttle);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  /** Closed when it cannot be read: a signal that is silent says nothing good. */
  async #read(
    { name, read }: Signal,
    session: Session,
    throttle: Throttle,
  ): Promise<string | undefined> {
    try {
      return await read({ ...this.#context, session }, throttle);
    } catch (error) {
      if (session.errorKind(error) === "connection_lost") throw error;
      if (throttle.unreadable === "go") return undefined;
      return `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}
