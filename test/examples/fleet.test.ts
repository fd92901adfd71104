/** The example with 300 tenants: migrated, looked at, one of them back and forth, and a new one. */
import { afterAll, expect, it } from "vitest";
import { pglite } from "../../src/adapters/pglite/index.ts";
import { openPglite } from "../support/pglite.ts";

const client = await openPglite();
afterAll(() => client.close());

it("has 300 tenants in a schema each", async () => {
  const { Release } = await import("../../examples/fleet/release.ts");
  const release = Release.using({
    ...{ adapters: { main: pglite({ client }) }, emit: () => undefined, write: () => undefined },
  });
  await release.migrate();
  await client.exec(
    "DO $$ BEGIN FOR i IN 1..300 LOOP EXECUTE format('CREATE SCHEMA tenant_%s', i); INSERT INTO tenants VALUES (format('tenant_%s', i)); END LOOP; END $$",
  );
  expect(await release.migrate()).toMatchObject([{ tenants: { tenants: 300, migrated: 300 } }]);
  const { rows } = await client.query(
    "SELECT count(*)::int AS columns FROM information_schema.columns WHERE table_schema LIKE 'tenant%' AND column_name = 'body'",
  );
  expect(rows).toEqual([{ columns: 300 }]);
  await release.rollback("main", 20261101090200, { tenants: ["tenant_7"] });
  expect((await release.migrationStatus())[0]?.tenants).toMatchObject({
    ...{ tenants: 300, upToDate: 299, behind: 1, oldest: "20261101090100" },
  });
  expect(await release.migrate()).toMatchObject([{ tenants: { migrated: 1 } }]);
  expect(await release.createTenant("main", "tenant_301")).toMatchObject({ status: "created" });
});
