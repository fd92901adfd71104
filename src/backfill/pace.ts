/** The pace right now: the definition's, with the changes by command. */
import type { Pace } from "../core/backfill/backfill.ts";
import type { Budgets } from "./batch-size.ts";
import type { PaceChange } from "./ledger.ts";

/**
 * Joins the definition's pace with the ledger's changes; a throttle changes limit by limit, or is
 * off but for limits set since.
 */
export function paceNow(pace: Pace, json: string): Pace {
  const change = JSON.parse(json) as PaceChange;
  const throttle = { ...(change.throttle?.off ? {} : pace.throttle), ...change.throttle };
  return { ...pace, ...change, throttle };
}

export function budgetsOf({ targetMs, walBytes, maxBatchSize: maxRows }: Pace): Budgets {
  return { targetMs, walBytes, maxRows };
}
