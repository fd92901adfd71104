/** Measurements as a table in Markdown. */
import type { Measured } from "./measure.ts";

/** A ratio to something that was measured in the same rounds, or to the sum of several. */
export type Ratio = { readonly heading: string; readonly to: readonly string[] };

/** One line for each contestant: milliseconds, and how many times each floor, as the median of the rounds' ratios. */
export function table(
  title: string,
  measured: readonly Measured[],
  ratios: readonly Ratio[],
): string {
  const rounds = measured[0]?.times.length ?? 0;
  const columns = ["median ms", "best", "worst", ...ratios.map(({ heading }) => heading)];
  const rows = measured.map(({ name, times }) => [
    name,
    ...[median(times), Math.min(...times), Math.max(...times)].map((ms) => ms.toFixed(0)),
    ...ratios.map(({ to }) => median(times.map((ms, i) => ms / floor(measured, to, i))).toFixed(2)),
  ]);
  const rule = ["---", ...columns.map(() => "---:")];
  return [[`${title}, ${rounds} rounds`, ...columns], rule, ...rows]
    .map((cells) => `| ${cells.join(" | ")} |\n`)
    .join("");
}

function floor(measured: readonly Measured[], names: readonly string[], round: number): number {
  return measured
    .filter(({ name }) => names.includes(name))
    .reduce((sum, { times }) => sum + (times[round] ?? 0), 0);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
