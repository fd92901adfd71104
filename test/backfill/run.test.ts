/** Backfills from beginning to end, on real databases. */
import { describe, expect, it } from "vitest";
import { defineBackfill, type RunEvent, sql } from "../../src/index.ts";
import { describeOn, history, refusal, releaseOn, tables } from "../conformance/support/release.ts";
import type { TestDatabase } from "../support/databases.ts";

const rows = 2_500;

/** Posts with an id, a time of their own, and a column that counts how often they were written. */
async function posts(database: TestDatabase, kind: string): Promise<void> {
  const series =
    kind === "sqlite"
      ? `with recursive s(g) as (select 1 union all select g + 1 from s where g < ${rows}) select g, '2021-01-01 00:00:00.00000' || (g % 10), null, 0 from s`
      : `select g, timestamp '2021-01-01' + g * interval '1 microsecond', null, 0 from generate_series(1, ${rows}) g`;
  await database.query(
    "create table posts (id bigint primary key, inserted_at timestamp, published_at timestamp, touched int not null default 0)",
  );
  await database.query(`insert into posts ${series}`);
}

const publish = {
  table: "posts",
  key: "id",
  where: sql`published_at is null`,
  set: { published_at: sql`inserted_at`, touched: sql`touched + 1` },
  batchSize: 100,
} as const;

/** How many rows there are, and how many of them were written once and to the microsecond. */
async function counts(database: TestDatabase): Promise<string> {
  const [row] = await database.query(
    "select count(*) as n, sum(case when published_at = inserted_at and touched = 1 then 1 else 0 end) as good from posts",
  );
  return `${row?.n}/${row?.good}`;
}

describeOn(["pglite", "sqlite", "postgres"], (database, kind) => {
  const run = (backfill: Parameters<typeof defineBackfill>[0]) =>
    releaseOn(database(), {}, { dataMigrations: { "1_publish": defineBackfill(backfill) } });

  it("sets a column of every row, once, and records that it did", async () => {
    await posts(database(), kind);
    const { release, lines } = run(publish);
    const [outcome] = await release.migrateData();
    expect(outcome?.migrations.map((one) => one.version)).toEqual(["1"]);
    expect(lines).toContain(
      "warning: repo main: rows that are written to posts from now on get no published_at unless the application writes it: there is no default and no trigger",
    );
    expect(await counts(database())).toBe(`${rows}/${rows}`);
    expect(await history(database(), "data_migrations")).toEqual(["1"]);
    expect((await release.migrateData())[0]?.migrations).toEqual([]);
  });

  it("writes back what a function gives, with times to the microsecond", async () => {
    await posts(database(), kind);
    const { release } = run({
      table: "posts",
      key: "id",
      each: (row) => ({ published_at: row.inserted_at, touched: Number(row.touched) + 1 }),
    });
    await release.migrateData();
    expect(await counts(database())).toBe(`${rows}/${rows}`);
  });

  it("stops when it is told to, and goes on behind the last batch", async () => {
    await posts(database(), kind);
    const controller = new AbortController();
    let seen = 0;
    const each = (row: Readonly<Record<string, unknown>>) => {
      seen += 1;
      if (seen === 1_000) controller.abort("SIGINT");
      return { published_at: row.inserted_at, touched: Number(row.touched) + 1 };
    };
    const slow = { table: "posts", key: "id", each, batchSize: 100, maxBatchSize: 100 };
    const { release } = run({ ...slow, parallel: 1 });
    const stopped = await refusal(release.using({ signal: controller.signal }).migrateData());
    expect(stopped.code).toBe("interrupted");
    expect(await history(database(), "data_migrations")).toEqual(undefined);
    await release.migrateData();
    expect(await counts(database())).toBe(`${rows}/${rows}`);
    expect(seen).toBeLessThanOrEqual(rows + 100);
  });

  it("is no schema migration", async () => {
    const { release } = releaseOn(database(), { "1_publish": defineBackfill(publish) });
    expect(await refusal(release.migrate())).toMatchObject({
      code: "migration_invalid",
      message: "file 1_publish: a backfill is not a schema migration",
    });
  });

  it("runs in its place among other data migrations, and again after a rollback", async () => {
    await posts(database(), kind);
    const { release } = releaseOn(
      database(),
      {},
      { dataMigrations: { ...tables("1_first", "3_third"), "2_publish": defineBackfill(publish) } },
    );
    const [outcome] = await release.migrateData();
    expect(outcome?.migrations.map((one) => one.version)).toEqual(["1", "2", "3"]);
    await release.rollback("main", 2, { data: true });
    expect(await history(database(), "data_migrations")).toEqual(["1"]);
    await database().query("update posts set published_at = null, touched = 0");
    await release.migrateData();
    expect(await counts(database())).toBe(`${rows}/${rows}`);
  });

  it("works for a while and says that it goes on", async () => {
    await posts(database(), kind);
    const { release, events } = run({ ...publish, maxBatchSize: 100, pauseMs: 20 });
    const [first] = await release.migrateData({ forMs: 50 });
    expect(first?.resume).toEqual({ version: "1", name: "publish" });
    const ended = (events as readonly RunEvent[]).findLast(
      (event) => event.type === "backfill_ended",
    );
    expect(ended).toMatchObject({ end: "time_over" });
    await release.migrateData();
    expect(await counts(database())).toBe(`${rows}/${rows}`);
  });
});

describe("a definition", () => {
  it("that makes no sense is refused with everything that is wrong", async () => {
    const wrong = { table: "posts", set: {}, each: () => undefined, where: "x", targetMs: 0 };
    const { dispose, ...database } = await (await import("../support/databases.ts")).testDatabase(
      "sqlite",
    );
    const dataMigrations = { "1_wrong": { key: "", ...wrong } as never };
    const { release } = releaseOn(database, {}, { dataMigrations });
    const error = await refusal(release.migrateData());
    expect(error.message.split("\n")).toEqual([
      "file 1_wrong: set and each exclude each other",
      "file 1_wrong: its key is not the name of a column, or a list of names",
      "file 1_wrong: its set is not an object of values and sql`…` by column",
      "file 1_wrong: its where is not SQL, written as sql`…`",
      "file 1_wrong: its targetMs is not a whole number from 1",
    ]);
    await dispose();
  });
});
