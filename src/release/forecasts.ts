/**
 * Foretells how long steps that depend on the number of rows will take, by present sizes and this server's earlier
 * runs.
 */
import type { Version } from "../core/model/migration.ts";
import { type Forecast, forecast } from "../core/safety/forecast/forecast.ts";
import { measuredIn } from "../core/safety/forecast/work-note.ts";
import { areNew, newTo } from "../core/safety/rules/left-in-run.ts";
import type { Verdict } from "../core/safety/rules/verdict-data.ts";
import { readEvents } from "../engine/event-table.ts";
import type { SafetyInput } from "./safety-input.ts";

/** This many events tell how fast a server is. */
const eventsRead = 200;

/** Shorter work is not worth a word. */
const shortestMs = 100;

/** By version. One SELECT for the sizes, and one for the events where there is something to foretell. */
export async function forecastsOf(
  run: readonly Verdict[],
  { steps, session, prepare }: Pick<SafetyInput, "steps" | "session" | "prepare">,
): Promise<ReadonlyMap<Version, readonly Forecast[]>> {
  const made = new Set<string>();
  const heavy = run.map(({ heavy = [], makes, moves = [] }) => {
    const own = newTo({ makes, moves }, made);
    return heavy.filter(({ table }) => !areNew([table], own));
  });
  const tables = [...new Set(heavy.flat().map(({ table }) => table))];
  const { safety } = session.dialect;
  if (tables.length === 0 || safety === undefined) return new Map();
  const sizes = new Map(
    (await session.query(safety.sizes(tables))).map(({ name, rows, bytes }) => [
      String(name),
      { rows: Number(rows), bytes: Number(bytes), indexBytes: 0, indexes: 0 },
    ]),
  );
  if (sizes.size === 0) return new Map();
  const history = prepare.history ?? { name: "schema_migrations" };
  const measured = measuredIn(await readEvents(session, [history], { limit: eventsRead }));
  return new Map(
    steps.flatMap(({ file }, i) => {
      const own = (heavy[i] ?? []).flatMap((work) => {
        const size = sizes.get(work.table);
        return (size && forecast(work, size, measured)) ?? [];
      });
      const worth = own.filter(({ ms }) => ms[1] >= shortestMs);
      return worth.length === 0 ? [] : [[file.version, worth] as const];
    }),
  );
}
