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

/** What makes a key that is unique somewhere, but not among the rows that are read, or not by the equality of its column. */
const notUnique: readonly (readonly [string, ...string[]])[] = [
  [
    "a partial index",
    "create table t (id int not null, hit int)",
    "create unique index on t (id) where id > 1",
  ],
  [
    "an expression",
    "create table t (id text not null, hit int)",
    "create unique index on t (lower(id))",
  ],
  ["a column that may be NULL", "create table t (id int unique, hit int)"],
  [
    "a column of which NULL was never looked for",
    "create table t (id int unique, hit int)",
    "insert into t values (null)",
    "alter table t add constraint filled not null id not valid",
  ],
  [
    "an INVALID index",
    "create table t (id int not null, hit int) partition by range (id)",
    "create table p partition of t default",
    "create unique index on only t (id)",
  ],
  [
    "an index of another collation",
    "create collation blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    "create table t (id text collate blind not null, hit int)",
    'create unique index on t (id collate "C")',
    "insert into t values ('a'), ('A')",
  ],
  [
    "an index of another operator class",
    "create extension citext",
    "create table t (id citext not null, hit int)",
    "create unique index on t (id text_ops)",
    "insert into t values ('a'), ('A')",
  ],
];

/** What is unique, however it looks. */
const unique: readonly (readonly [string, ...string[]])[] = [
  [
    "a deferrable constraint",
    "create table t (id int not null unique deferrable initially deferred, hit int)",
    "insert into t values (1), (2)",
  ],
  [
    "an index that includes another column",
    "create table t (id int not null, hit int)",
    "create unique index on t (id) include (hit)",
    "insert into t values (1), (2)",
  ],
  [
    "a collation that takes cases for one",
    "create collation blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    "create table t (id text collate blind primary key, hit int)",
    "insert into t values ('a'), ('B'), ('c')",
  ],
  [
    "an operator class for patterns",
    "create table t (id text not null, hit int)",
    "create unique index on t (id text_pattern_ops)",
    "insert into t values ('a'), ('A')",
  ],
  [
    "a partitioned table",
    "create table t (id int primary key, hit int) partition by range (id)",
    "create table p partition of t default",
    "insert into t values (1), (2)",
  ],
];

describeOn(["postgres"], (database) => {
  const each = () => ({ hit: 1 });
  const one = (mode: object = { each }) =>
    run(database(), { table: "t", key: "id", batchSize: 1, ...mode } as Parameters<
      typeof defineBackfill
    >[0]).release;

  async function prepare(sqls: readonly string[]): Promise<boolean> {
    try {
      for (const sqlText of sqls) await database().query(sqlText);
      return true;
    } catch (error) {
      // Only a newer server, or one with more extensions, knows it.
      if (/syntax error|not available/.test(String(error))) return false;
      throw error;
    }
  }

  it.each(notUnique)("refuses a key by %s", async (_, ...sqls) => {
    if (!(await prepare(sqls))) return;
    const refused = await refusal(one().migrateData());
    expect(refused.code).toBe("backfill_refused");
    expect(refused.message).toMatch(/no unique index has the key id|id may be NULL/);
  });

  it.each(unique)("takes a key by %s", async (_, ...sqls) => {
    if (!(await prepare(sqls))) return;
    await one().migrateData();
    expect(await hits(database(), "t where hit = 1")).toBe(await hits(database(), "t"));
  });

  it.each([
    ["code", { each }],
    ["a snapshot", { snapshot: true, set: { hit: 1 } }],
  ])("refuses tables that inherit, for %s: their keys are not unique together", async (_, mode) => {
    await database().query("create table t (id int primary key, hit int)");
    await database().query("create table heir (primary key (id)) inherits (t)");
    await database().query("insert into t values (1)");
    await database().query("insert into heir values (1)");
    const refused = await refusal(one(mode).migrateData());
    expect([refused.code, refused.message]).toEqual([
      "backfill_refused",
      expect.stringContaining("heir"),
    ]);
    expect(await hits(database(), "t where hit is null")).toBe("2: null-null");
  });

  it("changes the same key in a table and in one that inherits from it, once each", async () => {
    await database().query("create table t (id int primary key, hit int not null default 0)");
    await database().query("create table heir () inherits (t)");
    await database().query("insert into t select g from generate_series(1, 20) g");
    await database().query(
      "insert into heir select g from generate_series(5, 25) g, generate_series(1, 2)",
    );
    await one({ set: { hit: sql`hit + 1` }, batchSize: 3, maxBatchSize: 3 }).migrateData();
    expect(await hits(database(), "t")).toBe("62: 1-1");
  });

  it("refuses a key that may be NULL in a table that inherits", async () => {
    await database().query("create table t (id int unique, hit int)");
    await database().query("create table heir () inherits (t)");
    await database().query("alter table only t alter id set not null");
    const refused = await refusal(one({ set: { hit: 1 } }).migrateData());
    expect([refused.code, refused.message]).toEqual([
      "backfill_refused",
      expect.stringContaining("id may be NULL"),
    ]);
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
