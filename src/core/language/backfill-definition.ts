/** The types of a backfill, as its author writes it. */
import type { Fragment } from "../model/fragment.ts";
import type { MigrationDatabase } from "../model/migration-database.ts";
import type { Named } from "../model/named.ts";
import type { RowSecurity } from "./backfill-sql.ts";
import type { Throttle } from "./throttle.ts";

/**
 * A row as a function of a backfill sees it. Keys, whole numbers of 64 bits, exact decimals, dates and times are
 * text, so that nothing of them is lost: a JavaScript number ends at 2^53, a `Date` has no microseconds.
 */
export type BackfillRow = Readonly<Record<string, unknown>>;

/** New values by column. Columns that are left out stay as they are. */
export type RowChange = Readonly<Record<string, unknown>>;

/** A copy of values into another table. */
export type BackfillInsert = {
  readonly into: string | Named;
  /**
   * Each column of `into` with its value, over the columns of the table that the backfill reads.
   */
  readonly columns: { readonly [column: string]: BackfillValue };
  /** `skip` leaves out rows that break a unique constraint of `into`. Default: that is an error of the row. */
  readonly onConflict?: "skip";
};

/** A value that is written as a literal, or SQL over the row: `` sql`inserted_at` ``. */
export type BackfillValue = string | number | bigint | boolean | null | Fragment;

/** The second argument of an `effect`, beside its row. */
export type EffectCall = {
  /** The same for each try of this row, so that the other side can recognise a repeated call. */
  readonly idempotencyKey: string;
  /** Aborts when the run is to stop. */
  readonly signal: AbortSignal;
};

/** The ways to change rows. A backfill has exactly one of them. */
type Modes<Row extends BackfillRow> = {
  /** Columns with their new values, in one statement for the whole batch. */
  readonly set: { readonly [column: string]: BackfillValue };
  /** New values of one row, or nothing to leave it as it is. Synchronous: the transaction of the batch is open. */
  readonly each: (row: Row) => RowChange | undefined | null;
  /** Anything, inside the transaction of the batch. */
  readonly batch: (rows: readonly Row[], db: MigrationDatabase) => unknown;
  /**
   * Work outside of the database. It runs at least once for each row, and Slipway writes its result
   * exactly once. Runs without a transaction.
   */
  readonly effect: (
    row: Row,
    call: EffectCall,
  ) => RowChange | undefined | null | Promise<RowChange | undefined | null>;
  /** Copies the rows into another table. */
  readonly insert: BackfillInsert;
};

type OneOf<Choices> = {
  [Choice in keyof Choices]: Pick<Choices, Choice> & {
    readonly [Other in Exclude<keyof Choices, Choice>]?: never;
  };
}[keyof Choices];

/** How fast. All of it can be changed while it runs. */
export type BackfillPace = {
  /** Rows of the first batch; the time of earlier batches sizes the later ones. Default: 1000. */
  readonly batchSize?: number;
  /** No batch has more rows. Default: 200000 for `set` and `insert`, else 10000. */
  readonly maxBatchSize?: number;
  /**
   * Target time of a batch, in milliseconds: a writer may wait this long for a row of it. Default:
   * 25.
   */
  readonly targetMs?: number;
  /** How much write-ahead log a batch should make, in bytes (PostgreSQL). Default: 64 MiB. */
  readonly walBytes?: number;
  /** How long to wait after each batch, in milliseconds. Default: 0. */
  readonly pauseMs?: number;
  /** Connections of one process that work at the same time. Default: 2; always 1 on SQLite and PGlite. */
  readonly parallel?: number;
  /** When to hold. Default: never. */
  readonly throttle?: Throttle;
};

/**
 * The export of a data migration's module that changes many rows; make it with `defineBackfill`.
 */
export type BackfillDefinition<Row extends BackfillRow = BackfillRow> = OneOf<Modes<Row>> &
  BackfillPace & {
    /** The table whose rows are visited. */
    readonly table: string | Named;
    /** The columns of a unique key that has an order and is never NULL: bigint, uuid, text, time, or several. */
    readonly key: string | readonly string[];
    /** Which rows are to be changed: a condition in SQL. Default: all. */
    readonly where?: Fragment;
    /** Notes the keys at the start and visits those only: for changes that no condition can tell from undone ones. */
    readonly snapshot?: true;
    /** The columns that `each`, `batch` and `effect` see. Default: all. */
    readonly columns?: readonly string[];
    /** A query that must give no row before it counts as finished. */
    readonly verify?: Fragment;
    /** How many rows may fail before the run stops. Default: 100. */
    readonly maxFailures?: number;
    /**
     * How to treat row level security that would hide rows (PostgreSQL): `refuse` to run, or visit
     * the rows that the role may see (`as-role`). Default: `refuse`.
     */
    readonly rowSecurity?: RowSecurity;
    /** How long a batch waits for a lock before it becomes smaller, in milliseconds. Default: 1000. */
    readonly lockTimeoutMs?: number;
    /**
     * How long a statement of a batch, a `batch`, a call of `effect` or a `check` may take, and the connection be silent in
     * between, in milliseconds. Default: 30000.
     */
    readonly timeoutMs?: number;
    /**
     * How long the rows of a batch of `effect` belong to one worker without a sign of life, in milliseconds; one call may
     * take half of it at most. Default: 60000.
     */
    readonly leaseMs?: number;
  };

/** Gives a backfill its types. Does nothing else. */
export function defineBackfill<Row extends BackfillRow = BackfillRow>(
  definition: BackfillDefinition<Row>,
): BackfillDefinition {
  // Only the author knows the type of the rows: whoever runs the backfill sees plain rows.
  return definition as unknown as BackfillDefinition;
}
