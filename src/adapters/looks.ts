/**
 * Looks at one thing after the other. A look that fails becomes a finding, and the others continue.
 */
import { describeMs } from "../core/model/blocker.ts";
import type { Checked, Diagnosis } from "../core/model/diagnosis.ts";
import { messageOf } from "../core/model/message-of.ts";
import type { Session } from "./adapter.ts";

/** Looks at one thing. Nothing: there is nothing to say of it. */
export type Looking = {
  readonly check: Checked;
  readonly at: () => Promise<Omit<Diagnosis, "check"> | undefined>;
};

/** One after the other, because they share a connection. When it is gone, nothing more can be asked. */
export async function lookedAt(
  looks: readonly Looking[],
  session: Pick<Session, "errorKind">,
): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [];
  for (const { check, at } of looks) {
    try {
      const seen = await at();
      if (seen !== undefined) found.push({ check, ...seen });
    } catch (error) {
      if (session.errorKind(error) === "connection_lost") throw error;
      found.push({ check, state: "unknown", found: messageOf(error).split("\n")[0] ?? "" });
    }
  }
  return found;
}

/** A difference that is smaller than this does not count. */
const clockMs = 2_000;

/** Whether the server's clock is this machine's. `ask` gives the server's time, in milliseconds since 1970. */
export async function clock(
  ask: () => Promise<number | undefined>,
): Promise<Omit<Diagnosis, "check">> {
  const before = Date.now();
  const theirs = (await ask()) ?? before;
  const after = Date.now();
  const off = theirs < before ? before - theirs : Math.max(0, theirs - after);
  if (off < clockMs) return { state: "good", found: "the same here and there" };
  return {
    state: "warning",
    found: `the server's is ${describeMs(off)} ${theirs < before ? "behind" : "ahead of"} this machine's`,
    advice:
      "Let both keep time by NTP. Slipway times the lock by the server's clock alone; versions of new migrations come from yours.",
  };
}
