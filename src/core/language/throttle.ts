/** When a backfill holds, as its author writes it. */
import type { Fragment } from "../model/fragment.ts";
import type { MigrationDatabase } from "../model/migration-database.ts";

/** Every limit that is given counts; one that is passed holds the backfill until it no longer is. */
export type Throttle = {
  /** Rest after each batch, as a multiple of the time that it took. Default: 0. */
  readonly niceRatio?: number;
  /** The slowest replica may be so far behind, in milliseconds (PostgreSQL). */
  readonly replicaLagMs?: number;
  /** A replication slot may keep so much write-ahead log, in bytes (PostgreSQL). */
  readonly slotBytes?: number;
  /** The server may write so much log in a second, in bytes (PostgreSQL). */
  readonly walBytesPerSecond?: number;
  /** Hold while the table is being vacuumed (PostgreSQL). */
  readonly autovacuum?: boolean;
  /** So many other connections may be at work. */
  readonly activeConnections?: number;
  /** The oldest transaction of others may be so old, in milliseconds. */
  readonly longTransactionMs?: number;
  /** A query that holds while it gives a row; the first column of it says why. */
  readonly sql?: Fragment;
  /** A function that holds while it gives text, which says why, or `true`. */
  readonly check?: (db: MigrationDatabase) => unknown;
  /** What a signal that cannot be read means. Default: `hold`. */
  readonly unreadable?: "hold" | "go";
  /** How often the signals are read, in milliseconds. Default: 1000. */
  readonly checkEveryMs?: number;
};
