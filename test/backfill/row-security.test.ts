/** Row level security: a role from which rows are hidden is refused, and never told that all is done. */
import { expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineBackfill, defineMigration, sql } from "../../src/index.ts";
import type { MigrationMap } from "../../src/release/config.ts";
import { sleep } from "../../src/release/sleep.ts";
import { describeOn, refusal, releaseOn } from "../conformance/support/release.ts";
import type { TestDatabase } from "../support/databases.ts";

type Definition = Parameters<typeof defineBackfill>[0];

/** Rows of two tenants, of which the role `tenant` sees one; it may do anything else. */
async function make(database: TestDatabase): Promise<void> {
  const sqls = [
    "do $$ begin create role tenant login password 'tenant'; exception when duplicate_object then null; end $$",
    "grant all on schema public to tenant",
    "create table posts (id int primary key, tenant int not null, n int not null default 0)",
    "insert into posts select g, g % 2 from generate_series(1, 40) g",
    "create table plain (id int primary key, n int not null default 0)",
    "insert into plain select g from generate_series(1, 40) g",
    "grant all on posts, plain to tenant",
    "alter table posts enable row level security",
    "create policy own on posts using (tenant = 1)",
  ];
  for (const one of sqls) await database.query(one);
}

describeOn(["postgres"], (database) => {
  function asTenant(dataMigrations: MigrationMap) {
    const { host, pathname } = new URL(database().adapter.describe());
    const url = `postgres://tenant:tenant@${host}${pathname}`;
    return releaseOn({ adapter: postgres({ url }) }, {}, { dataMigrations }).release;
  }

  const changed = async () => {
    const [row] = await database().query(
      "select count(*) filter (where n <> 0)::int as n from posts",
    );
    return row?.n;
  };

  const modes: readonly [string, Definition][] = [
    ["set", { table: "posts", key: "id", set: { n: sql`n + 1` } }],
    ["each", { table: "posts", key: "id", each: (row) => ({ n: Number(row.n) + 1 }) }],
    ["effect", { table: "posts", key: "id", effect: async () => ({ n: 1 }) }],
    ["a snapshot", { table: "posts", key: "id", snapshot: true, set: { n: sql`n + 1` } }],
    [
      "insert",
      {
        table: "plain",
        key: "id",
        insert: { into: "posts", columns: { id: sql`id + 100`, tenant: 1 } },
      },
    ],
    [
      "a condition",
      { table: "plain", key: "id", where: sql`id in (select id from posts)`, set: { n: 1 } },
    ],
    [
      "verify",
      { table: "plain", key: "id", set: { n: 1 }, verify: sql`select 1 from posts where n < 0` },
    ],
  ];

  it.each(modes)("refuses %s before anything ran", async (_, definition) => {
    await make(database());
    const release = asTenant({ "1_all": defineBackfill(definition) });
    const refused = await refusal(release.migrateData());
    expect([refused.code, refused.exitCode]).toEqual(["rows_hidden", 4]);
    expect(refused.message).toContain('"posts"');
    expect(refused.hint).toContain("BYPASSRLS");
    expect([await changed(), await database().tables()]).toEqual([0, ["plain", "posts"]]);
  });

  it("changes what the role sees when that is meant", async () => {
    await make(database());
    const [[, set]] = modes as [[string, Definition]];
    await asTenant({ "1_all": defineBackfill({ ...set, rowSecurity: "as-role" }) }).migrateData();
    expect(await changed()).toBe(20);
  });

  it("refuses a policy that comes in the middle of the run", async () => {
    await make(database());
    await database().query("alter table posts disable row level security");
    const pauseMs = 5;
    const each = (row: Readonly<Record<string, unknown>>) => ({ n: Number(row.n) + 1 });
    const backfill = defineBackfill({
      table: "posts",
      key: "id",
      each,
      batchSize: 5,
      maxBatchSize: 5,
      parallel: 1,
      pauseMs,
    });
    let isOn = false;
    const release = asTenant({ "1_all": backfill }).using({
      async sleep(ms, signal) {
        if (ms > pauseMs || isOn) return sleep(ms, signal);
        isOn = true;
        return void (await database().query("alter table posts enable row level security"));
      },
    });
    const stopped = await refusal(release.migrateData());
    expect([stopped.code, isOn]).toEqual(["backfill_failed", true]);
    expect(stopped.message).toContain("row-level security");
    await database().query("alter table posts disable row level security");
    await release.backfills.resume(1);
    await release.migrateData();
    expect(await changed()).toBe(40);
  });

  const update = "update posts set n = 1";
  const data: readonly [string, MigrationMap][] = [
    ["SQL", { "1_all": defineMigration({ up: (m) => m.execute(update) }) }],
    ["code", { "1_all": defineMigration({ up: (m) => m.run((db) => db.execute(update)) }) }],
  ];

  it.each(data)("refuses a data migration of %s, whole", async (_, migrations) => {
    await make(database());
    const refused = await refusal(asTenant(migrations).migrateData());
    expect([refused.code, await changed()]).toEqual(["rows_hidden", 0]);
  });

  it("runs a data migration that says that it means it", async () => {
    await make(database());
    const up = (m: { execute(sql: string): void }) => {
      m.execute("set local row_security = on");
      m.execute(update);
    };
    await asTenant({ "1_all": defineMigration({ up }) }).migrateData();
    expect(await changed()).toBe(20);
  });
});
