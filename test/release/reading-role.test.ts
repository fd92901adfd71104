/** A role that may read the history and nothing else of Slipway's looks, and is refused by name where that is not enough. */
import { defineRelease } from "slipway";
import { postgres } from "slipway/postgres";
import { expect, it } from "vitest";
import { testDatabase } from "../support/databases.ts";

it("with SELECT on the history alone", async () => {
  const { adapter, query, dispose } = await testDatabase("postgres");
  await query(
    "DO $$ BEGIN CREATE ROLE history_reader LOGIN PASSWORD 'x'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
  );
  const address = /@?([^@/]+)\/(\w+)$/.exec(adapter.describe())!;
  const url = `postgres://history_reader:x@${address[1]}/${address[2]}`;
  const as = (given: typeof adapter) =>
    defineRelease({
      app: "blog",
      repos: { main: { adapter: given, migrations: { "1_a": "CREATE TABLE a (id int);" } } },
    }).using({ emit: () => undefined, write: () => undefined });
  await as(adapter).migrate();
  await query("GRANT SELECT ON schema_migrations TO history_reader");
  const reader = as(postgres({ url }));
  expect(await reader.migrate()).toMatchObject([{ migrations: [] }]);
  expect(await reader.migrationStatus()).toMatchObject([{ migrations: [{ status: "up" }] }]);
  expect(await reader.facts()).toMatchObject({
    repos: {
      main: {
        applied: ["1"],
        unknown: ["measured: permission denied for table slipway_events"],
      },
    },
  });
  await expect(reader.verifySchema()).rejects.toMatchObject({
    code: "setup_refused",
    message: expect.stringContaining("repo main: cannot read slipway_schema: "),
  });
  await query("GRANT SELECT ON slipway_schema TO history_reader");
  expect(await reader.verifySchema()).toMatchObject([{ drifted: [] }]);
  await dispose();
});
