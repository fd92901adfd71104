/** Large files, beside `psql`: one of long statements, one of many short ones. */
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { debianProgram } from "../test/support/debian.ts";
import type { Bench } from "./bench.ts";
import { contest, type Entry, type Table } from "./contest.ts";
import { versionOf } from "./migrations.ts";
import { takePeak } from "./peak.ts";
import { writeProject } from "./project.ts";

/** Of the file with long statements; the other has twice as many. */
const megabytes = Number(process.env.SLIPWAY_BENCH_MB ?? 100);
const table = "CREATE TABLE large (id bigint, body text);\n";
const files = [
  {
    title: `${megabytes} MB, statements of 100 kB`,
    flags: [],
    times: 1.3,
    peak: 150,
    lines: 10 * megabytes,
    line: (i: number) => `INSERT INTO large VALUES (${i}, '${"x".repeat(100_000)}');\n`,
  },
  {
    title: `${2 * megabytes} MB, statements of 215 bytes`,
    flags: ["-1"],
    times: 1.5,
    peak: 250,
    lines: 4650 * 2 * megabytes,
    line: (i: number) => `INSERT INTO large VALUES (${i}, '${"x".repeat(175)}');\n`,
  },
] as const;

export async function large({ folder, engines, slipway, ...bench }: Bench): Promise<Table[]> {
  const [postgres] = engines;
  const psql = debianProgram("psql", "postgresql-client");
  const tables: Table[] = [];
  for (const [at, { title, flags, times, peak, lines, line }] of files.entries()) {
    const project = writeProject(join(folder, `large-${at}`), { count: 0, kind: "sql" });
    mkdirSync(project.migrations, { recursive: true });
    const file = join(project.migrations, `${versionOf(at + 1)}_large.sql`);
    await pipeline(Readable.from(text(lines, line)), createWriteStream(file));
    const floor = `\`psql ${[...flags, "-f"].join(" ")}\``;
    const place = () => postgres.place();
    const take = takePeak;
    const options = ["-q", "-v", "ON_ERROR_STOP=1", ...flags, "-f", file];
    const bare: readonly Entry[] =
      psql === undefined
        ? []
        : [
            {
              name: floor,
              kind: "floor",
              argv: [],
              at: (url) => ({ command: psql, argv: [...options, url] }),
              place,
              take,
              floor,
            },
          ];
    const ours: Entry = {
      name: "`slipway migrate`",
      kind: "ours",
      argv: [slipway, "migrate", "--quiet"],
      cwd: project.folder,
      place,
      take,
      floor,
      bounds: [
        { figure: "ms", times },
        { figure: "MiB", most: peak },
      ],
    };
    tables.push({ title, figure: "ms", rows: await contest([...bare, ours], bench) });
  }
  return tables;
}

/** In pieces, because all of it is larger than a string may be. */
function* text(lines: number, line: (i: number) => string): Generator<string> {
  yield table;
  for (let i = 0; i < lines; i++) yield line(i);
}
