/**
 * A migration that was compiled before, alike for every server of its database: what a built release carries in place
 * of the code that records it. Plain JSON.
 */
import type { RunningCode } from "../model/errors.ts";
import type { Phase } from "../model/migration.ts";
import type { Touches } from "../model/touch.ts";
import type { Action } from "./action.ts";

/**
 * The meaning of a migration, as canonical text; or its checksum, where nobody needs the text any
 * more.
 */
export type Meaning = string | { readonly checksum: string };

export type Planned = {
  readonly meaning: Meaning;
  readonly touches: Touches;
  readonly phase: Phase;
  readonly safe?: { readonly [rule: string]: string };
  readonly up: PlannedStep;
  /** The way back; or why there is none. */
  readonly down: PlannedStep | PlannedRefusal;
};

export type PlannedRefusal = {
  readonly refused: { readonly code: RunningCode; readonly details: unknown };
};

/** A step without the facts that only the run knows. It has all other fields of a step. */
export type PlannedStep = {
  readonly [more: string]: unknown;
  readonly callback: "change" | "up" | "down";
  readonly transactional: boolean;
  readonly phase: Phase;
  readonly actions: readonly PlannedAction[];
};

/** Whether it has code, in either direction. */
export function runsCode({ up, down }: Planned): boolean {
  return [up, down].some(
    (way) => !("refused" in way) && way.actions.some((action) => "code" in action),
  );
}

/** Statements as they were compiled, rows to be filled, or code, which stays in the module of the migration. */
export type PlannedAction =
  | Exclude<Action, { readonly kind: "run" }>
  | { readonly words: string; readonly code: true; readonly of?: number | "hook" | undefined };
