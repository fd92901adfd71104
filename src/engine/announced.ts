/** A unit that cannot be one transaction with its line in the journal: announced before it runs, confirmed after. */
import type { Row } from "../adapters/adapter.ts";
import type { Dialect } from "../core/language/dialect.ts";
import {
  answerOf,
  type CatalogProbe,
  type ProbeAnswer,
  type ProbeState,
  type Rebuilt,
} from "../core/model/probe.ts";
import type { Statement } from "../core/model/statement.ts";
import { stopOf, TimeOver } from "./interruptible.ts";
import {
  forgetAllStatement,
  forgetStatement,
  type JournalKey,
  type JournalLine,
  journalStatement,
} from "./journal.ts";
import type { LaterMarks } from "./later-marks.ts";
import { withinLockBudget } from "./lock-budget.ts";
import { type LockSettings, lockSettingsOf, runAlone, withLockSettings } from "./online.ts";
import type { StepWork } from "./step-work.ts";
import type { AloneUnit, Unit } from "./units.ts";

/**
 * The place of a unit in a journal. `keep` goes before the first line of a run, and records the migration that begins.
 * `isFirst`: the journal has no line of it yet. `marks`: marks of earlier units that the journal still lacks.
 * `along`: units that are announced with this one. `isAnnounced`: this one was, with one before.
 */
export type Place = {
  readonly work: StepWork;
  readonly key: JournalKey;
  readonly keep: readonly Statement[];
  readonly isFirst: boolean;
  readonly marks: LaterMarks;
  readonly along: readonly AloneUnit[];
  readonly isAnnounced: boolean;
};

/**
 * Announces, runs, and says that it is done. If the database reports a failure, nothing is in
 * doubt: the announcement goes, unless there is something half made to clear away. An object that
 * is there by then is not of this statement.
 */
export async function announced(
  unit: Unit,
  line: JournalLine | undefined,
  place: Place,
): Promise<void> {
  const { work, marks } = place;
  // Where statements go one by one, the settings of the first try may as well go with the announcement.
  const around = marks.keepsBack ? await settingsOf(unit, place) : undefined;
  if (!place.isAnnounced) await announce(unit, line, { place, settings: around?.before ?? [] });
  try {
    const made = around && { before: [], after: place.along.length > 0 ? [] : around.after };
    await (unit.kind === "alone" ? untilBuilt(unit, work, made) : runCode(unit, work));
  } catch (error) {
    if (place.along.length > 0) for (const setting of around?.after ?? []) work.addOwn(setting);
    if (work.session.errorKind(error) !== "connection_lost")
      await settleFailure(unit, place, error);
    throw error;
  }
  if (marks.keepsBack) marks.keep(doneStatements(unit, lineOf(unit), place));
  else await markDone(unit, lineOf(unit), place);
}

/** The lock settings of the last unit that is announced together: they stay until it is done. */
export async function settingsOf(
  unit: Unit,
  { work, along }: Pick<Place, "work" | "along">,
): Promise<LockSettings | undefined> {
  const last = along.at(-1) ?? unit;
  return last.kind === "alone" ? lockSettingsOf(work, last.statement.policy.kind) : undefined;
}

async function announce(
  unit: Unit,
  line: JournalLine | undefined,
  { place, settings }: { readonly place: Place; readonly settings: readonly Statement[] },
): Promise<void> {
  const { work, key, marks, keep, along } = place;
  const { dialect } = work.session;
  await marks.with(() => {
    for (const statement of keep) work.addOwn(statement);
    if (line !== undefined) work.addOwn(forgetStatement(dialect, key, unit.position));
    for (const one of [unit, ...along]) work.addOwn(startedStatement(dialect, key, one));
  }, settings);
}

/** Announces a unit. */
export function startedStatement(dialect: Dialect, key: JournalKey, unit: Unit): Statement {
  return journalStatement(dialect, key, { ...lineOf(unit), state: "started" });
}

/** Says in the journal that a unit is done. */
export function markDone(unit: Unit, line: unknown, place: Place): Promise<void> {
  const { work } = place;
  return work.atomically(() => {
    for (const statement of doneStatements(unit, line, place)) work.addOwn(statement);
  });
}

function doneStatements(
  unit: Unit,
  line: unknown,
  { work, key }: Pick<Place, "work" | "key">,
): readonly Statement[] {
  const { dialect } = work.session;
  return [
    ...(line === undefined ? [] : [forgetStatement(dialect, key, unit.position)]),
    journalStatement(dialect, key, { ...lineOf(unit), state: "done" }),
  ];
}

/** The position and the checksum by which the journal knows a unit. */
export function lineOf(unit: Unit): Pick<JournalLine, "position" | "checksum"> {
  return { position: unit.position, checksum: unit.checksum };
}

/**
 * Asks the catalog about a statement, under the settings that it runs under; `undefined` when it
 * cannot tell.
 */
export async function ask(unit: Unit, work: StepWork): Promise<ProbeAnswer | undefined> {
  const { probe } = unit.kind === "alone" ? unit : {};
  if (probe === undefined) return undefined;
  if (!("expect" in probe)) {
    const { rebuilds } = probe.kind === "repeatable" ? probe : {};
    if (rebuilds === undefined) return undefined;
    return (await leftovers(rebuilds, work)).length > 0 ? "broken" : "not_done";
  }
  const [row] = await look(work, work.session.dialect.probeSql(probe));
  return answerOf(probe, row?.state as ProbeState);
}

/**
 * The broken indexes that earlier tries of a rebuilding statement have left, as questions to the
 * catalog.
 */
async function leftovers(rebuilt: Rebuilt, work: StepWork): Promise<readonly CatalogProbe[]> {
  const sql = work.session.dialect.leftoversSql?.(rebuilt);
  const rows = sql === undefined ? [] : await look(work, sql);
  return rows.map(({ schema, name }) => ({
    kind: "index",
    name: { prefix: String(schema), name: String(name) },
    expect: "present",
  }));
}

/** Under the settings of the migration. */
async function look(work: StepWork, sql: string): Promise<readonly Row[]> {
  work.addSettings();
  await work.flush();
  const rows = await work.session.query(sql);
  work.addReset();
  await work.flush();
  return rows;
}

/** Clears away the half-made object of a statement, after saying so. */
export async function repair(
  unit: Unit,
  work: StepWork,
  words = "clear away what is half made of",
): Promise<void> {
  const { probe } = unit.kind === "alone" ? unit : {};
  if (probe === undefined || probe.kind === "setting") return;
  const broken =
    "expect" in probe
      ? [probe]
      : probe.rebuilds === undefined
        ? []
        : await leftovers(probe.rebuilds, work);
  if (broken.length === 0) return;
  work.tell(`${words}: ${unit.action.words}`);
  for (const statement of broken.flatMap((one) => work.session.dialect.repair(one)))
    await runAlone(work, statement, unit.action.words);
}

async function runCode({ action }: Unit, work: StepWork): Promise<void> {
  await withLockSettings(work, "plain", async () => {
    work.addSettings();
    await work.flush();
    if (action.kind === "run") await work.runAlone(action);
  });
}

/**
 * Builds within the lock budget. Each further try first clears away what the last one left half
 * made.
 */
async function untilBuilt(
  unit: AloneUnit,
  work: StepWork,
  made: LockSettings | undefined,
): Promise<void> {
  const { statement, action } = unit;
  work.takes = statement.policy.kind;
  let again = false;
  await withinLockBudget(work, async () => {
    if (again && (await ask(unit, work)) === "broken") await repair(unit, work);
    const around = again ? undefined : made;
    again = true;
    await runAlone(work, statement, action.words, around);
    if (!leavesBroken(unit) || (await ask(unit, work)) !== "broken") return;
    // IF NOT EXISTS passes over an index that an earlier build, of whomever, left behind.
    await repair(unit, work);
    await runAlone(work, statement, action.words);
    if ((await ask(unit, work)) === "broken")
      throw new Error("it was built twice and is INVALID all the same");
  });
}

/** Whether success does not yet mean that it can be used. */
function leavesBroken({ statement, probe }: AloneUnit): boolean {
  if (statement.policy.kind !== "online" || probe === undefined || !("expect" in probe))
    return false;
  return probe.kind === "index" && probe.expect === "present";
}

async function settleFailure(unit: Unit, place: Place, error: unknown): Promise<void> {
  const { work, key, isFirst, along } = place;
  const { dialect } = work.session;
  const { operation, failed } = work;
  try {
    await work.rollBack();
    work.addReset();
    await work.flush();
    const answer = await ask(unit, work);
    const isLeft = answer === "broken" && leavesItTo(work, error);
    if (answer === "broken" && !isLeft) await repair(unit, work);
    if (!isLeft)
      await work.atomically(() => {
        if (isFirst) return work.addOwn(forgetAllStatement(dialect, key));
        for (const { position } of [unit, ...along])
          work.addOwn(forgetStatement(dialect, key, position));
      });
  } catch {
    // The announcement stays, and the next run asks about it. The error that brought us here is the one to tell.
  }
  Object.assign(work, { operation, failed });
}

/**
 * Whether the next run clears away the half-made object: there is no time for it now, or the object
 * may be of somebody who builds the same at this moment.
 */
function leavesItTo(work: StepWork, error: unknown): boolean {
  return (
    stopOf(work.context).aborted ||
    error instanceof TimeOver ||
    work.session.errorKind(error) === "already_exists"
  );
}
