/** Rows a second, smoothed over time, so that the remaining time does not jump. Pure. */

export type Speed = {
  readonly ms: number;
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** How much of the average is known: from 0 at the beginning to 1. */
  readonly known: number;
};

/** After this long, a second counts for a third of its first weight. */
const memoryMs = 30_000;

/** No rows are done yet, or none that this process knows of. */
export function speedFrom({ ms, rows }: Pick<Speed, "ms" | "rows">): Speed {
  return { ms, rows, rowsPerSecond: 0, known: 0 };
}

/** The first seconds count no more than later ones: one slow batch says little of the rest. */
export function speedAfter(
  speed: Speed,
  { ms, rows }: { readonly ms: number; readonly rows: number },
): Speed {
  const passedMs = Math.max(1, ms - speed.ms);
  const now = ((rows - speed.rows) / passedMs) * 1000;
  const kept = Math.exp(-passedMs / memoryMs);
  const known = speed.known * kept + (1 - kept);
  const sum = speed.rowsPerSecond * speed.known * kept + now * (1 - kept);
  return { ms, rows, rowsPerSecond: sum / known, known };
}
