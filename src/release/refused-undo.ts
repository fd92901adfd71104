/** Whether a rollback would undo a migration of which a part ran, so that nobody is sent to a command that refuses. */
import type { Session } from "../adapters/adapter.ts";
import { actionOf } from "../core/plan/stored-plan.ts";
import type { StoredPlan } from "../core/plan/stored-plan-data.ts";
import { isThere } from "../engine/catalog-answer.ts";
import type { JournalLine } from "../engine/journal.ts";
import { undoings } from "../engine/undoing.ts";
import { isRiddle, unitsOf } from "../engine/units.ts";

/** Why a rollback refuses, by the plan that was kept when it began. `undefined`: nothing speaks against it. */
export async function refusedUndo(
  session: Session,
  { up, down }: StoredPlan,
  lines: ReadonlyMap<number, JournalLine>,
): Promise<string | undefined> {
  if ("refused" in down) return down.refused;
  const step = {
    actions: down.actions.map(actionOf),
    undoesPart: { up: up.actions.map(actionOf), isSame: true, fromFiles: false },
  };
  const ways = unitsOf({ actions: step.undoesPart.up });
  for (const { position, state } of lines.values()) {
    const unit = ways[position];
    if (state !== "started" || unit === undefined || !isRiddle(unit)) continue;
    return `nobody can tell whether "${unit.action.words}" ran`;
  }
  const ran = new Map(
    [...lines].map(([at, { state }]) => [at, state === "done" ? "done" : "part"] as const),
  );
  const found = undoings(step, ran, session.dialect.syntax);
  const units = unitsOf(step);
  // To ask under settings needs a transaction, which whoever looks may have open already.
  const mayAsk = units.every(({ kind }) => kind !== "setting");
  for (const unit of units) {
    const of = found[unit.position];
    const isClear = of === "undo" || of === "skip" || (of === "unclear" && !mayAsk);
    if (isClear || (of === "unclear" && !(await isThere(unit, units, session)))) continue;
    return `nobody can tell whether "${unit.action.words}" undoes the part that ran`;
  }
  return undefined;
}
