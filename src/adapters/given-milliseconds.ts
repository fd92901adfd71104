/** Reads the times that the user gives to an adapter. */
import { ConnectionFailed } from "./adapter.ts";

/** As PostgreSQL counts it, and timers too. */
const longestMs = 2_147_483_647;

/**
 * A time in milliseconds. A lease of 0, or of more than a timer knows, would let a frozen holder keep the lock for ever.
 *
 * @throws {ConnectionFailed} for anything but a whole number from `least`, which is 1 by default
 */
export function givenMilliseconds(
  option: string,
  given: unknown,
  { standard, least = 1 }: { readonly standard: number; readonly least?: number },
): number {
  if (given === undefined) return standard;
  if (typeof given === "number" && Number.isInteger(given) && given >= least && given <= longestMs)
    return given;
  const shown = typeof given === "number" ? String(given) : JSON.stringify(given);
  throw new ConnectionFailed(`the option ${option} is ${shown}`, {
    hint: `Give ${option} a whole number from ${least} to ${longestMs}, in milliseconds. Nothing has run.`,
    lasting: true,
  });
}

/** How long the holder of the lock may be silent. */
export function givenLease(given: unknown, option = "lockLeaseMs"): number {
  return givenMilliseconds(option, given, { standard: 30_000 });
}

/** How long to wait for a connection. */
export function givenConnectTimeout(given: unknown): number {
  return givenMilliseconds("connectTimeoutMs", given, { standard: 10_000 });
}
