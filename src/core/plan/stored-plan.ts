/**
 * Stores a migration's compiled plan in the history, so that a release that does not contain the
 * migration can still roll it back.
 */

import { isReleaseError, type ReleaseError } from "../model/errors.ts";
import type { Action } from "./action.ts";
import type { SentBack, Step } from "./step.ts";
import type { StoredAction, StoredDirection, StoredPlan } from "./stored-plan-data.ts";

/**
 * The plan of a step going up, with the actions that undo it. `sentBack` holds the statements that
 * the code of the way back sent in a trial, function by function. They replace the code, which the
 * history cannot keep.
 */
export function storedPlan(
  up: Step,
  down: Step | ReleaseError,
  sentBack?: SentBack | undefined,
): StoredPlan {
  return {
    format: 1,
    up: stored(up),
    down: isReleaseError(down)
      ? { refused: down.message }
      : storedDown(sentBack === undefined ? down : withSentBack(down, sentBack)),
  };
}

function withSentBack(down: Step, sentBack: SentBack): Step {
  const code = down.actions.filter(({ kind }) => kind === "run");
  if (code.length !== sentBack.length) return down;
  const actions = down.actions.map((action): Action => {
    if (action.kind !== "run") return action;
    const { words, of } = action;
    const statements = sentBack[code.indexOf(action)]!;
    return { kind: "statements", words: `${words}, as it was tried`, statements, of };
  });
  return { ...down, actions };
}

/** The same plan for a step that goes up another way to the same end. */
export function withWayUp(plan: StoredPlan, up: Step): StoredPlan {
  return { ...plan, up: stored(up) };
}

/** JSON has no dates and no bytes: a way back that sends them would send something else. */
function storedDown(down: Step): StoredPlan["down"] {
  const action = down.actions.find(
    (one) =>
      one.kind === "statements" &&
      one.statements.some(({ parameters = [] }) =>
        parameters.some((value) => value instanceof Date || value instanceof Uint8Array),
      ),
  );
  return action === undefined
    ? stored(down)
    : { refused: `its way back sends dates or bytes as parameters (${action.words})` };
}

/**
 * Turns a stored action into an action. The history keeps only the words of code, so that cannot
 * run.
 */
export function actionOf(action: StoredAction): Action {
  if ("backfill" in action) return { kind: "backfill", ...action };
  if ("statements" in action) return { kind: "statements", ...action };
  const { words, of } = action;
  const run = () => Promise.reject(new Error(`the history keeps no code (${words})`));
  return { kind: "run", words, run, of };
}

/** The SQL that a direction sends, for a comparison that people read. */
export function sqlLines(direction: StoredDirection): readonly string[] {
  return direction.actions.flatMap((action) =>
    "statements" in action ? action.statements.map(({ sql }) => sql) : [action.words],
  );
}

function stored(step: Step): StoredDirection {
  const { transactional, policy, actions } = step;
  return {
    transactional,
    ...(policy === undefined ? {} : { policy }),
    actions: actions.map(storedAction),
  };
}

function storedAction(action: Action): StoredAction {
  const { of } = action;
  return of === undefined ? storedBody(action) : { ...storedBody(action), of };
}

function storedBody(action: Action): StoredAction {
  const { words } = action;
  switch (action.kind) {
    case "run":
      return { words, code: true };
    case "backfill":
      return { words, backfill: action.backfill };
    case "statements":
      return {
        words,
        statements: action.statements,
        ...(action.together ? { together: true } : {}),
        ...(action.forgets === undefined ? {} : { forgets: action.forgets }),
      };
  }
}
