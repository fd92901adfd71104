/**
 * A step that cannot be one transaction: unit by unit, with a journal, so that a run that was killed is resumed.
 * Each unit is skipped, repaired or run according to the journal and, where that leaves a question, to the catalog.
 */
import { ReleaseError } from "../core/model/errors.ts";
import { policyOf } from "../core/plan/policy-of.ts";
import { announced, ask, lineOf, markDone, type Place, repair } from "./announced.ts";
import { type AnnouncedAhead, recordAndAnnounce } from "./announced-ahead.ts";
import { announcedAlong } from "./announced-along.ts";
import { fill } from "./batches.ts";
import { isThere } from "./catalog-answer.ts";
import {
  ensureJournal,
  forgetAllStatement,
  forgetStatement,
  type JournalKey,
  type JournalLine,
  journalStatement,
  keepStatements,
  readJournal,
} from "./journal.ts";
import { LaterMarks } from "./later-marks.ts";
import { withinLockBudget } from "./lock-budget.ts";
import { waitForOrphan } from "./orphan.ts";
import type { StepWork } from "./step-work.ts";
import { type RanUnits, type Undoing, undoings } from "./undoing.ts";
import { type AloneUnit, firstDifference, type Unit, unitsOf } from "./units.ts";

/**
 * Gives the announcement of the next migration, where this one's record took it along.
 *
 * @throws {ReleaseError} `statement_interrupted`, `journal_mismatch`, `rollback_unfinished`, `rollback_unclear` before
 *   anything more runs
 */
export async function runJournalled(work: StepWork): Promise<AnnouncedAhead | undefined> {
  const { step, context } = work;
  const { version } = step.file;
  const history = { table: context.historyTable, repo: context.repo };
  const key: JournalKey = { history, version, direction: step.direction };
  if (context.begun === undefined) await ensureJournal(work.session, history);
  const units = unitsOf(step);
  const lines = await beganBefore(work, key, units);
  const otherWay: JournalKey = { ...key, direction: step.direction === "up" ? "down" : "up" };
  if (step.direction === "up") await refuseUnfinishedRollback(otherWay, work);
  refuseMismatch(units, lines, work);
  const undoing = step.undoesPart ? await whatToUndo(work, otherWay, lines) : [];
  const { dialect } = work.session;
  const { kept } = step;
  const keeps = step.direction === "up" && !work.place.isAnnounced && kept;
  let keep = keeps ? keepStatements(dialect, key, kept) : [];
  let isFirst = lines.size === 0 && step.undoesPart === undefined;
  const marks = new LaterMarks(work);
  const joins = marks.keepsBack && step.direction === "up";
  let along: readonly AloneUnit[] = [];
  try {
    for (const unit of units) {
      const line = lines.get(unit.position);
      const isAlong = along.some((one) => one === unit);
      if (!isAlong) along = joins ? announcedAlong(unit, units, lines) : [];
      const isAnnounced = isAlong || (work.place.isAnnounced === true && unit.position === 0);
      const place = { work, key, keep, isFirst, marks, along: isAlong ? [] : along, isAnnounced };
      if (!(await runUnit(unit, line, place, undoing[unit.position]))) continue;
      keep = [];
      isFirst = false;
    }
    return await recordAndAnnounce(work, () => {
      work.addRecord();
      work.addOwn(forgetAllStatement(dialect, key));
    });
  } catch (error) {
    await marks.writeAfter(error);
    throw error;
  }
}

/** Whether it wrote a line. */
async function runUnit(
  unit: Unit,
  line: JournalLine | undefined,
  place: Place,
  undoing: Undoing | undefined,
): Promise<boolean> {
  const { work, marks } = place;
  const { action } = unit;
  const isAnnounced = unit.kind === "alone" || unit.kind === "code";
  const joins = isAnnounced && line === undefined && undoing === undefined;
  if (!joins && unit.kind !== "setting") await marks.write();
  if (unit.kind === "setting") {
    await work.set(unit.statement, action.words);
    return false;
  }
  if (line?.state === "done") {
    work.tell(`${action.words} (done before)`);
    return false;
  }
  if (undoing !== undefined && line === undefined && (await needsNothing(unit, undoing, work))) {
    work.tell(`${action.words} (nothing to undo)`);
    await markDone(unit, line, place);
    return true;
  }
  if (unit.kind === "batches") {
    await runBatches(unit, line, place);
    return true;
  }
  const todo = line === undefined ? "run" : await afterInterruption(unit, line, place);
  if (todo === "skip") {
    work.tell(`${action.words} (was done when the last run stopped)`);
    await markDone(unit, line, place);
    return false;
  }
  work.say(action);
  await (unit.kind === "atomic" ? runAtomic(unit, place) : announced(unit, line, place));
  return true;
}

/** A batch that was cut off has left nothing, and the next run continues behind the last one. */
async function runBatches(
  unit: Extract<Unit, { kind: "batches" }>,
  line: JournalLine | undefined,
  { work, key, keep }: Place,
): Promise<void> {
  const { dialect } = work.session;
  work.say(unit.action);
  work.takes = "plain";
  await fill(unit.backfill, {
    work,
    from: line?.reached,
    commit: (update, reached) => {
      const queue = () => {
        const state = reached === undefined ? "done" : "started";
        for (const statement of keep) work.addOwn(statement);
        work.addOwn(forgetStatement(dialect, key, unit.position));
        work.addOwn(journalStatement(dialect, key, { ...lineOf(unit), state, reached }));
        work.addSettings();
        work.add(update, unit.action.words);
        work.addReset();
      };
      return withinLockBudget(work, () => work.atomically(queue));
    },
  });
}

/** The statements and their line in the journal are one transaction. */
function runAtomic(
  unit: Extract<Unit, { kind: "atomic" }>,
  { work, key, keep }: Place,
): Promise<void> {
  work.takes = policyOf(unit.statements, { code: false });
  const queue = () => {
    for (const statement of keep) work.addOwn(statement);
    work.addOwn(journalStatement(work.session.dialect, key, { ...lineOf(unit), state: "done" }));
    work.addSettings();
    for (const statement of unit.statements) work.add(statement, unit.action.words);
    work.addReset();
  };
  return withinLockBudget(work, () => work.atomically(queue, { takes: work.takes }));
}

/** Whether a unit that was announced and not finished runs again. */
async function afterInterruption(
  unit: Unit,
  line: JournalLine,
  { work }: Place,
): Promise<"run" | "skip"> {
  const { session, context } = work;
  const sql = unit.kind === "alone" ? unit.statement.sql : undefined;
  await waitForOrphan(session, { pid: line.pid, sql }, context);
  if (unit.kind !== "alone" || unit.probe === undefined) throw interrupted(unit, work);
  const answer = await ask(unit, work);
  if (answer === "done") return "skip";
  if (answer === "broken") await repair(unit, work, "clear away what the interrupted run left of");
  return "run";
}

function interrupted(unit: Unit, { context, step }: StepWork): ReleaseError {
  const { repo } = context;
  const { version, name } = step.file;
  return new ReleaseError("statement_interrupted", {
    repo,
    version,
    name,
    operation: unit.action.words,
  });
}

/**
 * Decides for each unit of the way back by the journal of the way up.
 *
 * @throws {ReleaseError} `statement_interrupted`, `rollback_unclear`
 */
async function whatToUndo(
  work: StepWork,
  up: JournalKey,
  begun: ReadonlyMap<number, JournalLine>,
): Promise<readonly Undoing[]> {
  const { step, session, context } = work;
  const ran = await settled(work, up);
  const units = unitsOf(step);
  const found = undoings(step, ran, session.dialect.syntax);
  for (const unit of units) {
    const of = found[unit.position];
    const isOpen = (of === "unclear" || of === "leaves") && !begun.has(unit.position);
    if (!isOpen || step.undoesPart?.fromFiles) continue;
    if (of === "unclear" && !(await isThere(unit, units, session))) continue;
    const { version, name } = step.file;
    const operation = unit.action.words;
    throw new ReleaseError("rollback_unclear", { repo: context.repo, version, name, operation });
  }
  return found;
}

/**
 * The units of the way up that ran. For one in doubt it asks the catalog, once its statement on the
 * server is over.
 */
async function settled(work: StepWork, key: JournalKey): Promise<RanUnits> {
  const units = unitsOf({ actions: work.step.undoesPart?.up ?? [] });
  const ran = new Map<number, "done" | "part">();
  for (const line of (await readJournal(work.session, key)).values()) {
    const unit = units[line.position];
    if (line.state === "done" || unit === undefined) ran.set(line.position, "done");
    else if (unit.kind === "batches") ran.set(line.position, "part");
    else {
      const sql = unit.kind === "alone" ? unit.statement.sql : undefined;
      await waitForOrphan(work.session, { pid: line.pid, sql }, work.context);
      if (unit.kind !== "alone" || unit.probe === undefined) throw interrupted(unit, work);
      const answer = await ask(unit, work);
      if (answer === "broken" && unit.probe.kind === "repeatable") await repair(unit, work);
      if (answer !== "not_done") ran.set(line.position, "done");
    }
  }
  return ran;
}

/** Whether there is nothing to undo: it never ran, or it is gone already. */
async function needsNothing(
  unit: Unit,
  undoing: Undoing,
  { session, step }: StepWork,
): Promise<boolean> {
  return undoing === "skip" || !(await isThere(unit, unitsOf(step), session));
}

/** Reads the journal, unless the run knows already that it has no line of this version. */
async function linesOf(
  key: JournalKey,
  { session, context }: StepWork,
): Promise<ReadonlyMap<number, JournalLine>> {
  if (context.begun?.has(key.version) === false) return new Map();
  return readJournal(session, key);
}

/** Its journal says of statements that they are done which the rollback has undone since. */
async function refuseUnfinishedRollback(key: JournalKey, work: StepWork): Promise<void> {
  if ((await linesOf(key, work)).size === 0) return;
  const { version, name } = work.step.file;
  throw new ReleaseError("rollback_unfinished", { repo: work.context.repo, version, name });
}

/**
 * The lines of an earlier run in the journal. A repeatable migration whose text has changed since
 * begins anew: it is written to run as a whole on what an earlier text left. Slipway waits for a
 * statement of the earlier run that is still on the server.
 */
async function beganBefore(
  work: StepWork,
  key: JournalKey,
  units: readonly Unit[],
): Promise<ReadonlyMap<number, JournalLine>> {
  const lines = await linesOf(key, work);
  const { file, direction } = work.step;
  const isAnother = firstDifference(units, lines) !== undefined;
  if (!file.repeatable || direction !== "up" || !isAnother) return lines;
  for (const { pid, state } of lines.values())
    if (state !== "done") await waitForOrphan(work.session, { pid, sql: undefined }, work.context);
  work.tell("begin anew: it stopped half-way with another text");
  const forget = forgetAllStatement(work.session.dialect, key);
  await work.atomically(() => work.addOwn(forget));
  return new Map();
}

/** A migration that was edited after a part of it ran cannot be resumed by its journal. */
function refuseMismatch(
  units: readonly Unit[],
  lines: ReadonlyMap<number, JournalLine>,
  work: StepWork,
): void {
  const operation = firstDifference(units, lines);
  if (operation === undefined) return;
  const { version, name } = work.step.file;
  const { direction } = work.step;
  const again = work.step.again ? { again: true as const } : {};
  const details = { repo: work.context.repo, version, name, direction, operation, ...again };
  throw new ReleaseError("journal_mismatch", details);
}
