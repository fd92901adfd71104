/** What a command costs that has nothing to do, as a whole process. */
import { join } from "node:path";
import { provenTables } from "./apply.ts";
import type { Bench } from "./bench.ts";
import { contest, type Entry, type Table } from "./contest.ts";
import type { Engine } from "./engines.ts";
import { run } from "./measure.ts";
import { peersOf } from "./peer-tools/index.ts";
import { writeProject } from "./project.ts";

const bounds: Readonly<Record<number, number>> = { 10: 1.05, 1000: 1.08, 10000: 1.15 };
const sources = 1.3;
/** How many migrations have run. */
const counts = (process.env.SLIPWAY_BENCH_APPLIED ?? "10,1000").split(",").map(Number);

export async function cold(bench: Bench): Promise<readonly Table[]> {
  const node = { name: "`node -e 0`", kind: "floor", argv: ["-e", "0"] } as const;
  const tables: Table[] = [];
  for (const engine of bench.engines) {
    const entries: Entry[] = [node];
    for (const count of counts) entries.push(...(await idle(bench, engine, count)));
    const rows = await contest(entries, bench);
    tables.push({ title: `Nothing to do, ${engine.title}`, figure: "ms", rows });
  }
  return tables;
}

let made = 0;

/** Contestants on databases where everything has run. */
export async function idle(bench: Bench, engine: Engine, count: number): Promise<readonly Entry[]> {
  const { folder, floors, slipway, signal, peers } = bench;
  const applied = `${count.toLocaleString("en-US")} applied`;
  const kind = engine.name === "postgres" ? "ts" : "sql";
  const parent = join(folder, `cold-${++made}`);
  const project = writeProject(join(parent, "project"), { count, kind, engine });
  const { url } = await engine.place();
  const here = { cwd: project.folder, database: async () => url };
  await run({ ...here, name: "release", argv: [slipway, "release", "--quiet"] }, signal);
  const built = join(project.folder, "_release/bench/bin/bench");
  await run({ ...here, name: "migrate", command: built, argv: ["migrate", "--quiet"] }, signal);
  const query = engine.name === "postgres" ? "query.cjs" : `query-${engine.name}.cjs`;
  const floor = `${engine.driver} in one file, one query, ${applied}`;
  const of = { ...here, kind: "ours" as const, floor };
  const wanted = (times: number | undefined) =>
    times === undefined || engine.name !== "postgres" ? [] : [{ figure: "ms" as const, times }];
  const commands = ["status", "migrate"].flatMap((word): readonly Entry[] => [
    {
      ...of,
      name: `\`bin/bench ${word}\`, ${applied}`,
      command: built,
      argv: [word],
      bounds: wanted(bounds[count]),
    },
    {
      ...of,
      name: `\`slipway ${word}\`, ${applied}`,
      argv: [slipway, word],
      bounds: wanted(sources),
    },
  ]);
  const others: Entry[] = [];
  for (const peer of peers ? peersOf(engine, { count, parent }) : []) {
    const its = (await engine.place()).url;
    await run({ ...peer, database: async () => its }, signal);
    await provenTables(engine, count)(its);
    others.push({ ...peer, name: `${peer.name}, ${applied}`, floor, database: async () => its });
  }
  const bare = { ...here, name: floor, kind: "floor" as const, argv: [join(floors, query)], floor };
  return [bare, ...commands, ...others];
}
