/** Loads what was chosen, and compiles it. */
import { ReleaseError, refuse } from "../../core/model/errors.ts";
import type { AppliedMigration } from "../../core/model/migration.ts";
import { type Warning, warning } from "../../core/model/warnings.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { Step } from "../../core/plan/step.ts";
import { tablesFor } from "../../engine/own-tables.ts";
import { settingUp } from "../../engine/set-up.ts";
import { findEdited } from "../edited.ts";
import { isBackfillStep } from "../is-backfill-step.ts";
import { type Steps, stepsOf } from "../steps.ts";
import type { Asked } from "./asked.ts";

/** The steps of the plan, and what is to be told about their files. @throws {ReleaseError} all that cannot run */
export async function load(
  asked: Asked,
  applied: readonly AppliedMigration[],
  plan: Plan,
): Promise<Steps> {
  const edited = await editedOf(asked, applied, plan);
  const fromFiles = asked.request.options.fromFiles ?? false;
  const { steps, warnings } = await stepsOf({ ...asked, applied, plan, fromFiles });
  if (!asked.isLook) await refuseLacking(asked, steps);
  if (asked.lane.name === "schema") refuse(steps.filter(isBackfillStep).map(misplaced));
  return { steps, warnings: [...edited, ...warnings] };
}

/**
 * Applied migrations whose files were edited. Looked at only when something is to run.
 *
 * @throws {ReleaseError} `migration_edited` when the meaning of one changed, unless that is allowed
 */
async function editedOf(
  asked: Asked,
  applied: readonly AppliedMigration[],
  { direction, files }: Plan,
): Promise<readonly Warning[]> {
  if (direction === "down" || files.length === 0) return [];
  const { meaning, text } = await findEdited({ ...asked, applied });
  if (asked.request.options.allowEdited !== true) refuse(meaning);
  return [
    ...meaning.map(({ details }) => warning("edit_allowed", details)),
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
    hint: "Move it to the folder of data migrations; migrate-data runs it.",
  });
}
