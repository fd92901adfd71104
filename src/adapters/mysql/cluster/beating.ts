/** Sends the heartbeat of a cluster's lease, on a separate connection. */
import type { MysqlConnection } from "../driver.ts";
import type { InUse } from "../in-use.ts";
import { errorNumber } from "../messages.ts";
import { beatRow, type LeasePlace, readLease } from "./lease-row.ts";

const beatsPerLease = 3;
/** How long a server may take to answer the release. */
const answerMs = 5_000;

type BeatingOf = {
  readonly place: LeasePlace;
  readonly owner: string;
  readonly session: {
    readonly leaseMs: number;
    readonly connection: MysqlConnection;
    readonly inUse: InUse;
    connect(): Promise<MysqlConnection>;
  };
};

/**
 * Beats until it ends or another process has the lease. A beat that is not answered is no loss: while a table changes
 * on all nodes nothing else is committed, and a beat that waits was sent before anybody else's try.
 */
export class Beating {
  readonly #connection: MysqlConnection;
  readonly #of: BeatingOf;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #isAsking = false;
  #isLooking = false;
  #ended = false;

  constructor(connection: MysqlConnection, of: BeatingOf) {
    this.#connection = connection;
    this.#of = of;
    const everyMs = of.session.leaseMs / beatsPerLease;
    this.#timer = setInterval(() => void this.#beat(), everyMs);
    this.#timer.unref();
    connection.onLost((reason) => this.#lose(reason));
  }

  /** Aborts when another process may have the lock. */
  get lost(): AbortSignal {
    return this.#controller.signal;
  }

  /** No more beats; the lease is over when it has run out. */
  end(): void {
    if (this.#ended) return;
    this.#stop();
    this.#connection.hangUp();
  }

  /** Gives the lease back. */
  async finish(freeing: (place: LeasePlace, owner: string) => string): Promise<void> {
    if (this.#ended) return;
    this.#stop();
    const { place, owner } = this.#of;
    const hangUp = setTimeout(() => this.#connection.hangUp(), answerMs);
    try {
      await this.#connection.query(freeing(place, owner));
    } finally {
      clearTimeout(hangUp);
      await this.#connection.close();
    }
  }

  #stop(): void {
    this.#ended = true;
    clearInterval(this.#timer);
  }

  #lose(reason: unknown): void {
    if (this.#ended) return;
    this.end();
    this.#controller.abort(reason);
  }

  async #beat(): Promise<void> {
    const { connection, inUse } = this.#of.session;
    // Also one that was in use just now: it would be silent for two beats, which is all that the server lets it be.
    if (inUse.isIdle) connection.ping().catch(() => undefined);
    if (this.#isAsking) return this.#look();
    this.#isAsking = true;
    try {
      const { changed } = await this.#connection.query(beatRow(this.#of.place, this.#of.owner));
      if (changed === 0) this.#lose(takenByAnother());
    } catch (error) {
      // A conflict is somebody's try to take it; the next beat tells whether it was taken.
      if (!conflicts.has(errorNumber(error) ?? 0)) this.#lose(error);
    } finally {
      this.#isAsking = false;
    }
  }

  /** A beat that is lost on the way is never answered, so another connection asks who has the lease: a node that waits still reads. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    let other: MysqlConnection | undefined;
    try {
      const looking = await this.#of.session.connect();
      other = looking;
      const row = await readLease(async (sql) => (await looking.query(sql)).rows, this.#of.place);
      if (row?.owner !== this.#of.owner) this.#lose(takenByAnother());
    } catch {
      // The next beat looks again.
    } finally {
      this.#isLooking = false;
      await other?.close();
    }
  }
}

function takenByAnother(): Error {
  return new Error("another process has the migration lock");
}

/** ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK. */
const conflicts: ReadonlySet<number> = new Set([1205, 1213]);
