/** Runs prepared steps under the lock, as far as they are still to run. */

import { ensureLedger } from "../backfill/ledger.ts";
import type { AppliedMigration } from "../core/migration.ts";
import type { Step } from "../core/plan/prepare.ts";
import { ensureHistory, readApplied, readHistory } from "../engine/history.ts";
import type { DoneByOthers } from "../engine/lease.ts";
import { type Outcome, run } from "../engine/run.ts";
import { openSession } from "./open.ts";
import type { PreparedRun } from "./prepare-run.ts";
import type { Holding } from "./under-lock.ts";

/** Another process may have been faster: what it did is left out. */
export async function runWhatIsLeft(
  prepared: PreparedRun,
  { options, world, held, watcher }: Holding,
): Promise<readonly Outcome[]> {
  const { repo, lane, session } = prepared;
  const { edge, facts } = world;
  const place = { table: lane.historyTable, repo: repo.name };
  const files = prepared.steps.map(({ file }) => file);
  const applied = await readHistory(session, place, files);
  const steps = leftToDo(prepared.steps, applied);
  if (steps.length === 0) return [];
  const made = await ensureHistory(session, place);
  for (const { sql } of made) edge.emit({ type: "sql", repo: repo.name, by: "migrator", sql });
  // A backfill that was only marked as done has no ledger to be forgotten from.
  if (steps.some(forgetsBackfill)) await ensureLedger(session, lane.historyTable);
  return run(steps, {
    repo: repo.name,
    session,
    lease: held?.lease,
    fence: held?.fence,
    reopen: () => openSession(repo, { role: "work", ...world }),
    watcher,
    policies: { repo: repo.policy, command: options.policy },
    codeTakesLocks: lane.name === "schema",
    historyTable: lane.historyTable,
    facts: { ...facts, fence: held?.fence.number },
    edge,
  });
}

/** Nothing to do for one that waits, once the history says that others did it all. */
export async function doneByOthers({
  repo,
  lane,
  session,
  steps,
}: PreparedRun): Promise<DoneByOthers<readonly Outcome[]> | undefined> {
  const place = { table: lane.historyTable, repo: repo.name };
  const applied = await readApplied(
    session,
    place,
    steps.map(({ file }) => file),
    () => true,
  );
  return leftToDo(steps, applied).length === 0 ? { result: [] } : undefined;
}

function forgetsBackfill({ direction, actions }: Step): boolean {
  return (
    direction === "down" && actions.some(({ words }) => words.startsWith("forget the backfill "))
  );
}

function leftToDo(steps: readonly Step[], applied: readonly AppliedMigration[]): readonly Step[] {
  const done = new Set(applied.map((row) => row.version));
  return steps.filter((step) => done.has(step.file.version) === (step.direction === "down"));
}
