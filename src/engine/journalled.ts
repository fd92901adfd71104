/**
 * A step that cannot be one transaction: unit by unit, with a journal, so that a run that was killed is resumed.
 * Each unit is skipped, repaired or run according to the journal and, where that leaves a question, to the catalog.
 */
import { ReleaseError } from "../core/errors.ts";
import { answerOf, type ProbeAnswer, type ProbeState } from "../core/probe.ts";
import { fill } from "./batches.ts";
import {
  ensureJournal,
  forgetStatement,
  type JournalKey,
  type JournalLine,
  journalStatement,
  readJournal,
} from "./journal.ts";
import { waitForOrphan } from "./orphan.ts";
import type { StepWork } from "./step-work.ts";
import { type Unit, unitsOf } from "./units.ts";

/** @throws {ReleaseError} `statement_interrupted`, `journal_mismatch` before anything more runs */
export async function runJournalled(work: StepWork): Promise<void> {
  const { step, context } = work;
  const { version } = step.file;
  const history = { table: context.historyTable, repo: context.repo };
  const key: JournalKey = { history, version, direction: step.direction };
  await ensureJournal(work.session, history);
  const lines = await readJournal(work.session, key);
  const units = unitsOf(step);
  refuseMismatch(units, lines, work);
  for (const unit of units) await runUnit(unit, lines.get(unit.position), { work, key });
  await work.atomically(() => {
    work.addRecord();
    work.addOwn(forgetStatement(work.session.dialect, key));
  });
}

type Place = { readonly work: StepWork; readonly key: JournalKey };

async function runUnit(unit: Unit, line: JournalLine | undefined, place: Place): Promise<void> {
  const { work } = place;
  const { action } = unit;
  if (unit.kind === "setting") return work.set(unit.statement, action.words);
  if (line?.state === "done") return work.tell(`${action.words} (done before)`);
  if (unit.kind === "batches") return runBatches(unit, line, place);
  const todo = line === undefined ? "run" : await afterInterruption(unit, line, place);
  if (todo === "skip") {
    work.tell(`${action.words} (was done when the last run stopped)`);
    return markDone(unit, line, place);
  }
  work.say(action);
  switch (unit.kind) {
    case "atomic":
      return runAtomic(unit, place);
    case "alone":
      return announced(unit, line, place, () => {
        work.addSettings();
        work.add(unit.statement, action.words);
        work.addReset();
        return work.flush();
      });
    case "code":
      return announced(unit, line, place, async () => {
        work.addSettings();
        if (action.kind === "run") await work.runCode(action);
        work.addReset();
        await work.flush();
      });
  }
}

/** A batch that was cut off has left nothing, and the next run goes on behind the last one. */
async function runBatches(
  unit: Extract<Unit, { kind: "batches" }>,
  line: JournalLine | undefined,
  { work, key }: Place,
): Promise<void> {
  const { dialect } = work.session;
  work.say(unit.action);
  await fill(unit.backfill, {
    work,
    from: line?.reached,
    commit: (update, reached) =>
      work.atomically(() => {
        const state = reached === undefined ? "done" : "started";
        work.addOwn(forgetStatement(dialect, key, unit.position));
        work.addOwn(journalStatement(dialect, key, { ...lineOf(unit), state, reached }));
        work.addSettings();
        work.add(update, unit.action.words);
        work.addReset();
      }),
  });
}

/** The statements and their line in the journal are one transaction. */
function runAtomic(unit: Extract<Unit, { kind: "atomic" }>, { work, key }: Place): Promise<void> {
  return work.atomically(() => {
    work.addOwn(journalStatement(work.session.dialect, key, { ...lineOf(unit), state: "done" }));
    work.addSettings();
    for (const statement of unit.statements) work.add(statement, unit.action.words);
    work.addReset();
  });
}

/**
 * Announces, runs, and says that it is done. A failure that the database tells is no riddle: the announcement goes,
 * unless there is something half made to clear away. What is there by then is not of this statement.
 */
async function announced(
  unit: Unit,
  line: JournalLine | undefined,
  place: Place,
  runIt: () => Promise<void>,
): Promise<void> {
  const { work, key } = place;
  const { dialect } = work.session;
  await work.atomically(() => {
    if (line !== undefined) work.addOwn(forgetStatement(dialect, key, unit.position));
    work.addOwn(journalStatement(dialect, key, { ...lineOf(unit), state: "started" }));
  });
  try {
    await runIt();
  } catch (error) {
    if (work.session.errorKind(error) !== "connection_lost") await settleFailure(unit, place);
    throw error;
  }
  await markDone(unit, lineOf(unit), place);
}

function markDone(unit: Unit, line: unknown, { work, key }: Place): Promise<void> {
  const { dialect } = work.session;
  return work.atomically(() => {
    if (line !== undefined) work.addOwn(forgetStatement(dialect, key, unit.position));
    work.addOwn(journalStatement(dialect, key, { ...lineOf(unit), state: "done" }));
  });
}

async function settleFailure(unit: Unit, { work, key }: Place): Promise<void> {
  const failed = work.operation;
  try {
    await work.rollBack();
    work.addReset();
    await work.flush();
    const answer = await ask(unit, work);
    if (answer !== "broken")
      await work.atomically(() =>
        work.addOwn(forgetStatement(work.session.dialect, key, unit.position)),
      );
  } catch {
    // The announcement stays, and the next run asks about it. The error that brought us here is the one to tell.
  }
  work.operation = failed;
}

/** What to do about a unit that was announced and not finished. */
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
  if (answer === "broken" && "expect" in unit.probe) {
    work.tell(`clear away what the interrupted run left of: ${unit.action.words}`);
    work.addSettings();
    for (const statement of session.dialect.repair(unit.probe))
      work.add(statement, unit.action.words);
    work.addReset();
    await work.flush();
  }
  return "run";
}

/** What the catalog says of a statement, under the settings that it runs under; `undefined` when it cannot tell. */
async function ask(unit: Unit, work: StepWork): Promise<ProbeAnswer | undefined> {
  if (unit.kind !== "alone" || unit.probe === undefined || !("expect" in unit.probe))
    return undefined;
  const { session } = work;
  work.addSettings();
  await work.flush();
  const [row] = await session.query(session.dialect.probeSql(unit.probe));
  work.addReset();
  await work.flush();
  return answerOf(unit.probe, row?.state as ProbeState);
}

function lineOf(unit: Unit): Pick<JournalLine, "position" | "checksum"> {
  return { position: unit.position, checksum: unit.checksum };
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

/** A migration that was edited after a part of it ran cannot be resumed by its journal. */
function refuseMismatch(
  units: readonly Unit[],
  lines: ReadonlyMap<number, JournalLine>,
  work: StepWork,
): void {
  const wrong = [...lines.values()].find(
    (line) => units[line.position]?.checksum !== line.checksum,
  );
  if (wrong === undefined) return;
  const { version, name } = work.step.file;
  const operation = units[wrong.position]?.action.words ?? "nothing";
  throw new ReleaseError("journal_mismatch", { repo: work.context.repo, version, name, operation });
}
