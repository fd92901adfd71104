/** Reads how long the holder of the lock may be silent. */
import { ConnectionFailed } from "./adapter.ts";

/** As PostgreSQL counts it, and timers too. */
const longestMs = 2_147_483_647;

/**
 * The lease, in milliseconds. With 0, or more than a timer knows, a frozen holder would keep the lock for ever.
 *
 * @throws {ConnectionFailed} for anything but a whole number from 1
 */
export function givenLease(given: unknown): number {
  if (given === undefined) return 30_000;
  if (typeof given === "number" && Number.isInteger(given) && given >= 1 && given <= longestMs)
    return given;
  const shown = typeof given === "number" ? String(given) : JSON.stringify(given);
  throw new ConnectionFailed(`the option lockLeaseMs is ${shown}`, {
    hint: `Give lockLeaseMs a whole number from 1 to ${longestMs}, in milliseconds; nothing has run.`,
    lasting: true,
  });
}
