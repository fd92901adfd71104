/** A lock that lives on a connection: it beats until it is released or lost. */
import type { Lease, Row } from "./adapter.ts";

/** The connection with which a lock is taken and kept. */
export type LockConnection = {
  query(sql: string): Promise<readonly Row[]>;
  /** Ends the connection without waiting. */
  hangUp(): void;
};

/** The queries of a held lock to its server. */
export type LockKeeping = {
  /** How long the server may be silent before the lock counts as lost. It is asked three times in this time. */
  readonly leaseMs: number;
  /** Asks the server whether the lock is still this connection's. Rejects when there is no connection. */
  isHeld(): Promise<boolean>;
  /** Frees the lock; `false` when it was gone before. Rejects when there is no connection, and with it no lock. */
  unlock(): Promise<boolean>;
  /** Ends the connection without waiting. */
  hangUp(): void;
};

/** The lease of a session, which the session can end. */
export interface HeldLock extends Lease {
  /** Whether it was released or lost, so that the session may take another. */
  readonly ended: boolean;
  /** The connection ends on purpose, or has ended: no more beats. */
  end(): void;
  /** Someone else may have the lock now: `lost` aborts with this reason. */
  lose(reason: unknown): void;
}

/** Keeps a lock that was just taken. */
export function heldLock(keeping: LockKeeping): HeldLock {
  return new BeatingLock(keeping);
}

const beatsPerLease = 3;
/** How long a server may take to answer the release. */
const answerMs = 5_000;

class BeatingLock implements HeldLock {
  readonly #controller = new AbortController();
  readonly #keeping: LockKeeping;
  readonly #timer: NodeJS.Timeout;
  #unanswered = 0;
  #ended = false;

  constructor(keeping: LockKeeping) {
    this.#keeping = keeping;
    this.#timer = setInterval(() => void this.#beat(), keeping.leaseMs / beatsPerLease);
    this.#timer.unref();
  }

  get lost(): AbortSignal {
    return this.#controller.signal;
  }

  get ended(): boolean {
    return this.#ended;
  }

  async release(): Promise<void> {
    if (this.#ended) return;
    this.end();
    const hangUp = setTimeout(() => this.#keeping.hangUp(), answerMs);
    // Without an answer the connection is gone, and the lock with it, so the release has happened.
    const released = await this.#keeping.unlock().catch(() => true);
    clearTimeout(hangUp);
    if (!released) throw new Error("the lock was gone before it was released");
  }

  end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
  }

  lose(reason: unknown): void {
    if (this.#ended) return;
    this.end();
    this.#controller.abort(reason);
  }

  /** Gives up when the server has not answered for the length of the lease. */
  async #beat(): Promise<void> {
    if (this.#unanswered === beatsPerLease - 1) {
      this.lose(new Error("the server did not answer on the lock connection"));
      this.#keeping.hangUp();
      return;
    }
    this.#unanswered += 1;
    if (this.#unanswered > 1) return;
    try {
      const held = await this.#keeping.isHeld();
      this.#unanswered = 0;
      if (!held) this.lose(new Error("the server does not know of the lock any more"));
    } catch (error) {
      this.lose(error);
    }
  }
}
