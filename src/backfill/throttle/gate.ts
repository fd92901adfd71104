/** Asks the signals of a throttle, no more often than it says, and gives the first reason to hold. */

import type { Session } from "../../adapters/adapter.ts";
import type { Throttle } from "../../core/language/throttle.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { Edge } from "../../engine/events.ts";
import { callUser } from "../call-user.ts";
import type { BackfillTarget } from "../target.ts";
import { ServerNames } from "./server-names.ts";
import type { Reading, Signal } from "./signal.ts";
import { signals } from "./signals.ts";

const checkEveryMs = 1_000;

type GateContext = {
  readonly edge: Edge;
  /**
   * What the backfills that share the gate differ in. Default: `tables` of one database;
   * `databases` may be on one or several servers.
   */
  readonly over?: "tables" | "databases";
};

/** An answer that backfills with the same limit share. */
type Asked = {
  readonly signal: Signal;
  /** The server, database or table that was asked about. */
  readonly about: object;
  readonly throttle: Throttle;
  readonly at: number;
  readonly answer: Promise<string | undefined>;
};

type Asker = {
  readonly session: Session;
  readonly throttle: Throttle;
  readonly target: BackfillTarget;
};

export class ThrottleGate {
  readonly #edge: Edge;
  readonly #over: "tables" | "databases";
  readonly #servers = new ServerNames();
  /** Of tenants that are done nothing is kept. */
  readonly #memories = new WeakMap<object, Map<string, Reading>>();
  #asked: readonly Asked[] = [];

  constructor({ edge, over = "tables" }: GateContext) {
    this.#edge = edge;
    this.#over = over;
  }

  /** Why to hold now. Workers share an answer about their server, and about the same database or table. */
  async reason(
    session: Session,
    throttle: Throttle,
    target: BackfillTarget,
  ): Promise<string | undefined> {
    for (const signal of signals) {
      if (signal.limit(throttle) === undefined) continue;
      const reason = await this.#answer(signal, { session, throttle, target });
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  async #answer(signal: Signal, asker: Asker): Promise<string | undefined> {
    const about = await this.#about(signal, asker);
    for (;;) {
      const known = this.#known(signal, about, asker.throttle);
      if (known === undefined) return this.#ask(signal, about, asker);
      try {
        return await known.answer;
      } catch {
        // The connection of whoever asked was lost: ask on this one.
      }
    }
  }

  /** The thing that the signal tells something about: whoever means the same shares its answer. */
  async #about({ of }: Signal, { session, target }: Asker): Promise<object> {
    if (of === "table") return target;
    if (this.#over === "tables") return this;
    return of === "server" ? this.#servers.of(session, target) : target;
  }

  #known({ name }: Signal, about: object, throttle: Throttle): Asked | undefined {
    const now = this.#edge.now();
    this.#asked = this.#asked.filter((one) => now - one.at < intervalOf(one.throttle));
    return this.#asked.find(
      (one) =>
        one.signal.name === name &&
        one.about === about &&
        isSame(one, throttle) &&
        now - one.at < intervalOf(throttle),
    );
  }

  #ask(signal: Signal, about: object, asker: Asker): Promise<string | undefined> {
    const answer = this.#read(signal, about, asker);
    const asked = { signal, about, throttle: asker.throttle, at: this.#edge.now(), answer };
    this.#asked = [...this.#asked, asked];
    answer.catch(() => {
      this.#asked = this.#asked.filter((one) => one !== asked);
    });
    return answer;
  }

  /** Closed when it cannot be read: a signal that is silent says nothing good. */
  async #read(
    { name, read }: Signal,
    about: object,
    { session, throttle, target }: Asker,
  ): Promise<string | undefined> {
    const edge = this.#edge;
    const { dialect } = session;
    const memory = this.#memories.get(about) ?? new Map<string, Reading>();
    this.#memories.set(about, memory);
    const context = { dialect, target, now: edge.now, memory };
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

function intervalOf(throttle: Throttle): number {
  return throttle.checkEveryMs ?? checkEveryMs;
}

/** The same limit: of another table the throttle is another value, and says the same. */
function isSame({ signal, throttle }: Asked, other: Throttle): boolean {
  return (
    signal.limit(throttle) === signal.limit(other) &&
    (throttle.unreadable ?? "hold") === (other.unreadable ?? "hold")
  );
}
