/** Declares the migration lock: how it is taken, who has it, and the number that tells one taking from every other. */
import type { LockWait } from "../core/model/blocker.ts";
import type { LockHolder } from "../core/model/errors.ts";
import type { Named } from "../core/model/named.ts";
import type { Statement } from "../core/model/statement.ts";

/** The lock, or who has it where the try itself tells; elsewhere `lockHolder` does. */
export type LockAttempt =
  | { readonly lease: Lease }
  | { readonly lease?: undefined; readonly holder?: LockHolder | undefined };

/** A try that ended because others were in the way. */
export type BlockedTry = LockWait & {
  /** As `workMark` has it. */
  readonly work: string;
  /** From 1. */
  readonly attempt: number;
};

/** The holder of the lock, and the locks in its way. */
export type RunAtWork = {
  readonly holder: LockHolder;
  /** The lock that its statement waits for at this moment. */
  readonly wait?: LockWait | undefined;
  /** While it pauses between two tries: the last one, and how long ago it ended. */
  readonly lastTry?: (BlockedTry & { readonly agoMs: number }) | undefined;
};

/** The migration lock while it is held. */
export interface Lease {
  /** Aborts when the lock is lost before it is released. */
  readonly lost: AbortSignal;
  /** Where the lock itself has a number. Default: the work session takes one. */
  readonly fence?: Fence;
  release(): Promise<void>;
}

/**
 * `transaction`: each transaction, and each statement outside of one, may have another connection of the server.
 * `session`: a client keeps its connection until it leaves.
 */
export type Pooler = "transaction" | "session";

/** Which lock, and the table in whose schema its number is kept. */
export type FenceRequest = { readonly name: string; readonly history: Named };

/** The number that tells one taking of the lock from every other. */
export interface Fence {
  /** Grows with each taking. Digits, because it may be beyond 2^53. */
  readonly number: string;
  /**
   * Statements that fail inside a transaction of the work session once a later number was taken, and that keep a later
   * one from being taken until the transaction ends. Empty where nobody can take the lock away.
   */
  readonly proof: readonly Statement[];
  /**
   * Ends the connections of earlier holders that are still there: outside of a transaction they
   * cannot prove anything, and a process that wakes up late may still send a statement. One that
   * the server works for is left alone; then this gives the statement that it runs. Default: there
   * are none, or nobody can tell.
   */
  endEarlier?(): Promise<string | undefined>;
  /** Says that this holder ended by itself, so that the next one leaves its connection alone. */
  leave?(): Promise<void>;
  /** Aborts when another process may have taken a later number. Default: only the lease can be lost. */
  readonly lost?: AbortSignal;
}
