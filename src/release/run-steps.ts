/** Runs prepared steps under the lock, as far as they are still to run. */

import type { AppliedMigration, Version } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import type { Step } from "../core/plan/step.ts";
import { meaningChecksum } from "../engine/checksum.ts";
import { type HalfDone, readHalfDone } from "../engine/half-done.ts";
import { ensureHistory, historyTables, readApplied, readHistory } from "../engine/history.ts";
import { ensureJournal, journal } from "../engine/journal.ts";
import type { DoneByOthers } from "../engine/lease.ts";
import type { Outcome } from "../engine/outcome.ts";
import { areWhole } from "../engine/own-table.ts";
import { run } from "../engine/run.ts";
import { mayReachLater } from "../engine/shield.ts";
import type { readAllKept } from "./keep-schema.ts";
import { openSession } from "./open.ts";
import type { PreparedRun } from "./prepared-run.ts";
import type { Holding } from "./under-lock.ts";

/** Runs the steps that are left: another process may have been faster. */
export async function runWhatIsLeft(
  prepared: PreparedRun,
  { options, world, held, watcher }: Holding,
): Promise<readonly Outcome[]> {
  const { repo, lane, session } = prepared;
  const { edge, facts } = world;
  const place = { table: lane.historyTable, repo: repo.name };
  const files = prepared.steps.map(({ file }) => file);
  const { applied, hasJournalTable, isWhole, readKept } = await readAgain(prepared);
  const halfDone = hasJournalTable
    ? await readHalfDone(session, place, files)
    : new Map<Version, HalfDone>();
  const steps = leftToDo(prepared.steps, applied, halfDone);
  if (steps.length === 0) return [];
  const keeper = await keeperOf(prepared, readKept);
  const reachesLater = steps.some(mayReachLater);
  // In the middle of the steps it would be too late to be refused.
  const hasJournal = reachesLater || steps.some((step) => !step.transactional);
  const own = [...historyTables(place), ...(hasJournal ? [journal(place)] : [])];
  const areThere = async () => (!hasJournal && isWhole) || (await areWhole(session, own));
  // A first run knows that the tables are missing.
  if (applied.length === 0 || !(await areThere())) {
    const made = await ensureHistory(session, place);
    for (const { sql } of made) edge.emit({ type: "sql", repo: repo.name, by: "migrator", sql });
    if (hasJournal) await ensureJournal(session, place);
  }
  // A backfill that was only marked as done has no ledger to be forgotten from.
  if (reachesLater || steps.some(forgetsBackfill)) {
    const { ensureLedger } = await import("../backfill/ledger.ts");
    await ensureLedger(session, place);
  }
  const outcomes = await run(steps, {
    repo: repo.name,
    session,
    lease: held?.lease,
    fence: held?.fence,
    // For notes after a signal.
    reopen: () => openSession(repo, { role: "work", ...world, edge: undefined }),
    observe: (signal) => openSession(repo, { role: "lock", ...world, edge: undefined, signal }),
    watcher,
    policies: { repo: repo.policy, command: options.policy },
    lane: lane.name,
    historyTable: lane.historyTable,
    begun: hasJournal && held !== undefined ? new Set(halfDone.keys()) : undefined,
    facts: { ...facts, fence: held?.fence.number },
    edge,
  });
  await keeper?.({
    had: applied.map(({ version }) => version),
    ran: steps,
    inDoubt: halfDone.size > 0,
    proof: held?.fence.proof ?? [],
  });
  return outcomes;
}

/** What a later run reads in one message, where the database takes several questions in one. */
type ReadAgain = {
  readonly applied: readonly AppliedMigration[];
  /** `true` also where nobody knows. */
  readonly hasJournalTable: boolean;
  /** Whether the history and its events have all of their columns. Default: nobody knows. */
  readonly isWhole?: boolean;
  readonly readKept?: () => ReturnType<typeof readAllKept>;
};

/** Reads the rows under the lock. A first run finds no table, and its questions would be refused together. */
async function readAgain(prepared: PreparedRun): Promise<ReadAgain> {
  const { repo, lane, session, steps, hasRun } = prepared;
  const place = { table: lane.historyTable, repo: repo.name };
  const files = steps.map(({ file }) => file);
  let hasJournalTable = true;
  const journal = (isThere: boolean) => {
    hasJournalTable = isThere;
  };
  const rows = () => readHistory(session, place, files, { journal });
  if (hasRun !== true || session.together === undefined)
    return { applied: await rows(), hasJournalTable };
  const keep = keepsSchema(prepared) ? await import("./keep-schema.ts") : undefined;
  return session.together(async () => {
    const kept = keep?.readAllKept(session, historyOf(prepared));
    const [applied, isWhole] = await Promise.all([
      rows(),
      areWhole(session, historyTables(place)),
      kept?.catch(() => undefined),
    ]);
    return { applied, hasJournalTable, isWhole, ...(kept && { readKept: () => kept }) };
  });
}

/** Keeps the schema that the run leaves, where the repo wants that. */
async function keeperOf(prepared: PreparedRun, readKept: ReadAgain["readKept"]) {
  if (!keepsSchema(prepared)) return undefined;
  const { repo, lane, session } = prepared;
  const { keeping } = await import("./keep-schema.ts");
  return keeping({ repo, session, history: historyOf(prepared) }, lane, readKept);
}

/** A shadow is gone before anybody asks. */
function keepsSchema({ repo }: PreparedRun): boolean {
  return Boolean(repo.fingerprint) && repo.inUse;
}

function historyOf({ repo, lane }: PreparedRun): Named {
  return { ...lane.historyTable, name: repo.historyTable };
}

/** Nothing to do for one that waits, once the history says that others did it all. */
export async function doneByOthers({
  repo,
  lane,
  session,
  steps,
}: PreparedRun): Promise<DoneByOthers<readonly Outcome[]> | undefined> {
  const place = { table: lane.historyTable, repo: repo.name };
  const files = steps.map(({ file }) => file);
  // A migration that runs again has a row both before and afterwards, so its row does not show that
  // it ran.
  const isTold = steps.every((step) => !step.again && step.restores === undefined);
  const applied = await readApplied(session, place, files, () => isTold);
  return leftToDo(steps, applied, await readHalfDone(session, place, files)).length === 0
    ? { result: [] }
    : undefined;
}

function forgetsBackfill({ direction, actions }: Step): boolean {
  return (
    direction === "down" &&
    actions.some((action) => action.kind === "statements" && action.forgets === "backfill")
  );
}

/**
 * A half-done step is still to be undone, and the journal continues it, whatever its file says now.
 */
function leftToDo(
  steps: readonly Step[],
  applied: readonly AppliedMigration[],
  halfDone: ReadonlyMap<Version, HalfDone>,
): readonly Step[] {
  const rows = new Map(applied.map((row) => [row.version, row]));
  return steps.flatMap((step): readonly Step[] => {
    const { direction, file, again, restores, kept } = step;
    const isHalf = halfDone.has(file.version);
    const row = rows.get(file.version);
    const meant = kept && meaningChecksum(kept.meaning);
    const isDone =
      row !== undefined &&
      !(again && (isHalf || row.meaning !== meant)) &&
      !(restores !== undefined && row.meaning === restores.meaning);
    const isLeft = direction === "up" ? !isDone : isDone || (isHalf && step.undoesPart);
    if (!isLeft) return [];
    return [isHalf ? { ...step, transactional: false } : step];
  });
}
