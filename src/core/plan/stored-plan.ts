/**
 * What the history keeps of a migration: its compiled plan, so that a release that does not contain the
 * migration can still roll it back.
 */

import { isReleaseError, type ReleaseError } from "../model/errors.ts";
import type { Action } from "./action.ts";
import type { SentBack, Step } from "./step.ts";
import type { EarlierRow, StoredAction, StoredDirection, StoredPlan } from "./stored-plan-data.ts";
import { knownDirection } from "./stored-shape.ts";

/**
 * The plan of a step going up, with what undoes it. `sentBack` is what the code of the way back sent where it was
 * tried, function by function: it stands in place of the code, which the history cannot keep.
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

/** The stored plan in a row of the history; `undefined` when it is of a shape that this Slipway does not know. */
export function parseStoredPlan(json: string): StoredPlan | undefined {
  return knownPlan(parsed(json));
}

function knownPlan(plan: unknown): StoredPlan | undefined {
  if (!isFields(plan) || plan.format !== 1) return undefined;
  const up = knownDirection(plan.up);
  const refused = (plan.down as { readonly refused?: unknown } | undefined)?.refused;
  const down = typeof refused === "string" ? { refused } : knownDirection(plan.down);
  if (up === undefined || down === undefined) return undefined;
  const earlier = knownEarlier(plan.earlier);
  return { format: 1, up, down, ...(earlier === undefined ? {} : { earlier }) };
}

function knownEarlier(value: unknown): EarlierRow | undefined {
  const plan = isFields(value) ? knownPlan(value.plan) : undefined;
  if (!isFields(value) || plan === undefined) return undefined;
  const text = (name: string) => (typeof value[name] === "string" ? value[name] : undefined);
  const { at, phase } = value;
  const isTime = typeof at === "string" && !Number.isNaN(Date.parse(at));
  return {
    name: text("name"),
    checksum: text("checksum"),
    meaning: text("meaning"),
    at: isTime ? at : undefined,
    phase: phase === "before" || phase === "after" ? phase : undefined,
    compatibleFrom: text("compatibleFrom"),
    plan,
  };
}

type Fields = { readonly [key: string]: unknown };

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) ?? undefined;
  } catch {
    // What is no JSON is of no known shape either.
    return undefined;
  }
}

/** What was kept, as actions. Of code only the words are kept, so that cannot run. */
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
