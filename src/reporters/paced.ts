/** How often progress is told where nobody sees a bar. */
import type { RunEvent } from "../engine/events.ts";

const soonMs = 10_000;
const laterMs = 30_000;
/** After so long nobody watches line by line any more. */
const watchedMs = 120_000;

/** Whether an event is to be told now: progress is worth a line every ten seconds, and after two minutes every thirty. */
export function paced(now: () => number): (event: RunEvent) => boolean {
  let startedAt: number | undefined;
  let toldAt: number | undefined;
  return ({ type }) => {
    if (type === "backfill_started" || type === "fleet_started") startedAt = toldAt = undefined;
    if (type !== "backfill_progress" && type !== "fleet_progress") return true;
    startedAt ??= now();
    const everyMs = now() - startedAt < watchedMs ? soonMs : laterMs;
    if (toldAt !== undefined && now() - toldAt < everyMs) return false;
    toldAt = now();
    return true;
  };
}
