/** The end of a run that somebody listens to: nothing of it is still on its way. */
import { endedRuns, type RunEnded } from "../engine/traced.ts";

/** How long the end of a run waits for listeners that send events on, in milliseconds. */
const longestWaitMs = 5_000;

/** Announces the end of a run, and waits for listeners with events to send. Never fails. */
export async function endedRun(): Promise<void> {
  const open: Promise<unknown>[] = [];
  endedRuns.publish({ waitFor: (work) => open.push(work) } satisfies RunEnded);
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, longestWaitMs);
  });
  await Promise.race([Promise.allSettled(open), over]);
  clearTimeout(timer);
}
