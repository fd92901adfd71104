/** A `migrate` that fails before anything ran leaves no table of Slipway's behind. */
import { defineMigration, defineRelease, isReleaseError, type MigrationsOption } from "slipway";
import { afterEach, describe, expect, it } from "vitest";
import { databaseKinds, type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const posts = "create table posts (id integer);";

const refused: readonly (readonly [string, MigrationsOption, object])[] = [
  ["a file that is no migration", { "1_posts": posts, "2_none": {} as never }, {}],
  ["no way up", { "1_posts": defineMigration({ down: () => undefined } as never) }, {}],
  ["an order that is not strict", { "2_b": posts, "1_a": posts }, { step: 0 }],
  ["what does nothing, with strict", { "1_a": defineMigration({ change() {} }) }, { strict: true }],
  [
    "data that is missing",
    {
      "1_a": defineMigration({
        requires: { data: 5 },
        change: (m) => m.createTable("a", (t) => t.id()),
      }),
    },
    {},
  ],
  [
    "what throws while it is recorded",
    {
      "1_a": defineMigration({
        change() {
          throw new Error("no");
        },
      }),
    },
    {},
  ],
];

describe.each(databaseKinds)("on %s", (kind) => {
  let database: TestDatabase;
  afterEach(() => database.dispose());

  const tables =
    kind === "sqlite"
      ? "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
      : "select tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')";

  it.each(refused)("%s", async (_, migrations, options) => {
    database = await testDatabase(kind);
    const release = defineRelease({
      app: "app",
      repos: { main: { adapter: database.adapter, migrations } },
    }).using(recorder().world);
    const error = await release.migrate(options).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    expect(isReleaseError(error)).toBe(true);
    expect(await database.query(tables)).toEqual([]);
  });

  it.each([true, false])(
    "a statement that fails leaves the tables that tell of it, and no other (transaction: %s)",
    async (transaction) => {
      database = await testDatabase(kind);
      const wrong = `-- slipway: transaction=${transaction}\n-- migrate:up\ninsert into nowhere values (1);\n`;
      const release = defineRelease({
        app: "app",
        repos: { main: { adapter: database.adapter, migrations: { "1_wrong": wrong } } },
      }).using(recorder().world);
      await expect(release.migrate()).rejects.toMatchObject({ code: "migration_failed" });
      const left = (await database.query(tables)).map(({ name }) => String(name));
      expect(left.toSorted()).toEqual([
        "schema_migrations",
        "slipway_events",
        ...(transaction ? [] : ["slipway_journal"]),
        "slipway_lock",
      ]);
      const [status] = await release.migrationStatus();
      expect(status?.migrations).toMatchObject([
        { status: "down", failed: { result: "failed", reason: expect.stringMatching(/nowhere/) } },
      ]);
      const rows = await database.query("select count(*) as count from schema_migrations");
      expect(Number(rows[0]?.count)).toBe(0);
    },
  );

  it("a signal that comes before the first migration", async () => {
    database = await testDatabase(kind);
    const stop = new AbortController();
    const release = defineRelease({
      app: "app",
      repos: { main: { adapter: database.adapter, migrations: { "1_posts": posts } } },
    }).using({ ...recorder().world, signal: stop.signal });
    stop.abort("SIGTERM");
    await expect(release.migrate()).rejects.toMatchObject({ code: "interrupted" });
    expect(await database.query(tables)).toEqual([]);
  });

  it("a lock that another run holds", async () => {
    database = await testDatabase(kind);
    const holder = await database.adapter.open({ role: "lock", application: "other" });
    try {
      const { lease } = await holder.tryLock("slipway:.schema_migrations");
      expect(lease).toBeDefined();
      const before = await database.query(tables);
      const release = defineRelease({
        app: "app",
        repos: { main: { adapter: database.adapter, migrations: { "1_posts": posts } } },
      }).using(recorder().world);
      await expect(release.migrate({ lockWaitMs: 0 })).rejects.toMatchObject({ code: "lock_held" });
      expect(await database.query(tables)).toEqual(before);
    } finally {
      await holder.close();
    }
  });
});
