/** `npm run bench backfill [full] [small]`: the engine against a script without one, in the same run. */
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../../test/support/postgres-server.ts";
import { engineEach, engineSet } from "./engine.ts";
import { eachLoop, keysetLoop, monolithic } from "./floors.ts";
import { ask, tablesOn } from "./tables.ts";
import { besides, type Latency } from "./writers.ts";

const full = process.argv.includes("full");
const small = process.argv.includes("small");
const wanted = process.argv.slice(2).filter((word) => word !== "full" && word !== "small");
const rows = Number(process.env.SLIPWAY_BENCH_ROWS ?? (full ? 5_000_000 : 1_000_000));
const batch = 10_000;
/** Batches of just that size, however long they take. */
const same = { parallel: 1, batchSize: batch, maxBatchSize: batch, targetMs: 60_000 };
/** As a server with gigabytes of memory is set up; `small` is what `initdb` writes, for one that shares its machine. */
const roomy = { shared_buffers: "1GB", max_wal_size: "8GB" };
const server = await startPostgres({ durable: true, settings: small ? {} : roomy });
const tables = tablesOn(server.url);
const sections = { times, rates, memory, beside, disturbance };
try {
  const [row] = await ask(server.url, "show server_version");
  console.log(
    `Node ${process.versions.node}, PostgreSQL ${row?.server_version}, ${cpus().length} cores, ${rows.toLocaleString("en-US")} rows, ${small ? "initdb's own settings" : JSON.stringify(roomy)}\n`,
  );
  for (const [name, section] of Object.entries(sections))
    if (wanted.length === 0 || wanted.includes(name)) console.log(await section());
} finally {
  await server.stop();
}

type Contestant = readonly [name: string, work: (url: string) => Promise<void>];

async function times(): Promise<string> {
  const each = (row: { readonly inserted_at: string }) => ({ published_at: row.inserted_at });
  const contestants: readonly Contestant[] = [
    ["(a) one UPDATE", monolithic],
    [`(b) bare loop, batches of ${batch}`, keysetLoop(batch)],
    ["engine, 1 worker, the same batches", engineSet(same)],
    ["engine, 1 worker, default", engineSet({ parallel: 1 })],
    ["engine, 2 workers, default", engineSet({ parallel: 2 })],
    [`(c) bare loop through JavaScript, batches of ${batch}`, eachLoop(batch, each)],
    ["engine, `each`, the same batches", engineEach(same)],
  ];
  const rounds = Number(process.env.SLIPWAY_BENCH_ROUNDS ?? 2);
  const taken = contestants.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++)
    for (const [i, [, work]] of contestants.entries()) taken[i]?.push(await timed(work));
  const ratio = (i: number, floor: number) =>
    median((taken[i] ?? []).map((ms, round) => ms / (taken[floor]?.[round] ?? ms))).toFixed(2);
  return table(
    [`${rounds} rounds`, "median s", "rows/s", "× (a)", "× (b)", "× (c)"],
    contestants.map(([name], i) => {
      const ms = median(taken[i] ?? []);
      return [name, seconds(ms), rate(rows, ms), ratio(i, 0), ratio(i, 1), ratio(i, 5)];
    }),
  );
}

async function rates(): Promise<string> {
  const sizes = full ? [10_000, 100_000, 1_000_000, 10_000_000] : [10_000, 100_000, 1_000_000];
  const lines: string[][] = [];
  for (const size of sizes) {
    const ms = await timed(engineSet({ parallel: 1 }), size);
    lines.push([size.toLocaleString("en-US"), seconds(ms), rate(size, ms)]);
  }
  return table(["rows, 1 worker, default", "s", "rows/s"], lines);
}

async function memory(): Promise<string> {
  const lines: string[][] = [];
  for (const mode of ["set", "each"]) {
    for (const size of [50_000, rows]) {
      const url = await tables.fresh(size);
      const argv = [join(import.meta.dirname, "engine.ts"), url, mode];
      const kib = Number(execFileSync(process.execPath, argv, { encoding: "utf8" }));
      lines.push([mode, size.toLocaleString("en-US"), (kib / 1024).toFixed(0)]);
    }
  }
  return table(["mode", "rows", "peak MiB"], lines);
}

async function beside(): Promise<string> {
  const of = async (work: (url: string) => Promise<unknown>) => {
    const url = await tables.fresh(rows);
    return besides(url, rows, () => work(url));
  };
  const nothing = await of(() => new Promise((resolve) => setTimeout(resolve, 8_000)));
  const lines: [string, Latency][] = [
    ["nothing", nothing],
    ["engine, default (2 workers)", await of(engineSet({ parallel: 2 }))],
    ["one UPDATE", await of(monolithic)],
  ];
  return table(
    ["20 writers beside", "writes", "p50 ms", "p99 ms", "max ms", "p99 added"],
    lines.map(([name, { writes, p50, p99, max }]) => [
      ...[name, String(writes), p50.toFixed(1), p99.toFixed(1), max.toFixed(0)],
      (p99 - nothing.p99).toFixed(1),
    ]),
  );
}

/** Somebody else keeps the server busy for some seconds in the middle. */
async function disturbance(): Promise<string> {
  const url = await tables.fresh(rows * (full ? 1 : 2));
  await ask(url, "create table other as select * from posts limit 200000");
  const lines: string[][] = [];
  const started = performance.now();
  let busy = false;
  const disturb = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    busy = true;
    const until = performance.now() + 7_000;
    const load = async () => {
      while (performance.now() < until)
        await ask(url, "select count(*) from (select md5(body || title) from other order by 1) x");
    };
    await Promise.all([1, 2, 3, 4, 5, 6].map(load));
    busy = false;
  };
  const disturbing = disturb();
  await engineSet({ parallel: 1 }, (event) => {
    if (event.type !== "backfill_progress") return;
    const at = ((performance.now() - started) / 1000).toFixed(0);
    const bar = "#".repeat(Math.round(event.batchRows / 300));
    lines.push([
      at,
      busy ? "busy" : "",
      event.batchRows.toLocaleString("en-US"),
      String(event.batchMs),
      bar,
    ]);
  })(url);
  await disturbing;
  return table(["s", "server", "rows of a batch", "ms", ""], lines);
}

async function timed(work: (url: string) => Promise<void>, size = rows): Promise<number> {
  const url = await tables.fresh(size);
  const started = performance.now();
  await work(url);
  const ms = performance.now() - started;
  const [row] = await ask(
    url,
    "select count(*)::int as left_over from posts where published_at is distinct from inserted_at",
  );
  if (row?.left_over !== 0) throw new Error(`${row?.left_over} rows were not changed`);
  return ms;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = head.map((_, i) => (i === 0 ? "---" : "---:"));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function rate(size: number, ms: number): string {
  return Math.round((size / ms) * 1000).toLocaleString("en-US");
}
