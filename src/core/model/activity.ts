/** The server's activity at this moment, as far as it concerns migrations. Plain data. */
import type { Blocker, NamedLock } from "./blocker.ts";

/** A connection that waits for a lock, or stands in the way of one that does. */
export type QueuedConnection = Blocker & {
  /** The connections that it waits for, by their ids. Empty: it waits for none. */
  readonly waitsFor: readonly string[];
  /** The lock that it wants. Default: it wants none, or that is not known. */
  readonly wanted?: NamedLock | undefined;
};

/** A statement that changes a schema, or a command that works through a table. */
export type WorkAtHand = {
  readonly pid: string;
  readonly application?: string | undefined;
  /** Its beginning, on one line. */
  readonly query: string;
  /** For how long it has been running, in milliseconds. */
  readonly forMs: number;
  /**
   * The current phase of its work, in the server's words. Default: the server does not report it.
   */
  readonly phase?: string | undefined;
  /** The table or the index. */
  readonly on?: string | undefined;
  /** How much of the phase is done, from 0 to 1. Default: the server does not tell. */
  readonly share?: number | undefined;
};

/** A standby. */
export type ReplicaLag = {
  readonly name: string;
  /** How far behind it is, in milliseconds. Default: the server does not tell, as for one that has all. */
  readonly lagMs?: number | undefined;
};

/** An index that takes writes and serves no reads. */
export type InvalidIndex = {
  readonly name: string;
  readonly table: string;
  /** A build of it is running: it is not valid yet. */
  readonly isBuilding: boolean;
};

/** A migration that waits for a transaction which is open for longer makes the app wait behind it, in milliseconds. */
export const longOpenMs = 10_000;

/** All of it. */
export type Activity = {
  readonly waits: readonly QueuedConnection[];
  readonly work: readonly WorkAtHand[];
  readonly replicas: readonly ReplicaLag[];
  readonly invalidIndexes: readonly InvalidIndex[];
  /** The oldest transactions of others, the oldest first. */
  readonly open: readonly Blocker[];
};
