/** A new tenant is at the current version at once, and equal to those that came there step by step. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import {
  addColumn,
  addTenants,
  columnsSql,
  dropSchemas,
  firstTwo,
  fleetRelease,
} from "./support.ts";

describe.each(["pglite", "postgres"] as const)("a new tenant, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
    await database.query(dropSchemas);
    await addTenants((sql) => database.query(sql), ["acme"]);
  });
  afterEach(() => database.dispose());

  const lines = async () => (await database.query(columnsSql)).map(({ line }) => line);
  const all = { ...firstTwo, "12_tags": addColumn("tags") };

  it("has what the others have, and nothing to do", async () => {
    await fleetRelease(database, firstTwo).release.migrate();
    const { release } = fleetRelease(database, all);
    await release.migrate();
    expect(await release.createTenant("main", 'o"neil')).toEqual({
      ...{ repo: "main", tenant: 'o"neil', status: "created" },
    });
    expect(await release.createTenant("main", 'o"neil')).toMatchObject({ status: "already_there" });
    await database.query(`INSERT INTO public.tenants VALUES ('o"neil')`);
    expect(await lines()).toEqual(
      ["acme", 'o"neil'].map((name) => `${name}.posts: id, title, body, tags`),
    );
    expect((await release.migrationStatus())[0]?.tenants?.upToDate).toBe(2);
    expect(await release.migrate()).toMatchObject([{ tenants: { tenants: 2, migrated: 0 } }]);
  });

  it("is made before anything else is, and leaves nothing where it fails", async () => {
    const { release } = fleetRelease(database, all);
    expect(await release.createTenant("main", "bolt")).toMatchObject({ status: "created" });
    const broken = fleetRelease(database, { ...all, "13_again": addColumn("tags") });
    const error = await broken.release.createTenant("main", "core").catch((reason) => reason);
    expect(error).toMatchObject({
      code: "tenants_failed",
      details: { failed: [{ version: "13" }] },
    });
    expect(await lines()).toEqual(["bolt.posts: id, title, body, tags"]);
  });

  it("is gone with its history when it is dropped", async () => {
    const { release } = fleetRelease(database, all);
    await release.createTenant("main", "bolt");
    expect(await release.dropTenant("main", "bolt")).toMatchObject({ status: "dropped" });
    expect(await release.dropTenant("main", "bolt")).toMatchObject({ status: "already_gone" });
    expect(await lines()).toEqual([]);
    expect(await release.createTenant("main", "bolt")).toMatchObject({ status: "created" });
    expect(await lines()).toEqual(["bolt.posts: id, title, body, tags"]);
  });

  it("is not migrated twice while all are", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `extra_${i}`);
    const { release } = fleetRelease(database, all);
    await release.migrate();
    await addTenants((sql) => database.query(sql), names);
    await Promise.all([
      fleetRelease(database, all).release.migrate(),
      ...(kind === "postgres" ? names.map((name) => release.createTenant("main", name)) : []),
    ]);
    expect(await lines()).toHaveLength(13);
    expect(
      await database.query("SELECT count(*)::int AS rows FROM slipway_tenant_migrations"),
    ).toEqual([{ rows: 39 }]);
  });
});
