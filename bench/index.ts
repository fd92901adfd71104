/** `npm run bench [cold|apply|cost|check|locks|safe-forms|peers]`: what Slipway costs, as ratios to floors of the same run. */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import pg from "pg";
import { startPostgres } from "../test/support/postgres-server.ts";
import { apply } from "./apply.ts";
import { check } from "./check.ts";
import { cold } from "./cold.ts";
import { cost } from "./cost.ts";
import { locks } from "./locks.ts";
import { peers } from "./peers.ts";
import { safeForms } from "./safe-forms.ts";

/** What a section measures with. */
export type Bench = {
  /** An empty folder. */
  readonly folder: string;
  /** The folder of the floors, each bundled into one file. */
  readonly floors: string;
  /** The built command line. */
  readonly slipway: string;
  /** Aborts when the machine is too busy for any of this. */
  readonly signal: AbortSignal;
  /** Makes an empty database and gives its URL. */
  database(): Promise<string>;
};

let made = 0;
const sections = { cold, apply };
/** Only when they are asked for: most of them take minutes. */
const long = { cost, check, locks, "safe-forms": safeForms, peers };
const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
const server = await startPostgres({ durable: true });
try {
  const floors = join(folder, "floors");
  const slipway = join(import.meta.dirname, "../dist/cli/bin.js");
  await bundleFloors(floors);
  const signal = AbortSignal.timeout(220_000);
  const bench = { folder, floors, slipway, signal, database: () => emptyDatabase(server.url) };
  console.log(`Node ${process.versions.node}, ${await version()}, ${cpus().length} cores\n`);
  for (const [name, section] of Object.entries(sections)) {
    if (wanted.length === 0 || wanted.includes(name)) console.log(await section(bench));
  }
  for (const [name, section] of Object.entries(long)) {
    const patient = { ...bench, signal: AbortSignal.timeout(1_800_000) };
    if (wanted.includes(name)) console.log(await section(patient));
  }
} catch (error) {
  if (!(error instanceof Error && error.name === "AbortError")) throw error;
  console.error("stopped: this machine is too busy to measure on");
  process.exitCode = 1;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function bundleFloors(outdir: string): Promise<void> {
  const names = ["query", "apply", "load"];
  await build({
    entryPoints: names.map((name) => join(import.meta.dirname, "floors", `${name}.ts`)),
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: `node${process.versions.node}`,
    external: ["pg-native"],
    // Else esbuild would take Slipway itself from the sources.
    tsconfigRaw: {},
    logLevel: "error",
  });
}

async function emptyDatabase(server: string): Promise<string> {
  const url = new URL(server);
  url.pathname = `/bench_${++made}`;
  await ask(server, `CREATE DATABASE bench_${made} TEMPLATE template0`);
  // What the one before left for later is not to be written during the next.
  await ask(server, "CHECKPOINT");
  return url.href;
}

async function version(): Promise<string> {
  const [row] = await ask(server.url, "SHOW server_version");
  return `PostgreSQL ${row?.server_version}`;
}

async function ask(
  url: string,
  sql: string,
): Promise<readonly { readonly [column: string]: unknown }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
