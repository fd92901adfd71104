/** A migration of tenants that was edited after it ran is not passed over. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { defineMigration, type MigrationsOption } from "../../src/index.ts";
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
  database = await testDatabase("pglite");
  await database.query(dropSchemas);
  await addTenants((sql) => database.query(sql), ["acme", "bolt"]);
  await fleetRelease(database, firstTwo).release.migrate();
});
afterEach(() => database.dispose());

const edited: MigrationsOption = {
  ...firstTwo,
  "11_body": defineMigration({
    change: (m) => m.alterTable("posts", (t) => t.add("corpus", "text")),
  }),
  "12_tags": addColumn("tags"),
};

it("is refused with what ran and what the file says, before anything runs", async () => {
  const before = await database.query(columnsSql);
  await expect(fleetRelease(database, edited).release.migrate()).rejects.toMatchObject({
    code: "migration_edited",
    exitCode: 4,
    details: {
      version: "11",
      diff: [expect.stringMatching(/^- .*body/), expect.stringMatching(/^\+ .*corpus/)],
    },
  });
  expect(await database.query(columnsSql)).toEqual(before);
});

it("is told where that is allowed, and when nothing is to run nobody looks", async () => {
  const { release, heard } = fleetRelease(database, edited);
  expect(await release.migrate({ allowEdited: true })).toMatchObject([
    { tenants: { migrated: 2 } },
  ]);
  expect(heard.lines.join("\n")).toMatch(/11_body|migration 11/);
  expect(await fleetRelease(database, edited).release.migrate()).toMatchObject([
    { tenants: { migrated: 0 } },
  ]);
});

it("keeps nobody on whom it never ran", async () => {
  await addTenants((sql) => database.query(sql), ["core"]);
  await database.query("DELETE FROM public.tenants WHERE name <> 'core'");
  expect(await fleetRelease(database, edited).release.migrate()).toMatchObject([
    { tenants: { tenants: 1, migrated: 1 } },
  ]);
});
