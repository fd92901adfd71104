/**
 * What the history keeps of a migration: its compiled plan, so that a release that does not contain the
 * migration can still roll it back.
 */
import type { Statement } from "../dialect.ts";
import { isReleaseError, type ReleaseError } from "../errors.ts";
import type { MigrationFile } from "../migration.ts";
import type { Step } from "./prepare.ts";

/** Plain JSON. `format` changes when an older Slipway could no longer read it. */
export type StoredPlan = {
  readonly format: 1;
  readonly up: StoredDirection;
  /** What rolls it back; or why nothing does. */
  readonly down: StoredDirection | { readonly refused: string };
};

export type StoredDirection = {
  readonly transactional: boolean;
  readonly actions: readonly StoredAction[];
};

/** Statements as they were compiled, or code, of which only the words can be kept. */
export type StoredAction =
  | { readonly words: string; readonly statements: readonly Statement[] }
  | { readonly words: string; readonly code: true };

/** The plan of a step going up, with what undoes it. */
export function storedPlan(up: Step, down: Step | ReleaseError): StoredPlan {
  return {
    format: 1,
    up: stored(up),
    down: isReleaseError(down) ? { refused: down.message } : stored(down),
  };
}

/** The stored plan in a row of the history; `undefined` when it is of a format that this Slipway does not know. */
export function parseStoredPlan(json: string): StoredPlan | undefined {
  const plan = JSON.parse(json) as { readonly format?: unknown };
  return plan.format === 1 ? (plan as StoredPlan) : undefined;
}

/** A step down made of a stored plan; or why it cannot be made. */
export function stepFromStored(
  file: MigrationFile,
  plan: StoredPlan,
): Step | { readonly refused: string } {
  const { down } = plan;
  if ("refused" in down) return down;
  const code = down.actions.find((action) => "code" in action);
  if (code !== undefined) return { refused: `its way back runs code (${code.words})` };
  return {
    file,
    direction: "down",
    callback: "down",
    transactional: down.transactional,
    phase: "before",
    actions: down.actions.flatMap((action) =>
      "code" in action
        ? []
        : [{ kind: "statements", words: action.words, statements: action.statements }],
    ),
  };
}

/** The SQL that a direction sends, for a comparison that people read. */
export function sqlLines(direction: StoredDirection): readonly string[] {
  return direction.actions.flatMap((action) =>
    "code" in action ? [action.words] : action.statements.map((statement) => statement.sql),
  );
}

function stored(step: Step): StoredDirection {
  const { transactional, actions } = step;
  return {
    transactional,
    actions: actions.map((action) =>
      action.kind === "run"
        ? { words: action.words, code: true }
        : { words: action.words, statements: action.statements },
    ),
  };
}
