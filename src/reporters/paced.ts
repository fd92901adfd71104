/** Decides how often a line reports progress, where nobody sees a bar. */
import type { RunEvent } from "../engine/events.ts";

const soonMs = 10_000;
const laterMs = 30_000;
/** After this time nobody watches each line any more. */
const watchedMs = 120_000;

/** Whether an event is worth a line now: progress is, every ten seconds, and after two minutes every thirty. */
export function paced(now: () => number): (event: RunEvent) => boolean {
  const isDue = pace();
  const isStatementDue = pace();
  let startedAt: number | undefined;
  return (event) => {
    switch (event.type) {
      case "backfill_started":
      case "fleet_started":
        startedAt = undefined;
        return true;
      case "backfill_progress":
      case "fleet_progress":
        startedAt ??= now();
        return isDue(now() - startedAt, { atOnce: true });
      case "statement_progress":
        return isStatementDue(event.elapsedMs, { atOnce: false });
      default:
        return true;
    }
  };
}

/**
 * Counts by how long something runs; a smaller time than before means that something else runs.
 */
function pace(): (elapsedMs: number, first: { readonly atOnce: boolean }) => boolean {
  let seenMs = 0;
  let toldMs: number | undefined;
  return (elapsedMs, { atOnce }) => {
    if (elapsedMs < seenMs) toldMs = undefined;
    seenMs = elapsedMs;
    const since = toldMs ?? (atOnce ? Number.NEGATIVE_INFINITY : 0);
    if (elapsedMs - since < (elapsedMs < watchedMs ? soonMs : laterMs)) return false;
    toldMs = elapsedMs;
    return true;
  };
}
