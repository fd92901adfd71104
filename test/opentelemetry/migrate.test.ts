/** A trace of `migrate`, by the real SDK, as a collector receives it. */
import pg from "pg";
import { defineMigration, defineRelease, type MigrationsOption, type RunEvent } from "slipway";
import { postgres } from "slipway/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import type { Receiver } from "./otlp-receiver.ts";
import { treeOf } from "./otlp-receiver.ts";
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

const posts = {
  "1_posts": defineMigration({ change: (m) => m.createTable("posts", (t) => t.id()) }),
};
const titled = {
  ...posts,
  "2_title": defineMigration({
    change: (m) =>
      m.alterTable("posts", (t) => t.add("title", "text", { default: "none of your business" })),
  }),
};

function release(migrations: MigrationsOption, emit: (event: RunEvent) => void = () => undefined) {
  const main = {
    adapter: postgres({ url: database.url }),
    migrations,
    dataMigrations: {},
    fingerprint: false,
    policy: { lockTimeoutMs: 150 },
  };
  return defineRelease({ app: "blog", version: "1.2.0", repos: { main } }).using({ emit });
}

/** The work, and of the statements those of a try. */
function shape(): readonly string[] {
  const tries = new Set(receiver.spans.filter(({ name }) => /try$/.test(name)).map(({ id }) => id));
  return treeOf(
    receiver.spans.filter(({ kind, parent = "" }) => kind === "internal" || tries.has(parent)),
  );
}

it("has a span for the run, the repo, the lock, each migration, each try and each statement", async () => {
  await release(posts).migrate();
  expect(shape()).toEqual([
    "slipway migrate",
    "  repo main",
    "    migration lock",
    "    migration 1 posts",
    "      try",
    "        BATCH",
  ]);
});

it("has a try that waited for a lock in vain, the retry, and the statement that the database ended", async () => {
  receiver.spans.length = 0;
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query("BEGIN; LOCK TABLE posts IN ACCESS SHARE MODE");
  await release(titled, ({ type }) => {
    if (type === "blocked") void other.query("COMMIT");
  }).migrate();
  await other.end();
  expect(shape()).toEqual([
    "slipway migrate",
    "  repo main",
    "    migration lock",
    "    migration 2 title",
    "      try FAILED",
    "        BATCH FAILED",
    "        ROLLBACK",
    "      retry",
    "        BATCH",
  ]);
  const named = (name: string) => receiver.spans.find((span) => span.name === name);
  const failed = receiver.spans.find(({ name, failed }) => name === "BATCH" && failed);
  const { hostname, port, pathname } = new URL(database.url);
  expect(failed).toMatchObject({
    kind: "client",
    failed: "canceling statement due to lock timeout",
    attributes: {
      "db.system.name": "postgresql",
      "db.namespace": pathname.slice(1),
      "server.address": hostname,
      "server.port": Number(port),
      "db.query.summary": "BATCH",
      "db.operation.batch.size": 9,
      "db.response.status_code": "55P03",
      "error.type": "55P03",
      "slipway.repo": "main",
    },
  });
  expect(failed?.attributes["db.query.text"]).toContain(
    'ALTER TABLE "posts" ADD COLUMN "title" text DEFAULT ?',
  );
  expect(named("try")?.attributes).toMatchObject({ "slipway.attempt": 1, "error.type": "55P03" });
  expect(named("retry")?.attributes).toMatchObject({ "slipway.attempt": 2 });
  const migration = named("migration 2 title");
  expect(migration?.events.map(({ name }) => name)).toEqual([
    "slipway.migration_started",
    "slipway.blocked",
    "slipway.migration_finished",
  ]);
  const blocked = receiver.logs.find(({ event }) => event === "slipway.blocked");
  expect(blocked).toMatchObject({ severity: 13, spanId: migration?.id });
  expect(blocked?.body).toMatch(
    /^try 1 waited \d+ ms for AccessExclusiveLock on posts; in the way: /,
  );
});

it("has each span inside of the time of its parent, in one trace", () => {
  const byId = new Map(receiver.spans.map((span) => [span.id, span]));
  const children = receiver.spans.filter(({ parent }) => parent !== undefined);
  expect(children.length).toBeGreaterThan(8);
  for (const { parent = "", startMs, endMs, traceId } of children) {
    const outer = byId.get(parent);
    expect(outer?.traceId).toBe(traceId);
    // Each span has a clock of its own, of whole milliseconds at its start.
    expect(startMs).toBeGreaterThanOrEqual((outer?.startMs ?? 0) - 2);
    expect(endMs).toBeLessThanOrEqual((outer?.endMs ?? 0) + 2);
  }
});

it("sends no value that stands in SQL", () => {
  const texts = receiver.spans.map(({ attributes }) => String(attributes["db.query.text"] ?? ""));
  expect(texts.join()).toContain("DEFAULT ?");
  expect(JSON.stringify([receiver.spans, receiver.logs])).not.toMatch(
    /none of your business|LOCK TABLE/,
  );
});

it("counts retries", () => {
  const retries = receiver.metrics.filter(({ name }) => name === "slipway.retries");
  expect(retries.at(-1)?.points).toEqual([
    { attributes: { "slipway.repo": "main", "slipway.reason": "lock_timeout" }, value: 1 },
  ]);
});

it("says of a migration that fails what the database said", async () => {
  receiver.spans.length = 0;
  const broken = { ...titled, "3_bad": { up: "insert into nowhere values (1)", down: "" } };
  await expect(release(broken).migrate()).rejects.toMatchObject({ code: "migration_failed" });
  const failed = receiver.spans.filter((span) => span.failed !== undefined);
  expect(failed.map(({ name, attributes }) => [name, attributes["error.type"]])).toEqual([
    ["BATCH", "42P01"],
    ["try", "42P01"],
    ["migration 3 bad", "migration_failed"],
    ["repo main", "migration_failed"],
    ["slipway migrate", "migration_failed"],
  ]);
});

it("is inside of the trace that the process was started in", async () => {
  receiver.spans.length = 0;
  process.env.TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  await release(titled).migrate();
  delete process.env.TRACEPARENT;
  const [run] = receiver.spans.filter(({ name }) => name === "slipway migrate");
  expect(run).toMatchObject({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    parent: "b7ad6b7169203331",
  });
});
