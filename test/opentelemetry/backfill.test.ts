/** A trace of a backfill, and the numbers of it, as a collector receives them. */
import { defineBackfill, defineRelease } from "slipway";
import { postgres } from "slipway/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { type Receiver, treeOf } from "./otlp-receiver.ts";
import { startSdk } from "./sdk.ts";

let database: FreshDatabase;
let receiver: Receiver;

beforeAll(async () => {
  database = await freshDatabase();
  receiver = await startSdk();
});
afterAll(async () => {
  await receiver.stop();
  await database.drop();
});

const rows =
  "create table posts (id int primary key, slug text); insert into posts select n, null from generate_series(1, 25) n";

it("has a span for the backfill and each of its batches, and counts rows and dead rows", async () => {
  const fill = defineBackfill({
    table: "posts",
    key: "id",
    batchSize: 10,
    maxBatchSize: 10,
    maxFailures: 5,
    each: (row: { readonly id: number }) => {
      if (Number(row.id) === 7) throw new Error("no slug for this one");
      return { slug: `post-${row.id}` };
    },
  } as never);
  const main = {
    adapter: postgres({ url: database.url }),
    migrations: { "1_posts": { up: rows, down: "drop table posts" } },
    dataMigrations: { "2_slugs": fill },
    fingerprint: false,
  } as const;
  const release = defineRelease({ app: "blog", repos: { main } }).using({ emit: () => undefined });
  await release.migrate();
  receiver.spans.length = 0;
  receiver.metrics.length = 0;
  await expect(release.migrateData()).rejects.toMatchObject({ code: "backfill_failed" });
  const internal = receiver.spans.filter(({ kind }) => kind === "internal");
  expect(treeOf(internal).filter((line) => !line.endsWith(" batch"))).toEqual([
    "slipway migrate data FAILED",
    "  repo main FAILED",
    "    migration lock",
    "    backfill 2 slugs FAILED",
  ]);
  const backfill = internal.find(({ name }) => name === "backfill 2 slugs");
  expect(backfill?.attributes["slipway.backfill.end"]).toBe("failed");
  const batches = internal.filter(({ name }) => name === "batch");
  expect(batches.length).toBeGreaterThanOrEqual(3);
  expect(batches.filter(({ parent }) => parent !== backfill?.id)).toEqual([]);
  const sum = (name: string) =>
    batches.reduce((all, { attributes }) => all + Number(attributes[name] ?? 0), 0);
  expect({
    rows: sum("slipway.batch.rows"),
    changed: sum("slipway.batch.rows.changed"),
    dead: sum("slipway.batch.rows.dead"),
  }).toEqual({ rows: 25, changed: 24, dead: 1 });
  const inBatches = receiver.spans.filter(({ parent }) => batches.some(({ id }) => id === parent));
  expect(inBatches.map(({ name }) => name)).toContain("SELECT posts");
});

it("counts rows, rows that failed, runs and locks", () => {
  const about = {
    "slipway.repo": "main",
    "slipway.migration.version": "2",
    "slipway.migration.name": "slugs",
  };
  const values = receiver.metrics
    .filter(({ name }) => name.startsWith("slipway.backfill"))
    .map(({ name, points }) => [name, points]);
  expect(values).toEqual([
    ["slipway.backfill.rows", [{ attributes: about, value: 25 }]],
    ["slipway.backfill.rows.changed", [{ attributes: about, value: 24 }]],
    ["slipway.backfill.rows.dead", [{ attributes: about, value: 1 }]],
  ]);
  const counts = receiver.metrics
    .filter(({ unit }) => unit === "s")
    .map(({ name, points }) => [name, points.length, points.at(-1)?.attributes]);
  expect(counts).toEqual([
    [
      "slipway.run.duration",
      2,
      { "slipway.app": "blog", "slipway.does": "migrate data", "error.type": "backfill_failed" },
    ],
    ["slipway.migration.duration", 1, { "slipway.repo": "main", "slipway.direction": "up" }],
    ["slipway.lock.wait.duration", 1, { "slipway.repo": "main" }],
    [
      "db.client.operation.duration",
      1,
      expect.objectContaining({ "db.system.name": "postgresql" }),
    ],
  ]);
});

it("sends what happened as records, each with the span that it happened in", () => {
  const ends = receiver.logs.filter(({ event }) => event === "slipway.backfill_ended");
  const backfill = receiver.spans.find(({ name }) => name === "backfill 2 slugs");
  expect(ends).toEqual([
    {
      event: "slipway.backfill_ended",
      severity: 9,
      body: "== failed 2: 25 rows seen, 24 changed so far",
      spanId: backfill?.id,
      attributes: expect.objectContaining({ "slipway.app": "blog", "slipway.repo": "main" }),
    },
  ]);
});
