/** How fast a backfill was while somebody looked: the ledger says how far it is, and not how far it was. */

/** The progress of a backfill at one moment. */
export type Sample = { readonly at: number; readonly rows: number; readonly batches: number };

/** Between two that are next to each other. */
export type SeenPace = {
  readonly at: number;
  readonly rowsPerSecond: number;
  /** Rows of a batch, where one ended meanwhile. */
  readonly batchSize: number | undefined;
};

const most = 240;
const apartMs = 900;

export class Samples {
  readonly #of = new Map<string, Sample[]>();

  /**
   * Keeps a sample, unless the last one is too young. A run that began anew has none of its past.
   */
  add(backfill: string, sample: Sample): void {
    const known = this.#of.get(backfill) ?? [];
    const last = known.at(-1);
    if (last !== undefined && sample.at - last.at < apartMs) return;
    const kept = last !== undefined && sample.rows < last.rows ? [] : known;
    this.#of.set(backfill, [...kept, sample].slice(-most));
  }

  /** The paces, oldest first. */
  paces(backfill: string): readonly SeenPace[] {
    const known = this.#of.get(backfill) ?? [];
    return known.slice(1).map((sample, i) => {
      const before = known[i] ?? sample;
      const batches = sample.batches - before.batches;
      const rows = sample.rows - before.rows;
      return {
        at: sample.at,
        rowsPerSecond: (rows * 1_000) / Math.max(1, sample.at - before.at),
        batchSize: batches > 0 ? rows / batches : undefined,
      };
    });
  }

  /** Rows in a second over the last minute; `undefined` where nobody has looked long enough. */
  recent(backfill: string): number | undefined {
    const known = this.#of.get(backfill) ?? [];
    const last = known.at(-1);
    const first = known.find(({ at }) => last !== undefined && last.at - at <= 60_000);
    if (first === undefined || last === undefined || first === last) return undefined;
    return ((last.rows - first.rows) * 1_000) / (last.at - first.at);
  }
}
