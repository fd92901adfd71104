/**
 * A step that cannot be one transaction: unit by unit, with a journal, so that a run that was killed is resumed.
 * Each unit is skipped, repaired or run according to the journal and, where that leaves a question, to the catalog.
 */
import { ReleaseError } from "../core/model/errors.ts";
import { answerOf, type ProbeState } from "../core/model/probe.ts";
import { policyOf } from "../core/plan/policy-of.ts";
import { probeOfSql } from "../core/sql/probe-sql.ts";
import { announced, ask, lineOf, markDone, type Place, repair } from "./announced.ts";
import { fill } from "./batches.ts";
import {
  ensureJournal,
  forgetStatement,
  type JournalKey,
  type JournalLine,
  journalStatement,
  readJournal,
} from "./journal.ts";
import { withinLockBudget } from "./lock-budget.ts";
import { waitForOrphan } from "./orphan.ts";
import type { StepWork } from "./step-work.ts";
import { type Unit, unitsOf } from "./units.ts";

/** @throws {ReleaseError} `statement_interrupted`, `journal_mismatch`, `rollback_unfinished` before anything more runs */
export async function runJournalled(work: StepWork): Promise<void> {
  const { step, context } = work;
  const { version } = step.file;
  const history = { table: context.historyTable, repo: context.repo };
  const key: JournalKey = { history, version, direction: step.direction };
  await ensureJournal(work.session, history);
  const lines = await readJournal(work.session, key);
  const units = unitsOf(step);
  const otherWay: JournalKey = { ...key, direction: step.direction === "up" ? "down" : "up" };
  if (step.direction === "up") await refuseUnfinishedRollback(otherWay, work);
  refuseMismatch(units, lines, work);
  for (const unit of units) await runUnit(unit, lines.get(unit.position), { work, key });
  await work.atomically(() => {
    work.addRecord();
    work.addOwn(forgetStatement(work.session.dialect, key));
    if (step.undoesPart) work.addOwn(forgetStatement(work.session.dialect, otherWay));
  });
}

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
  if (work.step.undoesPart && line === undefined && (await isUndone(unit, work))) {
    work.tell(`${action.words} (nothing to undo)`);
    return markDone(unit, line, place);
  }
  work.say(action);
  return unit.kind === "atomic" ? runAtomic(unit, place) : announced(unit, line, place);
}

/** A batch that was cut off has left nothing, and the next run goes on behind the last one. */
async function runBatches(
  unit: Extract<Unit, { kind: "batches" }>,
  line: JournalLine | undefined,
  { work, key }: Place,
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
function runAtomic(unit: Extract<Unit, { kind: "atomic" }>, { work, key }: Place): Promise<void> {
  work.takes = policyOf(unit.statements, { code: false });
  const queue = () => {
    work.addOwn(journalStatement(work.session.dialect, key, { ...lineOf(unit), state: "done" }));
    work.addSettings();
    for (const statement of unit.statements) work.add(statement, unit.action.words);
    work.addReset();
  };
  return withinLockBudget(work, () => work.atomically(queue, work.takes));
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

/** Whether the catalog shows already what a unit of the way back would bring about, because its other half never ran. */
async function isUndone(unit: Unit, work: StepWork): Promise<boolean> {
  const statements =
    unit.kind === "alone" ? [unit.statement] : unit.kind === "atomic" ? unit.statements : [];
  const { dialect } = work.session;
  const probes = statements.map(({ sql, probe }) => probe ?? probeOfSql(sql, dialect.syntax));
  const asked = probes.filter((probe) => probe !== undefined && "expect" in probe);
  const isKnown = probes.every((probe) => probe !== undefined && probe.kind !== "setting");
  if (asked.length === 0 || !isKnown) return false;
  for (const probe of asked) {
    const [row] = await work.session.query(dialect.probeSql(probe));
    if (answerOf(probe, row?.state as ProbeState) !== "done") return false;
  }
  return true;
}

/** Its journal says of statements that they are done which the rollback has undone since. */
async function refuseUnfinishedRollback(key: JournalKey, work: StepWork): Promise<void> {
  if ((await readJournal(work.session, key)).size === 0) return;
  const { version, name } = work.step.file;
  throw new ReleaseError("rollback_unfinished", { repo: work.context.repo, version, name });
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
