/** How far a statement is that takes long, as the server tells another connection. */
import type { LockWait } from "./blocker.ts";

/**
 * The progress of a running statement. Each field may be missing: few kinds of statement report how
 * far they are.
 */
export type StatementProgress = {
  /** In the words of the database: `building index: scanning table`. */
  readonly phase?: string | undefined;
  /** The table that it works on. */
  readonly on?: string | undefined;
  /** How much of the phase is done, from 0 to 1. */
  readonly share?: number | undefined;
  /** The lock that it waits for now, and its blockers. */
  readonly wait?: LockWait | undefined;
};
