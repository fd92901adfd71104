/**
 * Where the time of 1,000 SQL files goes: the server's processor time, that of the process, its memory. Contestants in
 * turn, each on an empty database; ratios are to the bare loop of the same round.
 * `SLIPWAY_BENCH_AGAINST` names the `dist/cli/bin.js` of another Slipway, `SLIPWAY_BENCH_FILES` another number of files.
 */
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { type Contestant, run } from "./measure.ts";
import { takePeak } from "./peak.ts";
import { spentOnChildren } from "./processor.ts";
import { writeProject } from "./project.ts";
import { parentOfServer } from "./server-time.ts";

const rounds = Number(process.env.SLIPWAY_BENCH_ROUNDS ?? 5);
const count = Number(process.env.SLIPWAY_BENCH_FILES ?? 1000);
const against = process.env.SLIPWAY_BENCH_AGAINST;

const figures = ["wall ms", "server ms", "process ms", "peak MiB"] as const;
type Figures = Readonly<Record<(typeof figures)[number], number>>;

export async function cost({ folder, floors, database, slipway, signal }: Bench): Promise<string> {
  const floor = {
    name: "bare `pg`, one message each",
    argv: [join(floors, "apply.cjs"), "joined"],
  };
  const contestants: Contestant[] = [];
  const programs = { Slipway: slipway, ...(against === undefined ? {} : { against }) };
  for (const [name, program] of Object.entries(programs)) {
    const project = writeProject(join(folder, `cost-${name}`), { count, kind: "sql", program });
    if (contestants.length === 0)
      contestants.push({ ...floor, argv: [...floor.argv, project.migrations] });
    const { folder: cwd } = project;
    await run({ name: "release", argv: [program, "release", "--quiet"], cwd }, signal);
    const command = join(cwd, "_release/bench/bin/bench");
    contestants.push({ name: `${name}, release`, command, argv: ["migrate", "--quiet"], cwd });
    contestants.push({ name: `${name}, sources`, argv: [program, "migrate", "--quiet"], cwd });
  }
  const measured = new Map<string, Figures[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const one of contestants)
      measured.get(one.name)?.push(await figuresOf(one, await database(), signal));
  const bare = measured.get(floor.name) ?? [];
  const rows = [...measured].map(([name, list]) =>
    [
      name,
      ...figures.map((what) => {
        const ratio = median(list.map((one, i) => one[what] / (bare[i]?.[what] ?? 1)));
        return `${median(list.map((one) => one[what])).toFixed(0)} (${ratio.toFixed(2)})`;
      }),
    ].join(" | "),
  );
  const head = [`${count} SQL files, ${rounds} rounds (× bare)`, ...figures].join(" | ");
  const rule = `--- |${" ---: |".repeat(figures.length)}`;
  return [head, rule.slice(0, -2), ...rows].map((line) => `| ${line} |\n`).join("");
}

async function figuresOf(one: Contestant, url: string, signal: AbortSignal): Promise<Figures> {
  const postmaster = await parentOfServer(url);
  const before = spentOnChildren(postmaster);
  const sample = await takePeak({ ...one, database: async () => url }, signal);
  return {
    "wall ms": sample.ms,
    "server ms": spentOnChildren(postmaster) - before,
    "process ms": sample["process ms"],
    "peak MiB": sample.MiB,
  };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
