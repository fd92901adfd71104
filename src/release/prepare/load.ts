/** Loads the chosen migrations, and compiles them. */
import { ReleaseError, refuse } from "../../core/model/errors.ts";
import type { Version } from "../../core/model/migration.ts";
import { type Warning, warning } from "../../core/model/warnings.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { Step } from "../../core/plan/step.ts";
import { type HalfDone, readHalfDone } from "../../engine/half-done.ts";
import { tablesFor } from "../../engine/own-tables.ts";
import { settingUp } from "../../engine/set-up.ts";
import { findEdited } from "../edited.ts";
import { isBackfillStep } from "../is-backfill-step.ts";
import { type Steps, stepsOf } from "../steps.ts";
import { wouldRefuse } from "../would-refuse.ts";
import type { Asked } from "./asked.ts";
import type { RanMigrations } from "./read.ts";

/** The steps of the plan, with warnings about them. @throws {ReleaseError} all that cannot run */
export async function load(asked: Asked, ran: RanMigrations, plan: Plan): Promise<Steps> {
  const edited = await editedOf(asked, ran, plan);
  const made = await stepsOf({ ...asked, ...ran, plan, fromFiles: isFromFiles(asked) });
  const { session, history, files } = asked;
  const halves =
    ran.hasJournal === false
      ? new Map<Version, HalfDone>()
      : await readHalfDone(session, history, files);
  const { steps, warnings } = await halfDone(asked, ran, await orSafer(made.steps, asked));
  const left = await passedBy(asked, ran, { plan, halves });
  const unfinished = [
    ...(plan.direction === "up" ? unfinishedRollbacks(asked, ran, halves) : []),
    ...left.refused,
  ];
  if (!asked.isLook) {
    refuse(unfinished);
    await refuseLacking(asked, steps);
  }
  if (asked.lane.name === "schema") refuse(steps.filter(isBackfillStep).map(misplaced));
  const refused = unfinished.map(wouldRefuse);
  return {
    steps,
    warnings: [...edited, ...made.warnings, ...warnings, ...left.warnings, ...refused],
  };
}

/** Most runs find no half. */
async function passedBy(
  asked: Asked,
  ran: RanMigrations,
  at: { readonly plan: Plan; readonly halves: ReadonlyMap<Version, HalfDone> },
): Promise<{ readonly refused: readonly ReleaseError[]; readonly warnings: readonly Warning[] }> {
  if (at.halves.size === 0) return { refused: [], warnings: [] };
  return (await import("./half-left.ts")).halfLeft(asked, ran, at);
}

/** Loads the safe forms only on demand, so that other built releases can leave them out. */
async function orSafer(steps: readonly Step[], asked: Asked): Promise<readonly Step[]> {
  const { replaceUnsafe, direction } = asked.prepare;
  if (replaceUnsafe !== true || direction === "down" || asked.lane.name !== "schema") return steps;
  return (await import("../safer.ts")).saferSteps(steps, asked);
}

/** Going up, the run itself reports half-done migrations. */
async function halfDone(asked: Asked, ran: RanMigrations, steps: readonly Step[]): Promise<Steps> {
  if (steps.length === 0 || (ran.begun === undefined && !asked.isLook))
    return { steps, warnings: [] };
  const { inTheMiddle } = await import("../in-the-middle.ts");
  return inTheMiddle(steps, { ...asked, ...ran, fromFiles: isFromFiles(asked) });
}

function isFromFiles({ request }: Asked): boolean {
  return request.options.fromFiles ?? false;
}

/** The next migrations must not stand on one that was rolled back in part. */
function unfinishedRollbacks(
  { history }: Asked,
  { applied, again = new Map() }: RanMigrations,
  found: ReadonlyMap<Version, HalfDone>,
): readonly ReleaseError[] {
  return [...applied, ...again.values()]
    .filter(({ version }) => found.get(version)?.direction === "down")
    .map(({ version, name = "" }) => {
      const details = { repo: history.repo, version, name };
      return new ReleaseError("rollback_unfinished", details);
    });
}

/**
 * Applied migrations whose files were edited. Looked at only when something is to run.
 *
 * @throws {ReleaseError} `migration_edited` when the meaning of one changed, unless that is allowed
 */
async function editedOf(
  asked: Asked,
  { applied }: RanMigrations,
  { direction, files }: Plan,
): Promise<readonly Warning[]> {
  if (direction === "down" || files.length === 0) return [];
  const { meaning, text } = await findEdited({ ...asked, applied });
  const isAllowed = asked.request.options.allowEdited === true;
  if (!isAllowed && !asked.isLook) refuse(meaning);
  return [
    ...meaning.map((error) =>
      isAllowed ? warning("edit_allowed", error.details) : wouldRefuse(error),
    ),
    ...text.map(({ origin }) => warning("looks_edited", { origin })),
  ];
}

/**
 * Looks whether the tables of ours that the steps write are there, or may be made.
 *
 * @throws {ReleaseError} `setup_refused`
 */
async function refuseLacking(
  { repo, lane, session, request }: Asked,
  steps: readonly Step[],
): Promise<void> {
  if (steps.length === 0 || session.lacking === undefined) return;
  const lock = request.options.lock ?? repo.lock;
  const tables = tablesFor(steps, lane.historyTable, { lock });
  const doing = "use the tables of Slipway";
  const look = async () => session.lacking?.(tables);
  const lacking = await settingUp(session, { repo: repo.name, tables, doing }, look);
  if (lacking === undefined) return;
  refuse([new ReleaseError("setup_refused", { repo: repo.name, doing, ...lacking })]);
}

/** A deploy must not wait for a backfill, and no lock may be held for as long as one takes. */
function misplaced({ file }: Step): ReleaseError {
  return new ReleaseError("migration_invalid", {
    origin: file.origin,
    reason: "a backfill is not a schema migration",
    hint: "Move it to the folder of data migrations. There, slipway migrate-data runs it.",
  });
}
