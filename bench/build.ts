/** What it takes to build a release of 1,000 migrations, and how large it is. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { contest, type Entry, type Table } from "./contest.ts";
import { takePeak } from "./peak.ts";
import { writeProject } from "./project.ts";

const count = Number(process.env.SLIPWAY_BENCH_FILES ?? 1000);
const program = join(import.meta.dirname, "../node_modules/esbuild/bin/esbuild");

export async function build(bench: Bench): Promise<readonly Table[]> {
  const { folder: cwd } = writeProject(join(bench.folder, "build"), { count, kind: "sql" });
  const floor = "esbuild alone, of `release.ts`";
  const flags = ["--bundle", "--minify", "--platform=node", "--format=esm", "--external:pg-native"];
  const bare: Entry = {
    name: floor,
    kind: "floor",
    command: program,
    argv: ["release.ts", ...flags, "--outfile=bundle.mjs", "--log-level=error"],
    cwd,
    take: takePeak,
    floor,
  };
  const ours: Entry = {
    name: `\`slipway release\`, ${count.toLocaleString("en-US")} migrations`,
    kind: "ours",
    argv: [bench.slipway, "release", "--quiet", "--overwrite"],
    cwd,
    take: takePeak,
    floor,
    bounds: [{ figure: "ms", most: 2500 }],
  };
  const rows = await contest([bare, ours], bench);
  return [
    { title: "Building a release", figure: "ms", rows },
    { title: "Size of that release", figure: "kB", rows: sizes(join(cwd, "_release/bench"), cwd) },
  ];
}

function sizes(release: string, cwd: string): Table["rows"] {
  const lib = join(release, "lib");
  const code = readdirSync(lib).filter((file) => file.endsWith(".cjs"));
  const kB = (files: readonly string[]) =>
    files.reduce((sum, file) => sum + statSync(file).size / 1000, 0);
  const [own = ""] = readdirSync(join(release, "releases"));
  const manifest = join(release, "releases", own, "manifest.json");
  const size = (name: string, value: number, most: number): Table["rows"][number] => ({
    name,
    kind: "ours",
    bounds: [{ figure: "kB", most }],
    samples: [{ kB: value }],
  });
  return [
    { name: "esbuild alone", kind: "floor", samples: [{ kB: kB([join(cwd, "bundle.mjs")]) }] },
    size(
      "JavaScript that a command with nothing to do loads",
      kB(
        code
          .filter((file) => /^(?:start|main|short|base|part)/.test(file))
          .map((file) => join(lib, file)),
      ),
      300,
    ),
    size("All JavaScript", kB(code.map((file) => join(lib, file))), 300),
    size("Manifest, for each migration", kB([manifest]) / count, 0.6),
  ];
}
