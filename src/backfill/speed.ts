/** Rows a second, smoothed. Pure. */

export type Speed = {
  readonly ms: number;
  readonly rows: number;
  readonly rowsPerSecond: number;
};

/** How much a new second counts beside the ones before. */
const weight = 0.3;

export function speedAfter(
  speed: Speed,
  { ms, rows }: { readonly ms: number; readonly rows: number },
): Speed {
  const now = ((rows - speed.rows) / Math.max(1, ms - speed.ms)) * 1000;
  const before = speed.rowsPerSecond;
  return { ms, rows, rowsPerSecond: before === 0 ? now : before + weight * (now - before) };
}
