/** Asks the catalog about a unit of a way back. */
import type { Session } from "../adapters/adapter.ts";
import { answerOf, type ProbeState } from "../core/model/probe.ts";
import { catalogProbes } from "./undoing.ts";
import type { Unit } from "./units.ts";

/**
 * Whether there may be something to undo: `false` when the catalog shows that there is not, under the settings that
 * its way back makes before it.
 */
export async function isThere(
  unit: Unit,
  way: readonly Unit[],
  session: Session,
): Promise<boolean> {
  const probes = catalogProbes(unit, session.dialect.syntax);
  if (probes.length === 0) return true;
  const settings = way.flatMap((one) =>
    one.kind === "setting" && one.position < unit.position ? [one.statement.sql] : [],
  );
  const look = async () => {
    for (const probe of probes) {
      const [row] = await session.query(session.dialect.probeSql(probe));
      if (answerOf(probe, row?.state as ProbeState) !== "done") return true;
    }
    return false;
  };
  if (settings.length === 0) return look();
  // Elsewhere a setting outlives a transaction that is rolled back.
  if (!session.dialect.transactionalDdl) return true;
  await session.query("BEGIN");
  try {
    for (const sql of settings) await session.query(sql);
    return await look();
  } finally {
    await session.query("ROLLBACK");
  }
}
