/** SIGINT and SIGTERM: stop at the next safe point; a second one stops at once. */
import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM"] as const;

/** Aborts at the first signal, with its name as the reason; exits at the second with 130 or 143. */
export function abortOnSignal(tell: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(128 + constants.signals[name]);
    tell(`${name}: stopping after the migration that runs; once more stops at once\n`);
    controller.abort(name);
  };
  for (const name of signals) process.on(name, stop);
  return controller.signal;
}
