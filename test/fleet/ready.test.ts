/** A release that waits to start waits for its tenants too. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { defineMigration } from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { addColumn, addTenants, dropSchemas, firstTwo, fleetRelease } from "./support.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase("pglite");
  await database.query(dropSchemas);
  await database.query("DROP TABLE IF EXISTS public.tenants");
});
afterEach(() => database.dispose());

const third = { ...firstTwo, "12_tags": addColumn("tags") };
const add = (...names: readonly string[]) => addTenants((sql) => database.query(sql), names);

it("until each has what runs before a deploy, and no longer", async () => {
  const { release } = fleetRelease(database, firstTwo);
  // The table that lists them is not there yet.
  await expect(release.assertMigrated()).rejects.toThrow("main (1)");
  await release.migrate();
  await release.assertMigrated();
  await add("acme", "bolt");
  await expect(release.assertMigrated()).rejects.toThrow("main (10, 11)");
  await release.assertMigrated({ tenants: false });
  await release.migrate();
  expect(await release.wait()).toMatchObject([
    { ready: true, tenants: { tenants: 2, behind: 0, quarantined: 0 } },
  ]);
  const later = defineMigration({
    phase: "after",
    change: (m) => m.alterTable("posts", (t) => t.add("late", "text")),
  });
  const newer = fleetRelease(database, { ...third, "13_late": later }).release;
  await newer.migrate({ tenants: { names: ["acme"] } });
  const waited = await newer.wait({ timeoutMs: 0 }).catch((error: unknown) => error);
  expect(waited).toMatchObject({ code: "wait_timed_out", exitCode: 3 });
  expect(String(waited)).toContain("repo main waits for 12_tags, with 1 tenant behind");
  await newer.migrate({ phase: "before" });
  expect(await newer.wait({ timeoutMs: 0 })).toMatchObject([
    { ready: true, later: [{ version: "13" }], tenants: { behind: 0 } },
  ]);
});

it("but not for one that is left alone; and a probe asks of tenants only when it is told to", async () => {
  await add("acme", "bolt");
  await fleetRelease(database, firstTwo).release.migrate();
  await database.query("ALTER TABLE bolt.posts ADD COLUMN tags text");
  const { release } = fleetRelease(database, third);
  await expect(release.migrate()).rejects.toThrow("1 of 2 tenants failed");
  expect(await release.wait()).toMatchObject([{ ready: true, tenants: { quarantined: 1 } }]);
  await add("core");
  expect(await release.readiness()).toMatchObject([{ ready: true, pending: [] }]);
  expect((await release.readiness())[0]).not.toHaveProperty("tenants");
  expect(await release.readiness({ tenants: true })).toMatchObject([
    { ready: false, tenants: { behind: 1 } },
  ]);
});

it("and does not work where a tenant has what it does not know", async () => {
  await add("acme");
  const gone = defineMigration({
    phase: "after",
    change: (m) => m.alterTable("posts", (t) => t.remove("body")),
  });
  await fleetRelease(database, { ...firstTwo, "12_gone": gone }).release.migrate();
  const { release } = fleetRelease(database, firstTwo);
  await expect(release.assertMigrated()).rejects.toMatchObject({ code: "release_outdated" });
  await release.assertMigrated({ allowNewer: true });
});
