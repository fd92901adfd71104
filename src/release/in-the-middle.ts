/**
 * Decides which statements a migration that stopped in the middle sends, and which not. Writes
 * nothing.
 */
import { ReleaseError, refuse } from "../core/model/errors.ts";
import type { Direction, MigrationFile } from "../core/model/migration.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import type { Step, UndoesPart, UnsentStatement } from "../core/plan/step.ts";
import { actionOf } from "../core/plan/stored-plan.ts";
import { isThere } from "../engine/catalog-answer.ts";
import { type HalfDone, readHalfDone } from "../engine/half-done.ts";
import { type JournalLine, readJournal } from "../engine/journal.ts";
import { undoings } from "../engine/undoing.ts";
import { firstDifference, isRiddle, type Unit, unitsOf } from "../engine/units.ts";
import { changedSince, loadAll, type StepsInput } from "./steps.ts";
import { wouldRefuse } from "./would-refuse.ts";

type Input = Omit<StepsInput, "plan"> & { readonly files: readonly MigrationFile[] };
type Lines = ReadonlyMap<number, JournalLine>;
type Told = { readonly steps: readonly Step[]; readonly warnings: readonly Warning[] };

/**
 * Adds to each of these steps the journal's facts about it.
 *
 * @throws {ReleaseError} `rollback_unclear`, `statement_interrupted`, for a way back that cannot be
 * decided
 */
export async function inTheMiddle(steps: readonly Step[], input: Input): Promise<Told> {
  const { session, history, files } = input;
  const halves = await readHalfDone(session, history, files);
  const warnings: Warning[] = [];
  const found: Step[] = [];
  for (const step of steps) {
    const { version } = step.file;
    const part = halves.get(version);
    if (
      part === undefined ||
      (part.direction === "up" && step.direction === "down" && !isBegun(step, input))
    ) {
      found.push(step);
      continue;
    }
    const linesOf = (direction: Direction) => readJournal(session, { history, version, direction });
    const lines = { up: await linesOf("up"), down: await linesOf("down") };
    if (beginsAnew(step, lines)) {
      found.push({ ...step, transactional: false });
      warnings.push(halfDone(step, part));
      continue;
    }
    const here = isBegun(step, input) ? await undoingPart(step, lines, input) : step;
    found.push({
      ...here,
      transactional: false,
      unsent: [...unsentBy(here, lines), ...(here.unsent ?? [])],
    });
    warnings.push(halfDone(step, part), ...refusal(here, lines, history.repo));
  }
  return { steps: found, warnings };
}

/** One that runs again is sent as a whole where another text of it stopped half-way. */
function beginsAnew(step: Step, { up, down }: BothWays): boolean {
  const isUp = step.file.repeatable === true && step.direction === "up" && down.size === 0;
  return isUp && firstDifference(unitsOf(step), up) !== undefined;
}

function isBegun({ direction, file }: Step, { begun }: Input): boolean {
  return direction === "down" && begun?.has(file.version) === true;
}

type BothWays = { readonly up: Lines; readonly down: Lines };

/** The way back of a migration of which a part ran. */
async function undoingPart(step: Step, { up, down }: BothWays, input: Input): Promise<Step> {
  const { session, history, fromFiles } = input;
  const { version, name } = step.file;
  const undoesPart = await partOf(step, up, input);
  const ways = unitsOf({ actions: undoesPart.up });
  const details = { repo: history.repo, version, name };
  for (const { position, state } of up.values()) {
    const unit = ways[position];
    if (state !== "started" || unit === undefined || !isRiddle(unit)) continue;
    throw new ReleaseError("statement_interrupted", { ...details, operation: unit.action.words });
  }
  const ran = new Map([...up.values()].map(({ position, state }) => [position, ofState(state)]));
  const units = unitsOf(step);
  const found = undoings({ ...step, undoesPart }, ran, session.dialect.syntax);
  const open = units.filter(
    ({ position }) =>
      (found[position] === "unclear" || found[position] === "leaves") && !down.has(position),
  );
  const unclear: ReleaseError[] = [];
  for (const unit of fromFiles ? [] : open)
    if (found[unit.position] === "leaves" || (await isThere(unit, units, session)))
      unclear.push(
        new ReleaseError("rollback_unclear", { ...details, operation: unit.action.words }),
      );
  refuse(unclear);
  const skipped = units.filter(
    (unit) => found[unit.position] === "skip" && !down.has(unit.position),
  );
  return { ...step, undoesPart, unsent: skipped.flatMap((unit) => unsent(unit, "never_ran")) };
}

/** The migration as it was when it ran, by the journal. The file fills the gaps. */
async function partOf(step: Step, lines: Lines, input: Input): Promise<UndoesPart> {
  const { begun, fromFiles, prepare: as } = input;
  const { version } = step.file;
  const kept = begun?.get(version)?.plan;
  const [file] = input.files.filter((one) => one.version === version);
  const loaded = file === undefined ? [] : await loadAll([file], input);
  if (kept !== undefined) {
    const isSame = step.stored === true || (await changedSince(loaded, input)).length === 0;
    return { up: kept.up.actions.map(actionOf), isSame, fromFiles };
  }
  const { prepare } = await import("../core/plan/prepare.ts");
  const [up] = prepare({ ...as, direction: "up", migrations: loaded });
  const isKnown = up !== undefined && firstDifference(unitsOf(up), lines) === undefined;
  return { up: isKnown ? up.actions : [], isSame: true, fromFiles };
}

function ofState(state: JournalLine["state"]): "done" | "part" {
  return state === "done" ? "done" : "part";
}

/** The statements that the run will not send again. */
function unsentBy(step: Step, lines: BothWays): readonly UnsentStatement[] {
  const here = lines[step.direction];
  return unitsOf(step).flatMap((unit) => {
    const line = here.get(unit.position);
    if (line === undefined) return [];
    return unsent(unit, line.state === "done" ? "done" : "in_doubt");
  });
}

function unsent(unit: Unit, why: UnsentStatement["why"]): readonly UnsentStatement[] {
  return unit.places.map((place) => ({ ...place, why }));
}

/** The refusals of a run, as warnings for whoever only looks. */
function refusal(step: Step, lines: BothWays, repo: string): readonly Warning[] {
  const { direction } = step;
  const { version, name } = step.file;
  const details = { repo, version, name, ...(step.again ? { again: true as const } : {}) };
  if (direction === "up" && lines.down.size > 0)
    return [wouldRefuse(new ReleaseError("rollback_unfinished", details))];
  const operation = firstDifference(unitsOf(step), lines[direction]);
  if (operation === undefined) return [];
  return [wouldRefuse(new ReleaseError("journal_mismatch", { ...details, direction, operation }))];
}

/** In short, before the plan shows which ones. */
function halfDone({ file: { id } }: Step, { direction, done, inDoubt }: HalfDone): Warning {
  return warning("half_done", { id, direction, done, inDoubt });
}
