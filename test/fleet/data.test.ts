/** Data migrations of tenants that have a schema each: all of them, once, with one table of progress. */
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
import { addTenants, dropSchemas, firstTwo, fleetRelease } from "./support.ts";

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

const fill = defineBackfill({
  table: "posts",
  key: "id",
  set: { body: sql`upper(title) || (SELECT count(*) FROM posts)::text` },
  batchSize: 2,
});
const plainOne = defineMigration({
  up: (m) => m.execute("UPDATE posts SET title = title || '!'"),
  down: () => undefined,
});
const withCode = defineMigration({
  up: (m) =>
    m.run(async (db) => {
      await db.query("INSERT INTO posts (title) VALUES ('code')");
    }),
  down: () => undefined,
});
const data: MigrationsOption = { "20_fill": fill, "21_mark": plainOne, "22_code": withCode };

describe.each(["pglite", "postgres"] as const)("data migrations of tenants, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
    await database.query(dropSchemas);
  });
  afterEach(() => database.dispose());

  const releaseOf = (migrations: MigrationsOption = data, more: Partial<RepoConfig> = {}) =>
    fleetRelease(database, firstTwo, { tenantDataMigrations: migrations, ...more });
  const tenantsAre = async (...names: readonly string[]) => {
    await addTenants((text) => database.query(text), names);
    await releaseOf().release.migrate();
    for (const name of names)
      await database.query(`INSERT INTO ${quoted(name)}.posts (title) VALUES ('a'), ('b'), ('c')`);
  };
  const bodies = async (name: string) => {
    const rows = await database.query(
      `SELECT title || ':' || coalesce(body, '') AS it FROM ${quoted(name)}.posts ORDER BY id`,
    );
    return rows.map(({ it }) => it);
  };
  const filled = ["a!:A3", "b!:B3", "c!:C3", "code:"];
  const stateSql =
    "SELECT history, version::int AS version, state FROM slipway_backfills WHERE history LIKE 'data\\_migrations/%' ORDER BY 1, 2";

  it("does each once, in order, with names of the tenant's schema; whoever has all has nothing to do", async () => {
    await tenantsAre("acme", "bolt", 'we"ird Ünit');
    const { release, heard } = releaseOf();
    const [outcome] = await release.migrateData();
    expect(outcome?.tenants).toEqual({ tenants: 3, migrated: 3, failed: [], quarantined: 0 });
    for (const name of ["acme", "bolt", 'we"ird Ünit']) expect(await bodies(name)).toEqual(filled);
    const states = await database.query(stateSql);
    expect(states).toHaveLength(3 * 3 + 3);
    expect(states.filter(({ state }) => state !== "finished")).toEqual([]);
    expect(heard.events.filter(({ type }) => type.startsWith("backfill_"))).toEqual([]);
    const [again] = await releaseOf().release.migrateData();
    expect(again?.tenants?.migrated).toBe(0);
    expect(await bodies("acme")).toEqual(filled);
  });

  it("lists the backfills of each tenant, or of one, beside the sum of all", async () => {
    await tenantsAre("acme", "bolt");
    const { release } = releaseOf();
    await release.migrateData();
    const [sum] = await release.backfills.list();
    expect(sum).toMatchObject({ version: "20", rowsChanged: 6, tenants: { finished: 2 } });
    const listed = await release.backfills.list({ tenants: true });
    const fills = listed.filter(({ version }) => version === "20");
    expect(fills).toMatchObject([
      { tenant: "acme", name: "fill", state: "finished", rowsChanged: 3, rowsDead: 0 },
      { tenant: "bolt", name: "fill", state: "finished", rowsChanged: 3, rowsDead: 0 },
    ]);
    const own = await release.backfills.list({ tenant: "bolt" });
    expect(own.map(({ tenant, version }) => [tenant, version])).toEqual([
      ["bolt", "20"],
      ["bolt", "21"],
      ["bolt", "22"],
    ]);
  });

  it("does it to one that comes later, and only to those that are named", async () => {
    await tenantsAre("acme", "bolt");
    const [one] = await releaseOf().release.migrateData({ tenants: { names: ["bolt"] } });
    expect(one?.tenants?.migrated).toBe(1);
    expect(await bodies("acme")).toEqual(["a:", "b:", "c:"]);
    expect(await bodies("bolt")).toEqual(filled);
    await tenantsAre("core");
    const [rest] = await releaseOf().release.migrateData();
    expect(rest?.tenants?.migrated).toBe(2);
    for (const name of ["acme", "bolt", "core"]) expect(await bodies(name)).toEqual(filled);
    const { release } = releaseOf();
    const unknown = await failing(release.migrateData({ tenants: { names: ["nobody"] } }));
    expect(unknown.code).toBe("tenants_unknown");
    expect((await release.migrateData({ tenants: false }))[0]).not.toHaveProperty("tenants");
  });

  it("one that fails stays as it is, the others are done, and the next run does it", async () => {
    await tenantsAre("acme", "bolt", "core");
    await database.query("ALTER TABLE bolt.posts RENAME COLUMN body TO hidden");
    const error = await failing(releaseOf().release.migrateData());
    expect(error.code).toBe("tenants_failed");
    expect(error.exitCode).toBe(6);
    expect(error.message).toContain("1 of 3 tenants failed: bolt at 20_fill");
    expect(error.hint).toContain("slipway migrate-data --repo main");
    expect(await bodies("core")).toEqual(filled);
    await database.query("ALTER TABLE bolt.posts RENAME COLUMN hidden TO body");
    expect((await releaseOf().release.migrateData())[0]?.tenants?.migrated).toBe(1);
    expect(await bodies("bolt")).toEqual(filled);
  });

  it("stops when the time is over, and goes on where it was", async () => {
    await tenantsAre("acme", "bolt");
    const [slice] = await releaseOf({ "20_fill": fill }).release.migrateData({ forMs: 0 });
    expect(slice?.resume).toEqual({ version: "20", name: "fill" });
    await releaseOf().release.migrateData();
    for (const name of ["acme", "bolt"]) expect(await bodies(name)).toEqual(filled);
  });

  it("refuses a snapshot, several transactions and --step, before anything runs", async () => {
    await tenantsAre("acme");
    const wrong = {
      "20_snapshot": defineBackfill({
        ...{ table: "posts", key: "id", set: { body: sql`title` } },
        snapshot: true,
      }),
    };
    const { message } = await failing(releaseOf(wrong).release.migrateData());
    expect(message).toContain("a backfill of tenants cannot keep its keys in a snapshot");
    const stepping = { step: 1, tenants: { only: true } } as const;
    expect((await failing(releaseOf().release.migrateData(stepping))).message).toContain("--step");
    expect(await bodies("acme")).toEqual(["a:", "b:", "c:"]);
    const none = releaseOf(data, { tenants: { schemas: [] } }).release;
    expect((await none.migrateData())[0]?.tenants).toMatchObject({ tenants: 0, migrated: 0 });
    const throwing = releaseOf(data, {
      tenants: {
        schemas: () => {
          throw new Error("no list today");
        },
      },
    }).release;
    expect((await failing(throwing.migrateData())).message).toContain("no list today");
    const twice = releaseOf(data, { tenants: { schemas: ["acme", "acme"] } }).release;
    expect((await failing(twice.migrateData())).code).toBe("tenants_invalid");
  });

  it("pauses, resumes and sets the pace of all tenants and of one; says how far they are", async () => {
    await tenantsAre("acme", "bolt");
    await releaseOf().release.migrateData({ tenants: { names: ["acme"] } });
    const { release } = releaseOf();
    const { backfills } = release;
    const [told] = (await backfills.list()).filter(({ version }) => version === "20");
    expect(told).toMatchObject({ state: "running", rowsChanged: 3, tenants: { finished: 1 } });
    expect(await backfills.show(20, { tenant: "acme" })).toMatchObject({ state: "finished" });
    expect(await backfills.pause(20)).toMatchObject({ state: "paused" });
    const stopped = await failing(release.migrateData());
    expect([stopped.code, await bodies("bolt")]).toEqual(["backfill_stopped", ["a:", "b:", "c:"]]);
    const paced = await backfills.set(20, { batchSize: 1, maxBatchSize: 1 });
    expect(paced.pace).toEqual({ batchSize: 1, maxBatchSize: 1 });
    const [before] = await release.migrationStatus({ data: true });
    expect(before?.tenants?.data?.[0]).toEqual({
      ...{ version: "20", name: "fill", done: 1, begun: 0, failed: 0 },
    });
    expect(await backfills.resume(20)).toMatchObject({ state: "running" });
    expect((await backfills.work(20)).tenants?.migrated).toBe(1);
    expect(await backfills.show(20, { tenant: "bolt" })).toMatchObject({
      ...{ state: "finished", batches: 3, rowsChanged: 3 },
    });
    expect((await failing(backfills.pause(20, { tenant: "nobody" }))).code).toBe(
      "backfill_unknown",
    );
    expect((await failing(backfills.restart(20))).message).toContain("for one that is named");
  });

  it("tries the rows again that failed, of all tenants whose backfill did", async () => {
    await tenantsAre("acme", "bolt");
    const dividing = {
      "20_fill": defineBackfill({
        table: "posts",
        key: "id",
        set: { body: sql`(1 / (id - 2))::text` },
        maxFailures: 0,
        batchSize: 1,
      }),
    };
    const error = await failing(releaseOf(dividing).release.migrateData());
    expect(error.message).toContain("2 of 2 tenants failed: acme at 20_fill");
    expect(error.message).toContain("slipway backfill show 20 --tenant acme");
    for (const name of ["acme", "bolt"])
      await database.query(`UPDATE ${name}.posts SET id = 9 WHERE id = 2`);
    const { backfills } = releaseOf(dividing).release;
    expect(await backfills.list()).toMatchObject([{ rowsDead: 2, tenants: { failed: 2 } }]);
    const one = await backfills.retryDead(20, { tenant: "bolt" });
    expect(one.tenants).toMatchObject({ tenants: 1, migrated: 1 });
    expect((await backfills.retryDead(20)).tenants?.failed).toEqual([]);
    expect(await backfills.list()).toMatchObject([{ rowsDead: 0, tenants: { finished: 2 } }]);
  });
});
