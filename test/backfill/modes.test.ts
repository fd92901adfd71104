/** Every way to change rows, every kind of key, and what goes wrong with single rows. */
import { expect, it } from "vitest";
import { defineBackfill, sql } from "../../src/index.ts";
import { describeOn, history, refusal, releaseOn } from "../conformance/support/release.ts";
import type { DatabaseKind, TestDatabase } from "../support/databases.ts";

type Definition = Parameters<typeof defineBackfill>[0];

const kinds: readonly DatabaseKind[] = ["pglite", "sqlite", "postgres"];

function run(database: TestDatabase, backfill: Definition) {
  return releaseOn(database, {}, { dataMigrations: { "1_change": defineBackfill(backfill) } });
}

async function numbers(database: TestDatabase, count: number, kind: DatabaseKind): Promise<void> {
  await database.query("create table numbers (id integer primary key, n integer not null)");
  const series =
    kind === "sqlite"
      ? `with recursive s(g) as (select 1 union all select g + 1 from s where g < ${count}) select g, 0 from s`
      : `select g, 0 from generate_series(1, ${count}) g`;
  await database.query(`insert into numbers ${series}`);
}

async function one(database: TestDatabase, query: string): Promise<unknown> {
  const [row] = await database.query(query);
  return Number(Object.values(row ?? {})[0]);
}

describeOn(kinds, (database, kind) => {
  it("batch does anything with its rows, in their transaction", async () => {
    await numbers(database(), 500, kind);
    const sizes: number[] = [];
    const { release } = run(database(), {
      table: "numbers",
      key: "id",
      where: sql`id > 100`,
      batchSize: 100,
      maxBatchSize: 100,
      async batch(rows, db) {
        sizes.push(rows.length);
        const ids = rows.map((row) => Number(row.id)).join(", ");
        await db.execute(`update numbers set n = n + 1 where id in (${ids})`);
      },
    });
    await release.migrateData();
    expect(await one(database(), "select count(*) from numbers where n = 1 and id > 100")).toBe(
      400,
    );
    expect(sizes.reduce((a, b) => a + b)).toBe(400);
  });

  it.each([
    ["COMMIT", "COMMIT"],
    ["ROLLBACK", "ROLLBACK"],
    ["ROLLBACK and another BEGIN", "ROLLBACK; BEGIN"],
    ["ROLLBACK and an error", "ROLLBACK; SELECT * FROM nowhere"],
  ])(
    "batch that sends %s ends the backfill, and its rows are not counted as done",
    async (_, sent) => {
      await numbers(database(), 50, kind);
      const { release } = run(database(), {
        table: "numbers",
        key: "id",
        async batch(_rows, db) {
          await db.execute("update numbers set n = n + 1");
          for (const sql of sent.split("; ")) await db.query(sql);
        },
      });
      const error = await refusal(release.migrateData());
      expect(error.code).toBe("backfill_failed");
      expect(error.message).toContain("ended the transaction of the batch");
      const [run1] = await release.backfills.list();
      expect(run1).toMatchObject({ state: "failed", rowsSeen: 0 });
    },
  );

  it("insert copies into another table, and leaves out what is there", async () => {
    await numbers(database(), 500, kind);
    await database().query("create table copies (id integer primary key, double integer)");
    await database().query("insert into copies values (7, -1)");
    const { release } = run(database(), {
      table: "numbers",
      key: "id",
      batchSize: 100,
      insert: { into: "copies", columns: { id: sql`id`, double: sql`id * 2` }, onConflict: "skip" },
    });
    await release.migrateData();
    expect(await one(database(), "select count(*) from copies")).toBe(500);
    expect(await one(database(), "select count(*) from copies where double = id * 2")).toBe(499);
  });

  it("effect calls for each row, outside of a transaction, and writes what comes back", async () => {
    await numbers(database(), 300, kind);
    const called: string[] = [];
    const { release } = run(database(), {
      table: "numbers",
      key: "id",
      batchSize: 50,
      maxBatchSize: 50,
      async effect(row, { idempotencyKey }) {
        called.push(idempotencyKey.replace(/^[^:]*:/, ""));
        await Promise.resolve();
        return { n: Number(row.id) };
      },
    });
    await release.migrateData();
    expect(await one(database(), "select count(*) from numbers where n = id")).toBe(300);
    expect(new Set(called).size).toBe(300);
    expect(called).toHaveLength(300);
    expect(called).toContain('["300"]');
  });

  it("a snapshot has the rows that were there, each once", async () => {
    await numbers(database(), 400, kind);
    const { release } = run(database(), {
      table: "numbers",
      key: "id",
      where: sql`id % 2 = 0`,
      snapshot: true,
      batchSize: 50,
      maxBatchSize: 50,
      each: (row) => (Number(row.id) <= 200 ? undefined : { n: Number(row.n) + 10 }),
    });
    await release.migrateData();
    // The first pages have nothing to change, and are not taken for the end.
    expect(await one(database(), "select count(*) from numbers where n = 10")).toBe(100);
    expect(await one(database(), "select count(*) from numbers where n not in (0, 10)")).toBe(0);
    expect(await database().tables()).not.toContain("slipway_keys_1");
  });

  it("a bad row is kept with its reason, and the others are done", async () => {
    await numbers(database(), 300, kind);
    const { release } = run(database(), {
      table: "numbers",
      key: "id",
      batchSize: 64,
      each(row) {
        if (Number(row.id) === 77) throw new Error("seventy-seven");
        return { n: 1 };
      },
    });
    const failed = await refusal(release.migrateData());
    expect(failed).toMatchObject({
      code: "backfill_failed",
      message: "repo main: 1_change failed: 1 row could not be changed",
    });
    expect(await one(database(), "select count(*) from numbers where n = 1")).toBe(299);
    expect(await history(database(), "data_migrations")).toBe(undefined);
    const [dead] = await database().query("select key, error from slipway_backfill_dead");
    expect(dead).toEqual({ key: '["77"]', error: "seventy-seven" });
  });

  it("a row that the database refuses is found by halving", async () => {
    await numbers(database(), 300, kind);
    await database().query(
      kind === "sqlite"
        ? "create trigger no before update on numbers when new.id in (5, 200) begin select raise(abort, 'not this one'); end"
        : "alter table numbers add constraint no check (n = 0 or id not in (5, 200))",
    );
    const { release } = run(database(), {
      table: "numbers",
      key: "id",
      set: { n: sql`n + 1` },
      batchSize: 100,
    });
    const failed = await refusal(release.migrateData());
    expect(failed.message).toBe("repo main: 1_change failed: 2 rows could not be changed");
    expect(await one(database(), "select count(*) from numbers where n = 1")).toBe(298);
    const dead = await database().query("select key from slipway_backfill_dead order by key");
    expect(dead.map((row) => row.key)).toEqual(['["200"]', '["5"]']);
  });

  it("stops when more rows fail than may", async () => {
    await numbers(database(), 300, kind);
    const { release } = run(database(), {
      ...{ table: "numbers", key: "id", batchSize: 10, maxBatchSize: 10, maxFailures: 15 },
      each() {
        throw new Error("no");
      },
    });
    const failed = await refusal(release.migrateData());
    expect(failed.message).toMatch(/failed: \d+ rows failed, more than maxFailures: 15$/);
    expect(await one(database(), "select count(*) from slipway_backfill_dead")).toBeLessThan(60);
  });

  it("verify keeps it from being finished", async () => {
    await numbers(database(), 100, kind);
    const { release } = run(database(), {
      ...{ table: "numbers", key: "id", where: sql`id < 100`, set: { n: 1 } },
      verify: sql`select id from numbers where n = 0`,
    });
    const failed = await refusal(release.migrateData());
    expect(failed.message).toBe('repo main: 1_change failed: verify found a row: {"id":100}');
  });

  it.each<[string, string, string, string[]]>([
    ["beyond 2^53", "bigint", "9007199254740992 + g", ["id"]],
    ["of text", "varchar(40)", "'k''' || g", ["id"]],
  ])("visits every key %s once", async (_, type, expression, key) => {
    const literal = type === "bigint" ? "bigint" : type;
    await database().query(
      `create table keyed (id ${literal} primary key not null, part integer not null, n integer not null)`,
    );
    const from =
      kind === "sqlite"
        ? "with recursive s(g) as (select 1 union all select g + 1 from s where g < 500)"
        : "with s(g) as (select generate_series(1, 500))";
    await database().query(`insert into keyed ${from} select ${expression}, g % 7, 0 from s`);
    const change = { table: "keyed", set: { n: sql`n + 1` }, batchSize: 13, maxBatchSize: 13 };
    const { release } = run(database(), { ...change, key });
    await release.migrateData();
    expect(await one(database(), "select count(*) from keyed where n = 1")).toBe(500);
  });

  it("visits every pair of a composite key once", async () => {
    await database().query(
      "create table pairs (a integer not null, b varchar(20) not null, n integer not null, primary key (a, b))",
    );
    const from =
      kind === "sqlite"
        ? "with recursive s(g) as (select 0 union all select g + 1 from s where g < 499)"
        : "with s(g) as (select generate_series(0, 499))";
    await database().query(`insert into pairs ${from} select g / 40, 'b' || g, 0 from s`);
    const { release } = run(database(), {
      ...{ table: "pairs", key: ["a", "b"], batchSize: 17, maxBatchSize: 17 },
      each: (row) => ({ n: Number(row.n) + 1 }),
    });
    await release.migrateData();
    expect(await one(database(), "select count(*) from pairs where n = 1")).toBe(500);
  });

  it("refuses a key that is not unique, a column that is not there, a statement that is wrong", async () => {
    await numbers(database(), 10, kind);
    const messages = async (backfill: Definition) =>
      (await refusal(run(database(), backfill).release.migrateData())).message;
    const base = { table: "numbers", key: "id" };
    expect(await messages({ ...base, key: "n", set: { n: 1 } })).toBe(
      "repo main: 1_change cannot run: numbers: no unique index has the key n",
    );
    expect(await messages({ ...base, set: { m: 1 } })).toBe(
      "repo main: 1_change cannot run: numbers has no column m",
    );
    expect(await messages({ ...base, table: "nombers", set: { n: 1 } })).toBe(
      "repo main: 1_change cannot run: there is no table nombers",
    );
    expect(await messages({ ...base, set: { n: sql`m + 1` } })).toMatch(
      /^repo main: 1_change cannot run: set: /,
    );
    expect(await database().tables()).toEqual(["numbers"]);
  });

  it("an edited definition waits until that is accepted", async () => {
    await numbers(database(), 300, kind);
    const base = { table: "numbers", key: "id", batchSize: 10, maxBatchSize: 10, pauseMs: 20 };
    await run(database(), { ...base, set: { n: 1 } }).release.migrateData({ forMs: 60 });
    const { release } = run(database(), { ...base, pauseMs: 0, set: { n: 2 } });
    const refused = await refusal(release.migrateData());
    expect(refused.code).toBe("backfill_changed");
    await release.migrateData({ acceptChanged: true });
    expect(await one(database(), "select count(*) from numbers where n = 0")).toBe(0);
    expect(await one(database(), "select count(*) from numbers where n = 2")).toBeGreaterThan(0);
  });
});

describeOn(["pglite", "postgres"], (database) => {
  it("visits uuids and timestamps with microseconds once", async () => {
    await database().query(
      "create table moments (id uuid not null unique, at timestamptz primary key, n integer not null default 0)",
    );
    await database().query(
      "insert into moments select gen_random_uuid(), timestamptz '2021-01-01' + g * interval '1 microsecond' from generate_series(1, 2000) g",
    );
    const change = { table: "moments", set: { n: sql`n + 1` }, batchSize: 37, maxBatchSize: 37 };
    await run(database(), { ...change, key: "at" }).release.migrateData();
    expect(await one(database(), "select count(*) from moments where n = 1")).toBe(2000);
    await releaseOn(
      database(),
      {},
      { dataMigrations: { "2_again": defineBackfill({ ...change, key: "id" }) } },
    ).release.migrateData();
    expect(await one(database(), "select count(*) from moments where n = 2")).toBe(2000);
  });

  it("writes back values of every type as they are", async () => {
    await database().query(
      `create table typed (id bigint primary key, big bigint, exact numeric(30, 10), at timestamptz, day date, doc jsonb, list int[], words text[], raw bytea, flag boolean, short varchar(5), span interval)`,
    );
    await database().query(
      `insert into typed select g, 9007199254740993, 12345678901234567890.0123456789, '2021-01-01 00:00:00.123456+00', '2021-02-03', '{"a": [1, "\\"x"]}', '{1,NULL,3}', '{"a,b","c\\"d",NULL}', '\\x00ff', true, 'ab\\c', '1 day 02:03:04.5' from generate_series(1, 20) g`,
    );
    await database().query("create table before as select * from typed");
    const { release } = run(database(), {
      table: "typed",
      key: "id",
      each: ({ id: _, ...row }) => row,
    });
    await release.migrateData();
    expect(
      await one(
        database(),
        "select count(*) from ((select * from typed except select * from before) union all (select * from before except select * from typed)) x",
      ),
    ).toBe(0);
  });

  it("text that is too long for its column is a failed row, and is not cut", async () => {
    await database().query("create table short (id bigint primary key, name varchar(3))");
    await database().query("insert into short select g, 'abc' from generate_series(1, 10) g");
    const { release } = run(database(), {
      ...{ table: "short", key: "id" },
      each: (row) => ({ name: row.id === "4" ? "abcd" : "xyz" }),
    });
    const failed = await refusal(release.migrateData());
    expect(failed.message).toBe("repo main: 1_change failed: 1 row could not be changed");
    expect(await one(database(), "select count(*) from short where name = 'xyz'")).toBe(9);
  });
});

describeOn(["sqlite"], (database) => {
  it("refuses a primary key that is NULL in a row, and takes it when there is none", async () => {
    await database().query("create table tags (a text, b integer, n integer, primary key (a, b))");
    await database().query("insert into tags values ('x', 1, 0), ('y', null, 0), (null, 2, 0)");
    const { release } = run(database(), { table: "tags", key: ["a", "b"], set: { n: 1 } });
    expect((await refusal(release.migrateData())).message).toBe(
      "repo main: 1_change cannot run: tags: a row has NULL as a, b, and would not be visited",
    );
    await database().query("delete from tags where a is null or b is null");
    await release.migrateData();
    expect(await database().query("select * from tags")).toEqual([{ a: "x", b: 1, n: 1 }]);
  });

  it("cuts whole numbers evenly, and takes a key that is none", async () => {
    await database().query("create table loose (id integer not null unique, n integer)");
    await database().query(
      "insert into loose with recursive s(g) as (select 1 union all select g + 1 from s where g < 25000) select g, 0 from s",
    );
    const { release } = run(database(), { table: "loose", key: "id", set: { n: sql`n + 1` } });
    await release.migrateData();
    const cuts = await database().query("select count(*) as it from slipway_backfill_ranges");
    expect(cuts).toEqual([{ it: 16 }]);
    expect(await one(database(), "select count(*) from loose where n = 1")).toBe(25_000);
    await database().query("delete from loose where id > 10");
    await database().query("insert into loose values ('it''s', 0)");
    const again = defineBackfill({ table: "loose", key: "id", set: { n: sql`n + 1` } });
    await releaseOn(database(), {}, { dataMigrations: { "2_again": again } }).release.migrateData();
    expect(await one(database(), "select count(*) from loose where n = 2")).toBe(10);
    expect(await one(database(), "select n from loose where id = 'it''s'")).toBe(1);
  });
});
