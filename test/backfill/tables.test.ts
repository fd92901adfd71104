/** Tables that are not as most are: names that the engine uses too, and tables that others inherit from. */
import { expect, it } from "vitest";
import { defineBackfill, sql } from "../../src/index.ts";
import { describeOn, refusal, releaseOn } from "../conformance/support/release.ts";
import type { TestDatabase } from "../support/databases.ts";

function run(database: TestDatabase, backfill: Parameters<typeof defineBackfill>[0]) {
  return releaseOn(database, {}, { dataMigrations: { "1_change": defineBackfill(backfill) } });
}

/** How often the rows were changed: the number of rows, and the least and the most of them. */
async function hits(database: TestDatabase, table: string): Promise<string> {
  const [row] = await database.query(
    `select count(*) as n, min(hit) as least, max(hit) as most from ${table}`,
  );
  return `${row?.n}: ${row?.least}-${row?.most}`;
}

async function make(database: TestDatabase, table: string): Promise<void> {
  await database.query(
    `create table ${table} (id integer primary key, hit integer not null default 0)`,
  );
  await database.query(
    `insert into ${table} (id) with recursive s(g) as (select 1 union all select g + 1 from s where g < 300) select g from s`,
  );
}

describeOn(["pglite", "sqlite", "postgres"], (database) => {
  it.each(["kept", "fresh", "found", "runs"])("a table may be called %s", async (table) => {
    await make(database(), table);
    const each = (row: Readonly<Record<string, unknown>>) => ({ hit: Number(row.hit) + 1 });
    const half = { table, key: "id", where: sql`id % 2 = 0`, snapshot: true } as const;
    await run(database(), { ...half, each }).release.migrateData();
    expect(await hits(database(), `${table} where id % 2 = 0`)).toBe("150: 1-1");
    expect(await hits(database(), `${table} where id % 2 = 1`)).toBe("150: 0-0");
  });

  it("a column that a function gives as undefined is a mistake, and not NULL", async () => {
    await make(database(), "rows_of_mine");
    const each = (row: Readonly<Record<string, unknown>>) => ({ hit: row.hitt });
    const { release } = run(database(), { table: "rows_of_mine", key: "id", each });
    expect((await refusal(release.migrateData())).code).toBe("backfill_failed");
    expect((await release.backfills.show(1)).dead[0]?.error).toBe(
      "hit is undefined: give null for NULL, or leave the column out",
    );
  });
});

describeOn(["pglite", "postgres"], (database) => {
  it("changes the rows of a table and of those that inherit from it once", async () => {
    await database().query("create table t (id integer primary key, hit integer default 0)");
    await database().query("create table c (primary key (id)) inherits (t)");
    await database().query("insert into t (id) select g from generate_series(1, 20000) g");
    await database().query("insert into c (id) select g from generate_series(20001, 40000) g");
    await database().query("analyze t");
    const { release } = run(database(), { table: "t", key: "id", set: { hit: sql`hit + 1` } });
    await release.migrateData();
    expect((await release.backfills.show(1)).ranges).toBeGreaterThan(10);
    expect(await hits(database(), "t")).toBe("40000: 1-1");
  });
});

describeOn(["postgres"], (database) => {
  it.each([
    ["extra_float_digits = 0", "double precision", "sqrt(g)"],
    [
      "datestyle = 'SQL, DMY'",
      "timestamptz",
      "timestamptz '2026-10-25' + g * interval '1.000001 s'",
    ],
  ])("reads keys exactly where the database has %s", async (setting, type, value) => {
    await database().query(
      `do $$ begin execute format('alter database %I set ${setting.replaceAll("'", "''")}', current_database()); end $$`,
    );
    await database().query(`create table t (id ${type} primary key, hit integer default 0)`);
    await database().query(`insert into t select ${value} from generate_series(1, 3000) g`);
    const each = (row: Readonly<Record<string, unknown>>) => ({ hit: Number(row.hit) + 1 });
    const { release } = run(database(), { table: "t", key: "id", each, maxBatchSize: 97 });
    await release.migrateData();
    expect(await hits(database(), "t")).toBe("3000: 1-1");
  });
});
