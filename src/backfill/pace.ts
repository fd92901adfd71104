/** How fast, right now: what the definition says, with what was changed since by command. */
import type { Pace } from "../core/backfill/backfill.ts";
import type { Budgets } from "./batch-size.ts";
import type { PaceChange } from "./ledger.ts";

/** Joins the definition's pace with what the ledger has; a throttle is changed limit by limit, or off but for what was set since. */
export function paceNow(pace: Pace, json: string): Pace {
  const change = JSON.parse(json) as PaceChange;
  const throttle = { ...(change.throttle?.off ? {} : pace.throttle), ...change.throttle };
  return { ...pace, ...change, throttle };
}

export function budgetsOf({ targetMs, walBytes, maxBatchSize: maxRows }: Pace): Budgets {
  return { targetMs, walBytes, maxRows };
}
