/** How many rows the next batch has: a rate that follows what batches took, within two budgets. Pure. */

/** The maximum time, log and rows of a batch. */
export type Budgets = {
  readonly targetMs: number;
  readonly walBytes: number;
  readonly maxRows: number;
};

/** The size, with its evidence: sums of rows, time and log in which older batches count less. */
export type BatchSize = {
  readonly rows: number;
  readonly seen: number;
  readonly ms: number;
  readonly walBytes: number;
};

/** The cost of a batch. */
export type BatchCost = { readonly rows: number; readonly ms: number; readonly walBytes: number };

/** How much earlier evidence counts beside a new batch. */
const memory = 0.75;
/**
 * A batch may be this many times the one before: the first ones say little about much larger ones.
 */
const growth = 2;
/** A batch that took this many times its target changes the size at once. */
const tooLong = 2;

/** A size that nothing was learned about yet. */
export function firstSize(rows: number): BatchSize {
  return { rows, seen: 0, ms: 0, walBytes: 0 };
}

/**
 * The size after a batch. One that was cut short by the end of its range says nothing, unless it took too long:
 * what counts is learned from batches of about the present size.
 */
export function nextSize(size: BatchSize, cost: BatchCost, budgets: Budgets): BatchSize {
  const { rows, ms, walBytes } = cost;
  const over = Math.max(ms / budgets.targetMs, walBytes / budgets.walBytes);
  if (over > tooLong && rows > 1) {
    return { ...firstSize(within(rows / over, budgets)), seen: rows, ms, walBytes };
  }
  if (rows < size.rows / growth) return size;
  const learned = {
    seen: size.seen * memory + rows,
    ms: size.ms * memory + ms,
    walBytes: size.walBytes * memory + walBytes,
  };
  const byTime = (learned.seen / Math.max(learned.ms, 0.001)) * budgets.targetMs;
  const byWal =
    learned.walBytes > 0 ? (learned.seen / learned.walBytes) * budgets.walBytes : byTime;
  return { ...learned, rows: within(Math.min(byTime, byWal, size.rows * growth), budgets) };
}

/** Half of it, for a batch that met a lock or a timeout. Forgets the evidence. */
export function halved({ rows }: BatchSize): BatchSize {
  return firstSize(Math.max(1, Math.floor(rows / 2)));
}

function within(rows: number, { maxRows }: Budgets): number {
  return Math.max(1, Math.min(Math.floor(rows), maxRows));
}
