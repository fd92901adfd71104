/**
 * Forecasts how long heavy work takes and how much it needs, from facts about the table and the
 * server.
 */
import type { MeasuredWork } from "../../model/database-facts.ts";
import { rowsInWords } from "../rules/grade.ts";
import type { HeavyKind, HeavyWork } from "./heavy-work.ts";

/** The size of a table, with its partitions. */
export type KnownTable = {
  readonly rows: number;
  readonly bytes: number;
  /** Of all of its indexes. */
  readonly indexBytes: number;
  readonly indexes: number;
};

export type Forecast = {
  readonly does: HeavyKind;
  readonly table: string;
  readonly waits: HeavyWork["waits"];
  readonly rows: number;
  /** How often they are read. */
  readonly passes: 1 | 2;
  readonly readBytes: number;
  readonly writeBytes: number;
  /** From the fastest to the slowest that is to be expected. */
  readonly ms: readonly [number, number];
  /** How many earlier works of the kind tell the time; without one it is that of servers in general. */
  readonly measured: number;
};

/**
 * The usual speed of servers, from slow to fast, per millisecond: bytes of a table, or rows of an
 * index.
 */
const usual: { readonly [Kind in HeavyKind]: readonly [number, number] } = {
  scan: [100_000, 1_500_000],
  index: [250, 1_500],
  rewrite: [20_000, 150_000],
};

/** Other work of the same server is seldom more than twice as fast or slow as the measured work. */
const margin = 2;

/** A row of an index on a table that has none to go by: a number or a short text, with what PostgreSQL keeps of it. */
const entryBytes = 32;

/** `undefined` for a table that has nothing to work through. */
export function forecast(
  { does, table, waits, passes }: HeavyWork,
  known: KnownTable,
  measured: readonly MeasuredWork[] = [],
): Forecast | undefined {
  if (known.rows === 0) return undefined;
  const { rows, bytes, indexBytes, indexes } = known;
  const entry = indexes === 0 ? entryBytes : Math.max(12, indexBytes / indexes / rows);
  const writeBytes = { scan: 0, index: rows * entry, rewrite: bytes + indexBytes }[does];
  const amount = amountOf(does, known) * passes;
  const rates = measured
    .filter((one) => one.does === does && one.durationMs >= 50)
    .map((one) => amountOf(does, one) / one.durationMs)
    .filter((rate) => rate > 0);
  const [slow, fast] =
    rates.length === 0 ? usual[does] : [Math.min(...rates) / margin, Math.max(...rates) * margin];
  return {
    ...{ does, table, waits, rows, passes },
    readBytes: Math.round(bytes * passes),
    writeBytes: Math.round(writeBytes),
    ms: [Math.round(amount / fast), Math.round(amount / slow)],
    measured: rates.length,
  };
}

/** The amount that decides the time: rows for an index, bytes for other work. */
function amountOf(
  does: HeavyKind,
  { rows, bytes }: { readonly rows: number; readonly bytes: number },
): number {
  return does === "index" ? rows : bytes;
}

/** `4 to 9 minutes on about 38 million rows, nobody waits; needs 5.1 GB of disk`. */
export function forecastWords({ ms, rows, waits, writeBytes, measured }: Forecast): string {
  const who = { nobody: "nobody waits", writers: "writers wait", everybody: "everybody waits" };
  const disk = writeBytes === 0 ? "" : `; needs ${bytesInWords(writeBytes)} of disk`;
  const guess = measured === 0 ? " (as servers in general)" : "";
  return `${rangeInWords(ms)}${guess} on ${rowsInWords(rows)}, ${who[waits]}${disk}`;
}

const units: readonly (readonly [word: string, ms: number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

function rangeInWords([fast, slow]: readonly [number, number]): string {
  if (slow < 1_000) return "less than a second";
  const [word, ms] = units.find(([, ms]) => slow >= ms * 1.5) ?? ["second", 1_000];
  const [low, high] = [Math.round(fast / ms), Math.max(1, Math.round(slow / ms))];
  const plural = high === 1 ? word : `${word}s`;
  if (low === high) return `about ${high} ${plural}`;
  return low === 0 ? `up to ${high} ${plural}` : `${low} to ${high} ${plural}`;
}

function bytesInWords(bytes: number): string {
  const [word, size] = (
    [
      ["TB", 1024 ** 4],
      ["GB", 1024 ** 3],
      ["MB", 1024 ** 2],
    ] as const
  ).find(([, size]) => bytes >= size) ?? ["kB", 1024];
  const number = bytes / size;
  return `${number < 10 ? Math.round(number * 10) / 10 : Math.round(number)} ${word}`;
}
