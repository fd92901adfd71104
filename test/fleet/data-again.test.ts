/** Data migrations of tenants where something comes between: a lost connection, a tenant made anew, code that commits. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  defineBackfill,
  defineMigration,
  type MigrationsOption,
  type RepoConfig,
  sql,
} from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { failing } from "./places-support.ts";
import { addTenants, firstTwo, fleetRelease } from "./support.ts";

const fill = defineBackfill({ table: "posts", key: "id", set: { body: sql`upper(title)` } });
const mark = defineMigration({
  up: (m) => m.execute("UPDATE posts SET title = title || '!'"),
  down: () => undefined,
});
const data: MigrationsOption = { "20_fill": fill, "21_mark": mark };

describe("data migrations of tenants where something comes between", () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase("postgres");
    await addTenants((text) => database.query(text), ["acme", "bolt"]);
    await releaseOf().migrate();
    for (const name of ["acme", "bolt"]) await write(name);
  });
  afterEach(() => database.dispose());

  const releaseOf = (migrations: MigrationsOption = data, more: Partial<RepoConfig> = {}) =>
    fleetRelease(database, firstTwo, { tenantDataMigrations: migrations, ...more }).release;
  const write = (name: string) =>
    database.query(`INSERT INTO ${name}.posts (title) VALUES ('a'), ('b')`);
  const posts = async (name: string) => {
    const rows = await database.query(
      `SELECT title || ':' || coalesce(body, '') AS it FROM ${name}.posts ORDER BY id`,
    );
    return rows.map(({ it }) => it);
  };
  const states = async () =>
    (await releaseOf().backfills.list()).map(({ version, state }) => `${version} ${state}`);

  it("a tenant that is dropped and made again gets them again", async () => {
    await releaseOf().migrateData();
    await releaseOf().dropTenant("main", "acme");
    expect(await releaseOf().backfills.list()).toMatchObject([
      { tenants: { finished: 1 }, rowsChanged: 2 },
      { tenants: { finished: 1 } },
    ]);
    await releaseOf().createTenant("main", "acme");
    await write("acme");
    expect((await releaseOf().migrateData())[0]?.tenants?.migrated).toBe(1);
    expect(await posts("acme")).toEqual(["a!:A", "b!:B"]);
    expect(await posts("bolt")).toEqual(["a!:A", "b!:B"]);
  });

  it("a schema that was dropped by hand is not already there", async () => {
    await database.query("DROP SCHEMA acme CASCADE");
    const { message } = await failing(releaseOf().createTenant("main", "acme"));
    expect(message).toContain("its schema is not there, but its history is");
    expect(message).toContain("slipway tenant drop main acme");
    await releaseOf().dropTenant("main", "acme");
    expect(await releaseOf().createTenant("main", "acme")).toMatchObject({ status: "created" });
  });

  it("is finished where all got it by their names", async () => {
    for (const name of ["acme", "bolt"])
      await releaseOf().migrateData({ tenants: { names: [name] } });
    expect(await states()).toEqual(["20 running", "21 running"]);
    await releaseOf().migrateData();
    expect(await states()).toEqual(["20 finished", "21 finished"]);
  });

  it("a lost connection costs nothing; a tenant that always loses it fails alone", async () => {
    let losses = 1;
    const losing = {
      "20_code": defineMigration({
        up: (m) =>
          m.run(async (db) => {
            const [{ tenant } = {}] = await db.query("SELECT current_schema()::text AS tenant");
            await db.query("INSERT INTO posts (title) VALUES ('code')");
            if (tenant !== "acme" || losses === 0) return;
            losses -= 1;
            await db.query("SELECT pg_terminate_backend(pg_backend_pid())");
          }),
        down: () => undefined,
      }),
    };
    expect((await releaseOf(losing).migrateData())[0]?.tenants?.migrated).toBe(2);
    expect(losses).toBe(0);
    for (const name of ["acme", "bolt"]) expect(await posts(name)).toEqual(["a:", "b:", "code:"]);
    losses = 100;
    const again = { "22_code": losing["20_code"] };
    const error = await failing(releaseOf(again).migrateData({ tenants: { concurrency: 1 } }));
    expect(error.message).toContain("1 of 2 tenants failed: acme at 22_code");
    expect(losses).toBe(97);
    expect(await posts("acme")).toEqual(["a:", "b:", "code:"]);
    expect(await posts("bolt")).toEqual(["a:", "b:", "code:", "code:"]);
  });

  it("is not done where its code ends the transaction and fails behind that", async () => {
    const commits = (then: string) => ({
      "20_code": defineMigration({
        up: (m) =>
          m.run(async (db) => {
            await db.query("COMMIT");
            await db.query(then);
          }),
        down: () => undefined,
      }),
    });
    for (const then of ["SELECT nothing_there()", "SELECT 1", "BEGIN"])
      expect((await failing(releaseOf(commits(then)).migrateData())).code).toBe("tenants_failed");
    const [status] = await releaseOf(commits("")).migrationStatus({ data: true });
    expect(status?.tenants?.data).toMatchObject([{ done: 0, begun: 2 }]);
    expect((await releaseOf({ "20_code": mark }).migrateData())[0]?.tenants?.migrated).toBe(2);
    expect(await posts("acme")).toEqual(["a!:", "b!:"]);
  });

  it("a backfill that has begun and is no backfill any more is refused, until somebody accepts that", async () => {
    const dividing = defineBackfill({
      ...{ table: "posts", key: "id", set: { body: sql`(1 / (id - 2))::text` } },
      ...{ maxFailures: 0, batchSize: 1 },
    });
    await failing(releaseOf({ "20_fill": dividing }).migrateData());
    const now = releaseOf({ "20_fill": mark });
    expect((await failing(now.migrateData())).code).toBe("backfill_changed");
    expect((await now.migrateData({ acceptChanged: true }))[0]?.tenants?.migrated).toBe(2);
    expect(await posts("acme")).toEqual(["a!:-1", "b!:"]);
  });

  it("a pause reaches a tenant that begins meanwhile", async () => {
    const noRows = defineMigration({ up: (m) => m.execute("SELECT 1"), down: () => undefined });
    await releaseOf({ "19_ledger": noRows }).migrateData();
    // The pause comes behind the look at what all are told, with the tenant's own row.
    await database.query(`CREATE FUNCTION pauses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      UPDATE public.slipway_backfills SET state = 'paused' WHERE history = 'data_migrations/' AND version = 20; RETURN NEW; END $$;
      CREATE TRIGGER pauses AFTER INSERT ON slipway_backfills FOR EACH ROW WHEN (NEW.history LIKE 'data_migrations/_%') EXECUTE FUNCTION pauses()`);
    const error = await failing(releaseOf({ "20_fill": fill }).migrateData());
    expect(error.code).toBe("backfill_stopped");
    expect(await posts("acme")).toEqual(["a:", "b:"]);
    await releaseOf().backfills.resume(20);
    await database.query("DROP TRIGGER pauses ON slipway_backfills");
    await releaseOf({ "20_fill": fill }).migrateData();
    for (const name of ["acme", "bolt"]) expect(await posts(name)).toEqual(["a:A", "b:B"]);
  });

  it("names of tenants are never passed over", async () => {
    const besides = { to: 20, tenants: { names: ["acme"] } } as const;
    const release = releaseOf();
    for (const run of [
      () => release.migrateData(besides),
      () => release.migrate({ step: 1, tenants: { canary: ["acme"] } }),
      () => release.plan({ step: 1, tenants: { names: ["nobody"] } }),
    ])
      expect((await failing(run())).hint).toContain("--tenants-only");
    const only = { ...besides, tenants: { ...besides.tenants, only: true } };
    expect((await release.migrateData(only))[0]?.tenants?.migrated).toBe(1);
    expect(await posts("acme")).toEqual(["a:A", "b:B"]);
    await database.query("CREATE TABLE public.everybody (id bigint PRIMARY KEY, body text)");
    await database.query("INSERT INTO public.everybody VALUES (1)");
    const ofAll = { ...{ table: "everybody", key: "id" }, set: { body: sql`'x'` } };
    const both = releaseOf(data, { dataMigrations: { "19_all": defineBackfill(ofAll) } });
    const error = await failing(both.backfills.work(19, { tenant: "acme" }));
    expect(error.code).toBe("backfill_unknown");
    expect(await database.query("SELECT body FROM public.everybody")).toEqual([{ body: null }]);
    expect((await both.backfills.work(21, { tenant: "acme" })).tenants?.migrated).toBe(1);
    expect(await posts("bolt")).toEqual(["a:", "b:"]);
  });

  it("migrate says that they are pending, and plan --data what they are", async () => {
    await releaseOf().migrateData({ tenants: { names: ["acme"] } });
    const { release, heard } = fleetRelease(database, firstTwo, { tenantDataMigrations: data });
    await release.migrate();
    expect(heard.events.filter(({ type }) => type === "warning")).toMatchObject([
      { code: "data_pending", details: { count: 2 } },
    ]);
    const [plan] = await release.plan({ data: true });
    expect(plan?.tenants).toMatchObject({ tenants: 2, behind: 1, counts: { 20: 1, 21: 1 } });
    expect(plan?.tenants?.steps.map(({ file }) => file.name)).toEqual(["fill", "mark"]);
    const [named] = await release.plan({ data: true, tenants: { names: ["acme"] } });
    expect(named?.tenants).toMatchObject({ tenants: 1, behind: 0, steps: [] });
    const nobody = release.plan({ data: true, tenants: { names: ["nobody"] } });
    expect((await failing(nobody)).code).toBe("tenants_unknown");
    await release.migrateData();
    const after = fleetRelease(database, firstTwo, { tenantDataMigrations: data });
    await after.release.migrate();
    expect(after.heard.events.filter(({ type }) => type === "warning")).toEqual([]);
    expect((await release.plan({ data: true }))[0]?.tenants).toMatchObject({ behind: 0 });
  });
});
