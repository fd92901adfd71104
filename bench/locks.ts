/** What an application feels of an ALTER TABLE that comes while somebody has the table in an open transaction. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Bench } from "./bench.ts";
import { connect, type Load, percentile, underLoad } from "./load.ts";
import { writeProject } from "./project.ts";

const rows = 100_000;
const beforeMs = 2_000;
const afterMs = 2_000;
/** How long the open transaction reads. */
const readerMs = Number(process.env.SLIPWAY_BENCH_READER_MS ?? 30_000);

/** What was done, and when it was over; how many tries it needed. */
type Change = { readonly tookMs: number; readonly tries: number };
type Contestant = {
  readonly name: string;
  readonly change: (url: string, column: string) => Promise<Change | undefined>;
};

export async function locks({ folder, database, slipway, signal }: Bench): Promise<string> {
  const url = await database();
  const admin = await connect(url);
  await admin.query(
    `CREATE TABLE posts (id int PRIMARY KEY, title text, views int DEFAULT 0) WITH (fillfactor = 70);
INSERT INTO posts SELECT i, 'title ' || i FROM generate_series(1, ${rows}) i; ANALYZE posts;`,
  );
  await admin.end();
  const project = writeProject(join(folder, "locks"), { count: 0, kind: "sql" });
  const migrate =
    (...flags: readonly string[]): Contestant["change"] =>
    async (url, column) => {
      const file = `${20_250_101_000_000 + Number(column.slice(1))}_add_${column}.sql`;
      writeFileSync(
        join(project.migrations, file),
        `ALTER TABLE posts ADD COLUMN ${column} int;\n`,
      );
      return runSlipway([slipway, "migrate", ...flags], { url, cwd: project.folder, signal });
    };
  const contestants: readonly Contestant[] = [
    { name: "no change", change: async () => undefined },
    { name: "`ALTER TABLE` by itself", change: alter },
    { name: "`slipway migrate`", change: migrate() },
    { name: "`slipway migrate --lock-timeout 100`", change: migrate("--lock-timeout", "100") },
  ];
  const measured: Measured[] = [];
  for (const [i, { name, change }] of contestants.entries()) {
    signal.throwIfAborted();
    measured.push({ name, ...(await measure(url, (at) => change(at, `c${i}`))) });
  }
  return lines(measured);
}

type Measured = { readonly name: string; readonly load: Load; readonly change: Change | undefined };

/** The load runs throughout: alone, then beside the open transaction and the change, until both are over. */
async function measure(
  url: string,
  change: (url: string) => Promise<Change | undefined>,
): Promise<{ readonly load: Load; readonly change: Change | undefined }> {
  const reader = await connect(url);
  const { result, load } = await underLoad(url, rows, async () => {
    await delay(beforeMs);
    await reader.query("BEGIN");
    await reader.query("SELECT count(*) FROM posts");
    const reading = delay(readerMs).then(() => reader.query("COMMIT"));
    const made = await change(url);
    await reading;
    // What waited is done now, and counts.
    await delay(afterMs);
    return made;
  });
  await reader.end();
  return { load, change: result };
}

async function alter(url: string, column: string): Promise<Change> {
  const client = await connect(url);
  const from = performance.now();
  await client.query(`ALTER TABLE posts ADD COLUMN ${column} int`);
  const tookMs = performance.now() - from;
  await client.end();
  return { tookMs, tries: 1 };
}

async function runSlipway(
  argv: readonly string[],
  {
    url,
    cwd,
    signal,
  }: { readonly url: string; readonly cwd: string; readonly signal: AbortSignal },
): Promise<Change> {
  const from = performance.now();
  const child = spawn(process.execPath, argv, {
    cwd,
    env: { ...process.env, DATABASE_URL: url },
    stdio: ["ignore", "ignore", "pipe"],
    signal,
  });
  let told = "";
  child.stderr.on("data", (text) => {
    told += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`slipway ended with exit code ${code}: ${told}`);
  const failed = told.match(/^try \d+ /gm)?.length ?? 0;
  return { tookMs: performance.now() - from, tries: failed + 1 };
}

function lines(measured: readonly Measured[]): string {
  const [base] = measured;
  const baseP99 = base === undefined ? 0 : percentile(base.load, 0.99);
  const head = [
    `behind a reader of ${readerMs / 1000} s`,
    "queries",
    "median ms",
    "p99",
    "longest",
    "added p99",
    "change made after s",
    "tries",
  ];
  const table = measured.map(({ name, load, change }) => {
    const p99 = percentile(load, 0.99);
    return [
      name,
      load.times.length,
      percentile(load, 0.5).toFixed(1),
      p99.toFixed(0),
      Math.max(...load.times).toFixed(0),
      (p99 - baseP99).toFixed(0),
      change === undefined ? "" : (change.tookMs / 1000).toFixed(1),
      change?.tries ?? "",
    ];
  });
  return [head, ["---", ...head.slice(1).map(() => "---:")], ...table]
    .map((cells) => `| ${cells.join(" | ")} |\n`)
    .join("");
}
