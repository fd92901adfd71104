/** Tells a backfill among steps, without all that carries one out. */
import type { Backfill } from "../core/backfill/backfill.ts";
import type { Step } from "../core/plan/step.ts";

/** A step that is a backfill. */
export type BackfillStep = Step & { readonly backfill: Backfill };

export function isBackfillStep(step: Step): step is BackfillStep {
  return step.backfill !== undefined;
}
