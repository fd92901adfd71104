/**
 * Does batches for real and rolls them back, to see their effect and how long all of them would
 * take.
 */

import type { Session } from "../adapters/adapter.ts";
import { messageOf } from "../core/model/message-of.ts";
import { plain } from "../core/model/statement.ts";
import type { Edge } from "../engine/events.ts";
import { lift, limit, transactionLimits } from "./limits.ts";
import type { FailedRow } from "./modes/applied.ts";
import { apply } from "./modes/apply.ts";
import { analyze, cutRanges, type Range } from "./ranges.ts";
import { rollBack } from "./statement.ts";
import { type BackfillTarget, readTarget } from "./target.ts";
import { findWindow } from "./window.ts";

/** The result that one batch would have had. */
export type RehearsedBatch = {
  readonly rows: number;
  readonly changed: number;
  /** Rows that code could not change; one without a key when the database refused the whole batch. */
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
  target: BackfillTarget,
  { sample, edge }: { readonly sample: number; readonly edge: Edge },
): Promise<Rehearsal> {
  await limit(session, target);
  const { whole, cut } = await survey(session, overTable(target));
  const ranges = spread(cut, sample);
  const batches: RehearsedBatch[] = [];
  for (const range of ranges) batches.push(await rehearseBatch(session, whole, { range, edge }));
  await lift(session, whole);
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const ms = batches.reduce((sum, batch) => sum + batch.ms, 0);
  const rowsExpected = Math.max(whole.facts.estimate ?? 0, rows);
  return {
    batches,
    rowsExpected,
    expectedMs: rows === 0 ? undefined : Math.round((rowsExpected / rows) * ms),
  };
}

/** The ranges of a table and how many rows it may have, by statistics that are made where there are none. */
async function survey(
  session: Session,
  target: BackfillTarget,
): Promise<{ readonly whole: BackfillTarget; readonly cut: readonly Range[] }> {
  const { ref, backfill } = target;
  return rolledBack(session, target, async () => {
    await analyze(session, target);
    const { facts } = await readTarget(session, ref, backfill);
    const whole = { ...target, facts };
    return { whole, cut: await cutRanges(session, whole) };
  });
}

/** A snapshot is made at the start only: its rows are those that its condition finds now. */
function overTable(target: BackfillTarget): BackfillTarget {
  const { backfill } = target;
  if (!backfill.snapshot) return target;
  const condition = backfill.where === undefined ? "" : ` AND (${backfill.where})`;
  return { ...target, source: backfill.table, condition };
}

async function rehearseBatch(
  session: Session,
  target: BackfillTarget,
  { range, edge }: { readonly range: Range; readonly edge: Edge },
): Promise<RehearsedBatch> {
  const { batchSize } = target.backfill.pace;
  const started = edge.now();
  let rows = 0;
  try {
    return await rolledBack(session, target, async () => {
      const wish = { position: range.lo, hi: range.hi, rows: batchSize };
      const window = await findWindow(session, target, wish);
      rows = window.rows;
      const applied = await apply(
        { session, target, edge },
        target.key.between(range.lo, window.end),
      );
      return { rows, ...applied, ms: edge.now() - started };
    });
  } catch (error) {
    if (session.errorKind(error) === "connection_lost") throw error;
    const words = messageOf(error);
    return { rows, changed: 0, failed: [{ key: [], error: words }], ms: edge.now() - started };
  }
}

async function rolledBack<Result>(
  session: Session,
  target: BackfillTarget,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    const { begin } = session.dialect;
    await session.execute([begin, ...transactionLimits(session, target)].map(plain));
    return await work();
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
