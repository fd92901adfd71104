/**
 * SIGINT, SIGTERM and SIGHUP: cancel the running work, roll it back and stop; a second signal, or a
 * long wait, stops at once.
 */
import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/**
 * The time for a run to stop, in milliseconds. By default Kubernetes kills after thirty seconds.
 */
const graceMs = 10_000;

/** Aborts at the first signal, with its name as the reason; exits at the second with 130, 143 or 129. */
export function abortOnSignal(tell: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(128 + constants.signals[name]);
    tell(`${name}: stopping: what runs is cancelled and rolled back; once more stops at once\n`);
    setTimeout(() => process.exit(128 + constants.signals[name]), graceMs).unref();
    controller.abort(name);
  };
  for (const name of signals) process.on(name, stop);
  return controller.signal;
}
