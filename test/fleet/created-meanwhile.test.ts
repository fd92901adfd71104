/** Tenants that come while a run goes on: made by this release, by the one before it, or by hand. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { defineMigration } from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import {
  addColumn,
  addTenants,
  columnsSql,
  dropSchemas,
  firstTwo,
  fleetRelease,
} from "./support.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase("postgres");
  await database.query(dropSchemas);
});
afterEach(() => database.dispose());

it("are neither missed nor migrated twice", async () => {
  const names = Array.from({ length: 20 }, (_, i) => `t${10 + i}`);
  await addTenants((sql) => database.query(sql), names);
  const list = (name: string) => database.query(`INSERT INTO public.tenants VALUES ('${name}')`);
  let seen = 0;
  const meanwhile = async () => {
    seen += 1;
    const turn = seen;
    if (turn === 3) {
      expect(await newer.createTenant("main", "by_newer")).toMatchObject({ status: "created" });
      await list("by_newer");
    }
    if (turn === 6) {
      expect(await older.createTenant("main", "by_older")).toMatchObject({ status: "created" });
      await list("by_older");
    }
    if (turn === 9) await addTenants((sql) => database.query(sql), ["by_hand"]);
  };
  const slow = defineMigration({
    up: (m) => {
      m.execute("ALTER TABLE posts ADD COLUMN tags text");
      m.run(meanwhile);
    },
    down: (m) => m.execute("ALTER TABLE posts DROP COLUMN tags"),
  });
  const older = fleetRelease(database, firstTwo).release;
  const newer = fleetRelease(database, { ...firstTwo, "12_tags": addColumn("tags") }).release;
  await older.migrate();
  const run = fleetRelease(database, { ...firstTwo, "12_tags": slow });
  const [outcome] = await run.release.migrate({ allowEdited: true, tenants: { concurrency: 3 } });
  // Those that were there, the one that the older release made, and the one that was made by hand.
  expect(outcome?.tenants).toMatchObject({ migrated: 22, failed: [], quarantined: 0 });
  const all = ["by_hand", "by_newer", "by_older", ...names];
  expect((await database.query(columnsSql)).map(({ line }) => line)).toEqual(
    all.map((name) => `${name}.posts: id, title, body, tags`),
  );
  expect(
    await database.query(
      "SELECT count(*)::int AS rows, count(DISTINCT tenant)::int AS tenants FROM slipway_tenant_migrations",
    ),
  ).toEqual([{ rows: 69, tenants: 23 }]);
  expect((await newer.migrationStatus())[0]?.tenants).toMatchObject({ tenants: 23, upToDate: 23 });
});
