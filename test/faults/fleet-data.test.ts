/**
 * Data migrations of tenants, and processes that are killed in the middle of a backfill: each row is changed exactly
 * once, and the history of each tenant says so. A hundred kills in `npm run faults`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { folderOf } from "../built/support.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { figuresOf, full } from "./support/figures.ts";
import { fleetProject, type Migrating, migrate, migrateData } from "./support/fleet.ts";
import { ask, until } from "./support/server.ts";

const figures = figuresOf("fleet: data migrations, killed");
const rounds = full ? 50 : 2;
const tenants = ["t0", "t1", "t2", "t3", "t4", "t5"];
const rows = 20;
const folder = folderOf("fleet-data");
let database: FreshDatabase;
let project = "";

beforeAll(async () => {
  database = await freshDatabase();
  project = fleetProject(
    folder.path,
    JSON.stringify(tenants),
    { "1_posts.sql": "CREATE TABLE posts (id bigint PRIMARY KEY, changed int DEFAULT 0);\n" },
    {
      data: {
        // Each batch takes a while, so that a kill meets one that is open.
        "2_fill.ts": `import { defineBackfill, sql } from "slipway";

export default defineBackfill({
  ...{ table: "posts", key: "id", batchSize: 2, maxBatchSize: 2 },
  set: { changed: sql\`changed + 1 + length(pg_sleep(0.01)::text)\` },
});
`,
        "3_plain.sql": "INSERT INTO posts SELECT 1000, count(*) FROM posts;\n",
      },
    },
  );
});
afterAll(async () => {
  await database.drop();
  folder.remove();
});

const env = () => ({ DATABASE_URL: database.url });
const begin = () => migrateData(project, env(), "--concurrency", "2");
const ending = { code: 0, stderr: "" };

async function beginAnew(): Promise<void> {
  for (const tenant of tenants)
    await ask(database.url, `DROP SCHEMA IF EXISTS ${tenant} CASCADE; CREATE SCHEMA ${tenant}`);
  await ask(database.url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  expect(await migrate(project, env()).ended).toEqual(ending);
  for (const tenant of tenants)
    await ask(
      database.url,
      `INSERT INTO ${tenant}.posts SELECT i FROM generate_series(1, ${rows}) i`,
    );
}

/** One process or two, killed when so many rows are changed, while most are still to do. */
async function killed(running: readonly Migrating[], atLeast: number): Promise<number> {
  const counts = tenants.map(
    (tenant) => `(SELECT count(*) FROM ${tenant}.posts WHERE changed > 0)`,
  );
  await until(database.url, `SELECT 1 WHERE ${counts.join(" + ")} >= ${atLeast}`);
  for (const { child } of running) {
    await sleep(Math.random() * 20);
    child.kill("SIGKILL");
  }
  const ends = await Promise.all(running.map(({ ended }) => ended));
  return ends.filter(({ code }) => code === null).length;
}

/** What a tenant has: how often its rows were changed, and what its history says. */
async function seen(tenant: string) {
  const [of] = await ask(
    database.url,
    `SELECT (SELECT string_agg(DISTINCT changed::text, ',') FROM ${tenant}.posts WHERE id < 1000) AS times,
  (SELECT string_agg(changed::text, ',') FROM ${tenant}.posts WHERE id = 1000) AS plain,
  (SELECT string_agg(version || ' ' || state, ', ' ORDER BY version) FROM slipway_backfills WHERE history = 'data_migrations/${tenant}') AS history,
  (SELECT sum(rows_changed)::int FROM slipway_backfill_ranges WHERE run IN (SELECT id FROM slipway_backfills WHERE history = 'data_migrations/${tenant}')) AS told`,
  );
  return of;
}

it("killed in the middle, by one and by two: each row is changed once, and each history is true", {
  timeout: full ? 900_000 : 120_000,
}, async () => {
  let dead = 0;
  for (let round = 0; round < rounds; round += 1) {
    await beginAnew();
    dead += await killed([begin()], 4);
    dead += await killed([begin(), begin()], 30);
    const last = await Promise.all([begin().ended, begin().ended]);
    expect(last).toEqual([ending, ending]);
    for (const tenant of tenants)
      expect({ tenant, ...(await seen(tenant)) }).toEqual({
        ...{ tenant, times: "1", plain: String(rows), told: rows },
        history: "2 finished, 3 finished",
      });
    expect(await begin().ended).toEqual(ending);
    expect((await seen("t0"))?.plain).toBe(String(rows));
  }
  figures.atLeast("processes that were killed at work, of three a round", dead, rounds * 2);
});
