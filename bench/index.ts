/**
 * `npm run bench [-- SECTION…] [--rounds N] [--short] [--peers] [--docs]`: what Slipway costs, as ratios to floors of the same
 * run. Sections: see `sections` and `long` below. Without a name: all of `sections`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../test/support/postgres-server.ts";
import { apply } from "./apply.ts";
import type { Bench } from "./bench.ts";
import { build } from "./build.ts";
import { check } from "./check.ts";
import { cold } from "./cold.ts";
import type { Table } from "./contest.ts";
import { cost } from "./cost.ts";
import { diff } from "./diff/index.ts";
import { type Engine, mariadbEngine, postgresEngine, sqliteEngine } from "./engines.ts";
import { far } from "./far.ts";
import { fleet } from "./fleet.ts";
import { bundleFloors } from "./floors.ts";
import { large } from "./large.ts";
import { locks } from "./locks.ts";
import { memory } from "./memory.ts";
import { installPeers } from "./peer-tools/index.ts";
import { peers } from "./peers.ts";
import { markdown, missed } from "./report.ts";
import { safeForms } from "./safe-forms.ts";
import { scale } from "./scale.ts";
import { write } from "./write.ts";

/** Tables, JSON and a plot. */
const sections: Readonly<Record<string, (bench: Bench) => Promise<readonly Table[]>>> = {
  cold,
  apply,
  memory,
  large,
  scale,
  build,
  far,
};
/** How often each contestant runs with `--short`: the whole of it then takes some twenty minutes. */
const shortRounds: Readonly<Record<string, number>> = {
  cold: 5,
  apply: 3,
  memory: 1,
  large: 1,
  scale: 1,
  build: 3,
  far: 1,
};
/** The same, and only when it is asked for: it takes many minutes. */
const asked = { fleet };
/** Only when they are asked for. */
const long = { cost, check, locks, diff, "safe-forms": safeForms, peers };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    short: { type: "boolean", default: false },
    peers: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds ?? 9);
const known = [...Object.keys(sections), ...Object.keys(asked), ...Object.keys(long)];
const strange = positionals.filter((word) => !known.includes(word));
if (strange.length > 0 || !(Number.isInteger(rounds) && rounds > 0)) {
  console.error(
    strange.length > 0
      ? `no section ${strange.join(", ")}; there are ${known.join(", ")}`
      : `--rounds takes a whole number from 1, not ${values.rounds}`,
  );
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
const server = await startPostgres({ durable: true });
const mariadb = await mariadbEngine();
try {
  const floors = join(folder, "floors");
  await bundleFloors(floors);
  if (values.peers) installPeers();
  const postgres = postgresEngine(server);
  const engines: readonly [Engine, ...Engine[]] = [
    postgres,
    ...(mariadb === undefined ? [] : [mariadb]),
    sqliteEngine(folder),
  ];
  const bench: Bench = {
    folder,
    floors,
    slipway: join(import.meta.dirname, "../dist/cli/bin.js"),
    engines,
    rounds,
    peers: values.peers,
    signal: AbortSignal.timeout(4 * 3_600_000),
    database: async () => (await postgres.place()).url,
  };
  for (const [name, section] of Object.entries({ ...sections, ...asked })) {
    if (positionals.length === 0 ? name in asked : !positionals.includes(name)) continue;
    const before = loadavg()[0] ?? 0;
    const isShort = values.short && values.rounds === undefined;
    const many = isShort ? (shortRounds[name] ?? 1) : rounds;
    const started = performance.now();
    try {
      const tables = await section({ ...bench, rounds: many });
      for (const table of tables) console.log(markdown(table) + missed(table));
      await write({ name, tables, before, engines, ...values, rounds: String(many) });
    } catch (error) {
      // The others are measured all the same: a quiet hour is rare.
      console.error(`${name} stopped:`, error);
      process.exitCode = 1;
    }
    console.error(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  for (const [name, section] of Object.entries(long))
    if (positionals.includes(name)) console.log(await section(bench));
} finally {
  await Promise.all([server.stop(), mariadb?.stop()]);
  rmSync(folder, { recursive: true, force: true });
}
