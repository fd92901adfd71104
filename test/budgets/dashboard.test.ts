/**
 * What looking at the dashboard costs: bytes of pages, queries of the database, and nothing at all for a release that
 * does not mount it. How often open pages ask is in test/dashboard/live.test.ts.
 */
import { build } from "esbuild";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { dashboard } from "../../src/dashboard/index.ts";
import { defineBackfill, defineRelease } from "../../src/index.ts";
import { type CountingProxy, countingProxy } from "../support/counting-proxy.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";

let database: FreshDatabase;
let proxy: CountingProxy;
let pages: ReturnType<typeof dashboard>;

const backfills = 50;

beforeAll(async () => {
  database = await freshDatabase();
  proxy = await countingProxy(database.url);
  const numbers = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => from + i);
  const migrations = {
    "1_create": "create table rows (id integer primary key, n integer)",
    ...Object.fromEntries(
      numbers(20200101000000, 999).map((version) => [
        `${version}_add_a_column_that_somebody_has_asked_for_${version % 1000}`,
        `alter table rows add column c${version % 1000} integer`,
      ]),
    ),
  };
  const dataMigrations = Object.fromEntries(
    numbers(20210101000000, backfills).map((version) => [
      `${version}_fill_a_column_that_somebody_has_asked_for`,
      defineBackfill({ table: "rows", key: "id", set: { n: 1 } }),
    ]),
  );
  const repos = {
    main: { adapter: postgres({ url: () => proxy.url }), migrations, dataMigrations },
  };
  const release = defineRelease({ app: "app", repos }).using({ emit: () => undefined });
  await release.migrate({ step: 990 });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query("insert into rows (id) select generate_series(1, 10)");
  await release.migrateData();
  await client.query("update slipway_backfills set state = 'paused', reason = 'by hand'");
  await client.end();
  pages = dashboard(release, { authorize: () => ({ user: "ana" }) });
}, 180_000);

afterAll(async () => {
  await pages?.close();
  await proxy?.stop();
  await database?.drop();
});

const url = (page: string) => `http://localhost/slipway/${page}`;

it.each([
  ["", 30_000],
  ["migrations/main", 60_000],
  ["migrations/main?page=7", 60_000],
  ["migrations/main/20200101000500", 30_000],
  ["backfills", 80_000],
  ["backfills/main/20210101000000", 30_000],
  ["now", 30_000],
  ["plan", 30_000],
])("/%s of 1,000 migrations and 50 backfills has at most %i bytes", async (page, most) => {
  const answer = await pages(new Request(url(page)));
  expect(answer.status).toBe(200);
  expect((await answer.text()).length).toBeLessThan(most);
});

it("a page is one transaction of reads on one connection, which two visitors share", async () => {
  await pages.close();
  const cost = await proxy.count(() =>
    Promise.all([pages(new Request(url("now"))), pages(new Request(url("now")))]),
  );
  // Begins, the savepoint, five questions with the search path that each sets, and the end.
  expect(cost).toMatchObject({ connections: 1 });
  expect(cost.roundTrips).toBeLessThanOrEqual(9);
  expect(cost.statements).toBeLessThanOrEqual(15);
});

it.each([
  ["", 40],
  ["backfills", 20],
  ["migrations/main", 40],
  ["plan", 60],
])("/%s of 50 backfills asks in at most %i round trips", async (page, most) => {
  await pages.close();
  const { roundTrips } = await proxy.count(() => pages(new Request(url(page))));
  expect(roundTrips, `${roundTrips} round trips`).toBeLessThanOrEqual(most);
  expect(roundTrips).toBeGreaterThan(0);
});

it("nothing of it is in what a release carries that does not mount it", async () => {
  const { metafile } = await build({
    entryPoints: [
      "index",
      "http/index",
      "built/start",
      "built/door",
      "adapters/postgres/index",
    ].map((name) => `src/${name}.ts`),
    ...{ bundle: true, write: false, metafile: true, format: "esm", platform: "node" },
    ...{ packages: "external", splitting: true, outdir: "nowhere", logLevel: "silent" },
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.length).toBeGreaterThan(300);
  expect(inputs.filter((name) => name.startsWith("src/dashboard/"))).toEqual([]);
});
