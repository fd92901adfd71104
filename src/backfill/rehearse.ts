/** Batches that are done for real and rolled back, to see what they do and how long all of them would take. */
import type { Session } from "../adapters/adapter.ts";
import { apply, type FailedRow } from "./modes/apply.ts";
import { cutRanges, type Range } from "./ranges.ts";
import { plain, rollBack } from "./statement.ts";
import type { Target } from "./target.ts";
import { findWindow } from "./window.ts";

/** What one batch would have done. */
export type RehearsedBatch = {
  readonly rows: number;
  readonly changed: number;
  readonly failed: readonly FailedRow[];
  readonly ms: number;
};

export type Rehearsal = {
  readonly batches: readonly RehearsedBatch[];
  readonly rowsExpected: number;
  /** How long all rows would take on one connection, at the rate of these batches; `undefined` without rows. */
  readonly expectedMs: number | undefined;
};

/** Does `sample` batches, spread over the table, and rolls each of them back. */
export async function rehearse(
  session: Session,
  target: Target,
  { sample, now }: { readonly sample: number; readonly now: () => number },
): Promise<Rehearsal> {
  const whole = overTable(target);
  const ranges = spread(await cutRanges(session, whole), sample);
  const batches: RehearsedBatch[] = [];
  for (const range of ranges) batches.push(await rehearseBatch(session, whole, { range, now }));
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const ms = batches.reduce((sum, batch) => sum + batch.ms, 0);
  const rowsExpected = target.facts.estimate ?? rows;
  return {
    batches,
    rowsExpected,
    expectedMs: rows === 0 ? undefined : Math.round((rowsExpected / rows) * ms),
  };
}

/** A snapshot is made at the start only: its rows are those that its condition finds now. */
function overTable(target: Target): Target {
  const { backfill } = target;
  if (!backfill.snapshot) return target;
  const condition = backfill.where === undefined ? "" : ` AND (${backfill.where})`;
  return { ...target, source: backfill.table, condition };
}

async function rehearseBatch(
  session: Session,
  target: Target,
  { range, now }: { readonly range: Range; readonly now: () => number },
): Promise<RehearsedBatch> {
  const { batchSize } = target.backfill.pace;
  const started = now();
  try {
    await session.execute([plain(session.dialect.begin)]);
    const wish = { position: range.lo, hi: range.hi, rows: batchSize };
    const { end, rows } = await findWindow(session, target, wish);
    const applied = await apply(session, target, target.key.between(range.lo, end));
    return { rows, ...applied, ms: now() - started };
  } finally {
    await rollBack(session);
  }
}

function spread(ranges: readonly Range[], count: number): readonly Range[] {
  if (ranges.length <= count) return ranges;
  return Array.from(
    { length: count },
    (_, i) => ranges[Math.floor((i * ranges.length) / count)],
  ).filter((range) => range !== undefined);
}
