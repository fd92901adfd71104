/** Contestants in turn, A B C A B C …, so that a slow moment of the machine hits all of them alike; and what they took. */
import type { Place } from "./engines.ts";
import { type Contestant, run } from "./measure.ts";
import { spentOnChildren } from "./processor.ts";

/** What is measured of a run. */
export type Figure = "ms" | "process ms" | "server ms" | "MiB" | "kB" | "waits";

/** What is wanted: a figure of at most so much, or of at most so many times that of the floor. */
export type Bound = { readonly figure: Figure } & (
  | { readonly times: number; readonly most?: never }
  | { readonly most: number; readonly times?: never }
);

/** Who takes part: the program. */
export type Entry = Contestant & {
  readonly kind: "floor" | "ours" | "peer";
  /** The name of what it is compared with. */
  readonly floor?: string;
  readonly bounds?: readonly Bound[];
  /** Its database, untimed: one for each run, dropped after it. */
  readonly place?: () => Promise<Place>;
  /** Throws where a run left something else in its database than it should. */
  readonly proof?: (url: string) => Promise<void>;
  /** Measures a run in its own way. Default: the milliseconds from before its process is made to after its end. */
  readonly take?: (contestant: Contestant, signal: AbortSignal) => Promise<Sample>;
};

export type Sample = Readonly<Partial<Record<Figure, number>>>;

/** One line of a table: a sample for each round. */
export type Row = Pick<Entry, "name" | "kind" | "floor" | "bounds"> & {
  readonly samples: readonly Sample[];
};

export type Table = {
  readonly title: string;
  readonly figure: Figure;
  readonly rows: readonly Row[];
  /** How many of them a run works on, where what it costs is told for each. Default: it is told of the run. */
  readonly tenants?: number;
};

export async function contest(
  entries: readonly Entry[],
  { rounds, signal }: { readonly rounds: number; readonly signal: AbortSignal },
): Promise<readonly Row[]> {
  const rows = entries.map(({ name, kind, floor, bounds = [] }) => ({
    name,
    kind,
    ...(floor === undefined ? {} : { floor }),
    bounds,
    samples: [] as Sample[],
  }));
  for (let round = 0; round < rounds; round++)
    for (const [i, entry] of entries.entries())
      rows[i]?.samples.push(await sampleOf(entry, signal));
  return rows;
}

async function sampleOf(entry: Entry, signal: AbortSignal): Promise<Sample> {
  const place = await entry.place?.();
  const here = place === undefined ? entry : { ...entry, database: async () => place.url };
  try {
    const sample = await (entry.take ?? timed)(here, signal);
    if (place !== undefined) await entry.proof?.(place.url);
    return sample;
  } finally {
    await place?.drop();
  }
}

const isCounted = process.platform === "linux";

async function timed(contestant: Contestant, signal: AbortSignal): Promise<Sample> {
  const before = isCounted ? spentOnChildren("self") : 0;
  const ms = await run(contestant, signal);
  return { ms, ...(isCounted ? { "process ms": spentOnChildren("self") - before } : {}) };
}

/** The median of what the rounds gave; of processor time the mean, because single runs are coarse. */
export function middleOf({ samples }: Row, figure: Figure): number | undefined {
  const values = samples.map((sample) => sample[figure]).filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  return figure === "process ms" || figure === "server ms" ? mean(values) : median(values);
}

/** How many times its floor, as the median of the ratios of the rounds. */
export function timesFloor(row: Row, rows: readonly Row[], figure: Figure): number | undefined {
  const floor = rows.find(({ name }) => name === row.floor);
  if (floor !== undefined && figure === "process ms") {
    const [own, its] = [middleOf(row, figure), middleOf(floor, figure)];
    return own === undefined || !its ? undefined : own / its;
  }
  const ratios = row.samples.flatMap((sample, round) => {
    const [own, its] = [sample[figure], floor?.samples[round]?.[figure]];
    return own === undefined || its === undefined || its === 0 ? [] : [own / its];
  });
  return ratios.length === 0 ? undefined : median(ratios);
}

/** By how much of its figure a bound is missed: 0 where it is held; nothing where it was not measured. */
export function missedBy(row: Row, rows: readonly Row[], bound: Bound): number | undefined {
  const value = middleOf(row, bound.figure);
  if (value === undefined) return undefined;
  if (bound.times === undefined) return Math.max(0, value - bound.most);
  const times = timesFloor(row, rows, bound.figure);
  return times === undefined ? undefined : Math.max(0, value * (1 - bound.times / times));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
