/** What the catalog says of a unit of a way back. */
import type { Session } from "../adapters/adapter.ts";
import { answerOf, type ProbeState } from "../core/model/probe.ts";
import { catalogProbes } from "./undoing.ts";
import type { Unit } from "./units.ts";

/** Whether there may be something to undo: `false` when the catalog shows that there is not. */
export async function isThere(unit: Unit, session: Session): Promise<boolean> {
  const probes = catalogProbes(unit, session.dialect.syntax);
  if (probes.length === 0) return true;
  for (const probe of probes) {
    const [row] = await session.query(session.dialect.probeSql(probe));
    if (answerOf(probe, row?.state as ProbeState) !== "done") return true;
  }
  return false;
}
