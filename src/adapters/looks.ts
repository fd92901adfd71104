/** Looking at one thing after the other: what cannot be read is told, and the rest is looked at all the same. */
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
