/** What 1,000 small migrations cost, each in a transaction of its own, as a whole process on an empty database. */
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { contest, type Entry, type Table } from "./contest.ts";
import type { Engine } from "./engines.ts";
import { run } from "./measure.ts";
import { peersOf } from "./peer-tools/index.ts";
import { writeProject } from "./project.ts";

const count = Number(process.env.SLIPWAY_BENCH_FILES ?? 1000);
/** Of a release and of sources, to the floor. */
const bounds = {
  postgres: { built: 1.15, sources: 1.25 },
  mariadb: { built: 1.3, sources: 1.3 },
  sqlite: { built: 1.15, sources: 1.15 },
};

export async function apply(bench: Bench): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const engine of bench.engines) {
    const rows = await contest(await applying(bench, engine, count), bench);
    const title = `${count.toLocaleString("en-US")} migrations, ${engine.title}`;
    tables.push({ title, figure: "ms", rows });
  }
  return tables;
}

let made = 0;

/** Contestants on empty databases. */
export async function applying(
  bench: Bench,
  engine: Engine,
  count: number,
): Promise<readonly Entry[]> {
  const { folder, floors, slipway, signal, peers } = bench;
  const parent = join(folder, `apply-${++made}`);
  const sql = writeProject(join(parent, "project"), { count, kind: "sql", engine });
  await run({ name: "release", argv: [slipway, "release", "--quiet"], cwd: sql.folder }, signal);
  const built = join(sql.folder, "_release/bench/bin/bench");
  const bundle = engine.name === "postgres" ? "apply.cjs" : `apply-${engine.name}.cjs`;
  const place = () => engine.place();
  const proof = provenTables(engine, count);
  const floor = `${engine.driver}, one message a migration`;
  const bare = (name: string, how: string): Entry => ({
    name,
    kind: "floor",
    argv: [join(floors, bundle), how, sql.migrations],
    place,
    proof,
    floor,
  });
  const ours = { kind: "ours" as const, argv: ["migrate", "--quiet"], place, proof, floor };
  const wanted = bounds[engine.name];
  const times = (times: number) => [{ figure: "ms" as const, times }];
  return [
    bare(floor, "joined"),
    ...(engine.name === "sqlite"
      ? []
      : [bare(`${engine.driver}, every statement awaited`, "awaited")]),
    {
      ...ours,
      name: "`bin/bench migrate`, a release",
      command: built,
      cwd: sql.folder,
      bounds: times(wanted.built),
    },
    {
      ...ours,
      name: "`slipway migrate`, .sql files",
      argv: [slipway, ...ours.argv],
      cwd: sql.folder,
      bounds: times(wanted.sources),
    },
    ...(engine.name === "postgres" ? [modules(bench, engine, { count, parent, floor })] : []),
    ...(peers
      ? peersOf(engine, { count, parent }).map((peer) => ({ ...peer, place, proof, floor }))
      : []),
  ];
}

function modules(
  { slipway }: Bench,
  engine: Engine,
  { count, parent, floor }: { count: number; parent: string; floor: string },
): Entry {
  const { folder } = writeProject(join(parent, "modules"), { count, kind: "ts", engine });
  return {
    name: "`slipway migrate`, .ts files",
    kind: "ours",
    argv: [slipway, "migrate", "--quiet"],
    cwd: folder,
    place: () => engine.place(),
    proof: provenTables(engine, count),
    floor,
  };
}

/** Throws where a database has not the tables of so many migrations. */
export function provenTables({ title, tables }: Engine, count: number) {
  return async (url: string): Promise<void> => {
    const there = await tables(url);
    if (there !== count) throw new Error(`${there} of ${count} tables are on ${title}`);
  };
}
