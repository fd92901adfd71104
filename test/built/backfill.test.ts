/** A backfill in a built release: in slices, killed in the middle, and shared by two processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { buildProject, environment, folderOf, ran, writeProject } from "./support.ts";

const rows = 12_000;
const version = "20240102000000";

const migration = `create table numbers (id bigint primary key, n integer not null default 0);
insert into numbers (id) select 9007199254740992 + g from generate_series(1, ${rows}) g;
`;

const backfill = `import { defineBackfill } from "slipway";

export default defineBackfill({
  table: "numbers",
  key: "id",
  each: ({ n }) => ({ n: Number(n) + 1 }),
  batchSize: 100,
  maxBatchSize: 100,
  pauseMs: 80,
});
`;

const folder = folderOf("backfill");
let database: FreshDatabase;
let client: pg.Client;
let program = "";

beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const project = writeProject(folder.path, {
    "db/main/migrations/20240101000000_numbers.sql": migration,
    [`db/main/data_migrations/${version}_count.ts`]: backfill,
  });
  program = join(await buildProject(project, "--quiet"), "bin/my_app");
});
afterAll(async () => {
  await client.end();
  await database.drop();
  folder.remove();
});

const env = () => environment(database.url, folder.path);
const bin = (...args: readonly string[]) => ran(program, args, { env: env(), cwd: "/" });

function started(...args: readonly string[]): ChildProcess {
  return spawn(program, args, { env: env(), cwd: "/", stdio: "ignore" });
}

async function counted(): Promise<number> {
  const { rows: found } = await client.query(
    "select count(*) filter (where n = 1)::int as once, count(*) filter (where n > 1)::int as twice from numbers",
  );
  expect(found[0].twice).toBe(0);
  return found[0].once;
}

async function shown(): Promise<Readonly<Record<string, unknown>>> {
  const { code, stdout } = await bin("backfill", "show", version, "--json");
  expect(code).toBe(0);
  return JSON.parse(stdout).backfill;
}

it("works a slice, is killed, and is brought to its end by two processes, each row once", async () => {
  expect(await bin("migrate")).toMatchObject({ code: 0 });

  const slice = await bin("migrate-data", "--for", "0.3s", "--json");
  expect(slice.code).toBe(0);
  const first = await counted();
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(rows);
  expect(await shown()).toMatchObject({ state: "running", rowsSeen: first, rowsChanged: first });

  const killed = started("backfill", "work", version);
  while ((await counted()) < first + 1_000) expect(killed.exitCode).toBe(null);
  killed.kill("SIGKILL");
  await once(killed, "close");
  // What it had sent may still be done.
  while ((await connections()) > 0) await pause();
  const second = await counted();
  expect(second).toBeLessThan(rows);
  expect(await shown()).toMatchObject({ state: "running", rowsSeen: second, dead: [] });

  const workers = [started("backfill", "work", version), started("backfill", "work", version)];
  const ended = Promise.all(workers.map((worker) => once(worker, "close")));
  const both = await connectedAtOnce(ended);
  expect(await ended).toEqual([
    [0, null],
    [0, null],
  ]);
  expect(both).toBeGreaterThan(2);
  expect(await counted()).toBe(rows);
  expect(await shown()).toMatchObject({
    state: "finished",
    rowsSeen: rows,
    rowsChanged: rows,
    rangesOpen: 0,
  });
  expect(await bin("migrate-data")).toMatchObject({ code: 0 });
  expect(await counted()).toBe(rows);
});

/** The most connections of the release that were seen at a time: one process has two that work. */
async function connectedAtOnce(ended: Promise<unknown>): Promise<number> {
  let most = 0;
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    most = Math.max(most, await connections());
    await pause();
  }
  return most;
}

async function connections(): Promise<number> {
  const { rows: found } = await client.query(
    "select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name like 'slipway%'",
  );
  return found[0].n;
}

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 50));
}

it("a backfill that nobody began is told on stderr", async () => {
  const { code, stdout, stderr } = await bin("backfill", "show", "9");
  expect({ code, stdout, line: stderr.split("\n")[0] }).toEqual({
    code: 2,
    stdout: "",
    line: "error: no backfill has version 9 in main",
  });
});
