/** How far a statement is that takes long, as the server tells another connection. */
import type { LockWait } from "./blocker.ts";

/** What is known of a statement that runs. All of it may be missing: few kinds of statement tell how far they are. */
export type StatementProgress = {
  /** In the words of the database: `building index: scanning table`. */
  readonly phase?: string | undefined;
  /** The table that it works on. */
  readonly on?: string | undefined;
  /** How much of the phase is done, from 0 to 1. */
  readonly share?: number | undefined;
  /** What it waits for now, and who is in its way. */
  readonly wait?: LockWait | undefined;
};
