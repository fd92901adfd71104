/** Keeps the statements that code has sent in the history, beside the words of the code. Pure. */
import { isOfToolSavepoint } from "../core/language/foreign-modules.ts";
import type { Action } from "../core/plan/action.ts";
import type { Step } from "../core/plan/step.ts";
import type { StoredAction } from "../core/plan/stored-plan-data.ts";

/**
 * The history keeps at most this many characters of SQL that code has sent: code that fills a table
 * row by row would fill the history.
 */
const mostKept = 65_536;

/** The step, with the statements of an action in its plan of the way up. */
export function withSent(step: Step, action: Action, sent: readonly string[]): Step {
  const { kept, actions } = step;
  const place = actions.indexOf(action);
  const planned = kept?.plan.up.actions[place];
  if (kept === undefined || planned === undefined || !("code" in planned)) return step;
  const said = { ...planned, sent: sent.filter((sql) => !isOfToolSavepoint(sql)) };
  const all = kept.plan.up.actions.with(place, said);
  if (all.reduce((sum, one) => sum + lengthOf(one), 0) > mostKept) return step;
  const up = { ...kept.plan.up, actions: all };
  return { ...step, kept: { ...kept, plan: { ...kept.plan, up } } };
}

function lengthOf(action: StoredAction): number {
  if (!("code" in action)) return 0;
  return (action.sent ?? []).reduce((sum, sql) => sum + sql.length, 0);
}
