/**
 * The migration lock: a transaction-level advisory lock on a connection of its own.
 * The end of the transaction or of the connection is the unlock, so there is none that could fail.
 */
import { createHash } from "node:crypto";
import type { LockHolder } from "../../core/model/errors.ts";
import type { Lease, Row } from "../adapter.ts";
import { holderQuery, lockHolder } from "./lock-holder.ts";
import { catalogOnly } from "./own-names.ts";

/**
 * What the lock needs of its connection. Every statement goes by the simple protocol: an extended one leaves a portal
 * open that pins a snapshot, and then CREATE INDEX CONCURRENTLY elsewhere waits for ever.
 */
export type PostgresLockConnection = {
  query(sql: string): Promise<readonly Row[]>;
  /** Ends the connection without waiting. */
  hangUp(): void;
};

/**
 * Tries once. The transaction stays open only when the lock was taken, and the server ends it when
 * nothing is heard from it for `leaseMs`.
 */
export async function tryAdvisoryLock(
  connection: PostgresLockConnection,
  request: { readonly name: string; readonly leaseMs: number },
): Promise<PostgresHeldLock | undefined> {
  const [row] = await connection.query(
    `BEGIN ISOLATION LEVEL READ COMMITTED;
${catalogOnly}SET LOCAL idle_in_transaction_session_timeout = ${request.leaseMs};
SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout';
SELECT pg_try_advisory_xact_lock(${lockKey(request.name)}) AS taken`,
  );
  if (row?.taken === true) return new PostgresHeldLock(connection, request.leaseMs);
  await connection.query("ROLLBACK");
  return undefined;
}

/** A lock that was taken. It beats until it is released or lost. */
export class PostgresHeldLock implements Lease {
  readonly #controller = new AbortController();
  readonly #connection: PostgresLockConnection;
  readonly #timer: NodeJS.Timeout;
  #unanswered = 0;
  #ended = false;

  constructor(connection: PostgresLockConnection, leaseMs: number) {
    this.#connection = connection;
    this.#timer = setInterval(() => this.#beat(), leaseMs / beatsPerLease);
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
    const hangUp = setTimeout(() => this.#connection.hangUp(), answerMs);
    try {
      await this.#connection.query("ROLLBACK");
    } catch {
      // No connection any more, and with it the lock is gone: what was asked for has happened.
    } finally {
      clearTimeout(hangUp);
    }
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

  /** Says hello to the server, and gives up when it has not answered for the length of the lease. */
  #beat(): void {
    if (this.#unanswered === beatsPerLease - 1) {
      this.lose(new Error("the server did not answer on the lock connection"));
      this.#connection.hangUp();
      return;
    }
    this.#unanswered += 1;
    if (this.#unanswered > 1) return;
    this.#connection.query(hello).then(
      () => {
        this.#unanswered = 0;
      },
      (error) => this.lose(error),
    );
  }
}

const beatsPerLease = 3;
/** Takes no snapshot, unlike SELECT: a concurrent index build that meets one waits for the end of this transaction. */
const hello = "SHOW transaction_isolation";
/** How long a server may take to answer the release. */
const answerMs = 5_000;

/** 64 bits of the name's hash. */
function lockKey(name: string): bigint {
  return createHash("sha256").update(name).digest().readBigInt64BE();
}

/** Who holds the lock of this name. Reads only. */
export async function findHolder(
  connection: Pick<PostgresLockConnection, "query">,
  name: string,
): Promise<LockHolder | undefined> {
  try {
    const [row] = await connection.query(catalogOnly + holderQuery(lockKey(name)));
    return lockHolder(row);
  } catch {
    // Only for a message: without the right to look, the holder stays unknown.
    return undefined;
  }
}
