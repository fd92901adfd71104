/**
 * The migration lock: a named lock of the server, on a connection of its own.
 * It ends with the connection, and the server ends that when it was silent for the length of the lease.
 */
import { createHash } from "node:crypto";
import type { LockHolder } from "../../core/model/errors.ts";
import type { Lease, Row } from "../adapter.ts";
import { literal } from "./literal.ts";
import { findHolder } from "./lock-holder.ts";

/** What the lock needs of its connection. */
export type MysqlLockConnection = {
  query(sql: string): Promise<readonly Row[]>;
  /** Ends the connection without waiting. */
  hangUp(): void;
};

/**
 * Tries once.
 *
 * @throws {Error} when the server can neither give nor refuse the lock
 */
export async function tryNamedLock(
  connection: MysqlLockConnection,
  request: { readonly name: string; readonly leaseMs: number },
): Promise<MysqlHeldLock | undefined> {
  const { leaseMs } = request;
  const [setting] = await connection.query("SELECT DATABASE() AS repo");
  const name = lockName(String(setting?.repo), request.name);
  await connection.query(`SET SESSION wait_timeout = ${Math.ceil(leaseMs / 1000)}`);
  // Zero seconds is one try, on both servers. A negative number waits for ever on MySQL, and takes no lock on MariaDB.
  const [row] = await connection.query(`SELECT GET_LOCK(${literal(name)}, 0) AS taken`);
  if (row?.taken === 1) return new MysqlHeldLock(connection, { name, leaseMs });
  if (row?.taken !== 0) throw new Error(`the server could not try the lock ${name}`);
  return undefined;
}

/** Who holds the lock of this name on the database of the connection. Reads only. */
export async function readHolder(
  query: MysqlLockConnection["query"],
  name: string,
): Promise<LockHolder | undefined> {
  const [setting] = await query("SELECT DATABASE() AS repo");
  return findHolder(query, lockName(String(setting?.repo), name));
}

/** Names are one space for the whole server, and have 64 characters at most. */
export function lockName(database: string, name: string): string {
  const hash = createHash("sha256").update(`${database}\0${name}`).digest("hex");
  return `slipway:${hash.slice(0, 48)}`;
}

/** A lock that was taken. It beats until it is released or lost. */
export class MysqlHeldLock implements Lease {
  readonly #controller = new AbortController();
  readonly #connection: MysqlLockConnection;
  readonly #name: string;
  readonly #timer: NodeJS.Timeout;
  #unanswered = 0;
  #ended = false;

  constructor(
    connection: MysqlLockConnection,
    lock: { readonly name: string; readonly leaseMs: number },
  ) {
    this.#connection = connection;
    this.#name = lock.name;
    this.#timer = setInterval(() => this.#beat(), lock.leaseMs / beatsPerLease);
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
    const released = await this.#ask(`SELECT RELEASE_LOCK(${literal(this.#name)}) AS answer`);
    // Without an answer there is no connection any more, and with it the lock is gone: what was asked for has happened.
    if (released === undefined || released === 1) return;
    throw new Error("the lock was gone before it was released");
  }

  /** The connection ends on purpose, or has ended. */
  end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
  }

  /** Someone else may have the lock now. */
  lose(reason: unknown): void {
    if (this.#ended) return;
    this.end();
    this.#controller.abort(reason);
  }

  /** Asks the server whether it is still ours, and gives up when it has not answered for the length of the lease. */
  async #beat(): Promise<void> {
    if (this.#unanswered === beatsPerLease - 1) {
      this.lose(new Error("the server did not answer on the lock connection"));
      this.#connection.hangUp();
      return;
    }
    this.#unanswered += 1;
    if (this.#unanswered > 1) return;
    const name = literal(this.#name);
    const held = await this.#ask(`SELECT IS_USED_LOCK(${name}) = CONNECTION_ID() AS answer`);
    this.#unanswered = 0;
    if (held !== 1) this.lose(new Error("the server does not know of the lock any more"));
  }

  /** The answer of the server; `undefined` when there is no connection. */
  async #ask(sql: string): Promise<unknown> {
    try {
      const [row] = await this.#connection.query(sql);
      return row?.answer ?? null;
    } catch {
      // An error here means the connection; its end is heard by the session.
      return undefined;
    }
  }
}

const beatsPerLease = 3;
