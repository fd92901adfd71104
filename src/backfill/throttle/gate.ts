/** Asks the signals of a throttle, no more often than it says, and gives the first reason to hold. */

import type { Session } from "../../adapters/adapter.ts";
import type { Throttle } from "../../core/language/throttle.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { Edge } from "../../engine/events.ts";
import { callUser } from "../call-user.ts";
import type { BackfillTarget } from "../target.ts";
import type { Reading, Signal } from "./signal.ts";
import { signals } from "./signals.ts";

const checkEveryMs = 1_000;

export class ThrottleGate {
  readonly #edge: Edge;
  readonly #memory = new Map<string, Reading>();
  #asked:
    | {
        readonly at: number;
        readonly throttle: Throttle;
        readonly answer: Promise<string | undefined>;
      }
    | undefined;

  constructor({ edge }: { readonly edge: Edge }) {
    this.#edge = edge;
  }

  /** Why to hold now; several workers share one answer, of several tables too: they share the server. */
  reason(
    session: Session,
    throttle: Throttle,
    target: BackfillTarget,
  ): Promise<string | undefined> {
    const given = signals.filter(({ limit }) => limit(throttle) !== undefined);
    if (given.length === 0) return Promise.resolve(undefined);
    const at = this.#edge.now();
    const last = this.#asked;
    if (
      last !== undefined &&
      isSame(last.throttle, throttle) &&
      at - last.at < (throttle.checkEveryMs ?? checkEveryMs)
    )
      return last.answer;
    const answer = this.#ask(session, throttle, { given, target });
    this.#asked = { at, throttle, answer };
    // The connection was lost: whoever comes next asks on another one.
    answer.catch(() => {
      this.#asked = undefined;
    });
    return answer;
  }

  async #ask(
    session: Session,
    throttle: Throttle,
    { given, target }: { readonly given: readonly Signal[]; readonly target: BackfillTarget },
  ): Promise<string | undefined> {
    for (const signal of given) {
      const reason = await this.#read(signal, session, { throttle, target });
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  /** Closed when it cannot be read: a signal that is silent says nothing good. */
  async #read(
    { name, read }: Signal,
    session: Session,
    { throttle, target }: { readonly throttle: Throttle; readonly target: BackfillTarget },
  ): Promise<string | undefined> {
    const edge = this.#edge;
    const { dialect } = session;
    const context = { dialect, target, now: edge.now, memory: this.#memory };
    const call = { session, edge, what: "it", ms: target.backfill.timeoutMs };
    try {
      return await callUser(call, (db) => read({ ...context, db }, throttle));
    } catch (error) {
      if (edge.signal.aborted || session.errorKind(error) === "connection_lost") throw error;
      if (throttle.unreadable === "go") return undefined;
      return `${name} cannot be read: ${messageOf(error)}`;
    }
  }
}

/** The same limits: of another table the throttle is another value, and says the same. */
function isSame(one: Throttle, other: Throttle): boolean {
  const limits = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Throttle>;
  return [...limits].every((limit) => one[limit] === other[limit]);
}
