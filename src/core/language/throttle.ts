/** When a backfill holds, as its author writes it. */
import { type Fragment, isFragment } from "../model/fragment.ts";
import { aFunction, flag, type Kind, numberFrom, wholeFrom } from "../model/kind.ts";
import type { MigrationDatabase } from "../model/migration-database.ts";

/** A kind that says which type its values have. It has no value: only the compiler asks. */
type KindFor<Value> = Kind & { readonly value?: Value };

const number: KindFor<number> = numberFrom(0);

/**
 * The signals that can hold a backfill, in the order in which a mistake names them. A limit that
 * nobody reads does not compile.
 */
export const throttleLimits = {
  /** Maximum lag of the slowest replica, in milliseconds (PostgreSQL). */
  replicaLagMs: number,
  /** Maximum write-ahead log that a replication slot may keep, in bytes (PostgreSQL). */
  slotBytes: number,
  /** Maximum log that the server may write in a second, in bytes (PostgreSQL). */
  walBytesPerSecond: number,
  /** Hold while the table is being vacuumed (PostgreSQL). */
  autovacuum: flag as KindFor<boolean>,
  /**
   * Maximum share of the time that the nodes of a Galera cluster may pause for each other: 0.1 is a
   * tenth.
   */
  flowControlPaused: number,
  /** Maximum number of the cluster's transactions that wait on the node (Galera). */
  receiveQueue: wholeFrom(0) as KindFor<number>,
  /** Maximum number of other connections at work. */
  activeConnections: wholeFrom(0) as KindFor<number>,
  /** Maximum age of the oldest transaction of others, in milliseconds. */
  longTransactionMs: number,
  /** A query that holds while it gives a row; the first column of it says why. */
  sql: { words: "SQL, written as sql`…`", holds: isFragment } as KindFor<Fragment>,
  /** A function that holds while it gives text, which says why, or `true`. */
  check: aFunction as KindFor<(db: MigrationDatabase) => unknown>,
};

/** Every limit that is given counts; one that is passed holds the backfill until it no longer is. */
export type Throttle = {
  readonly [Limit in keyof typeof throttleLimits]?: NonNullable<
    (typeof throttleLimits)[Limit]["value"]
  >;
} & {
  /** Rest after each batch, as a multiple of the time that it took. Default: 0. */
  readonly niceRatio?: number;
  /** The answer when Slipway cannot read a signal. Default: `hold`. */
  readonly unreadable?: "hold" | "go";
  /** How often the signals are read, in milliseconds. Default: 1000. */
  readonly checkEveryMs?: number;
};

/** All that a throttle takes, by key. */
export const throttleKinds = {
  niceRatio: numberFrom(0),
  ...throttleLimits,
  unreadable: { words: "hold or go", holds: (value) => value === "hold" || value === "go" },
  checkEveryMs: wholeFrom(1),
  // By command only: a definition leaves limits out.
  off: flag,
} as const satisfies { readonly [Key in keyof Throttle | "off"]-?: Kind };
