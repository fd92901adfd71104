/** An extension in an older version is updated, rolled back, dumped, and is no drift. PostgreSQL brings both versions of pg_trgm. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineMigration, defineRelease, type MigrationBuilder } from "../../src/index.ts";
import { ask } from "../faults/support/server.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.drop());

type Update = Parameters<MigrationBuilder["updateExtension"]>[1];

function release(options: Update) {
  const migrations = {
    "1_old": defineMigration({ change: (m) => m.createExtension("pg_trgm", { version: "1.5" }) }),
    "2_new": defineMigration({ change: (m) => m.updateExtension("pg_trgm", options) }),
  };
  const adapter = postgres({ url: database.url });
  const repos = { main: { adapter, migrations, safe: "off" as const } };
  return defineRelease({ app: "app", repos }).using(recorder().world);
}

const version = () =>
  ask(database.url, "SELECT extversion AS is FROM pg_extension WHERE extname = 'pg_trgm'");

it('with down: "keep" the new version stays, and up again does nothing to it', async () => {
  const one = release({ to: "1.6", down: "keep" });
  await one.migrate();
  await expect(version()).resolves.toEqual([{ is: "1.6" }]);
  await one.rollback("main", { step: 1 });
  await expect(version()).resolves.toEqual([{ is: "1.6" }]);
  await one.migrate();
  await expect(version()).resolves.toEqual([{ is: "1.6" }]);
});

it("without a word about the way back, going down is refused before anything runs", async () => {
  const one = release({ to: "1.6" });
  await one.migrate();
  await expect(one.rollback("main", { all: true })).rejects.toMatchObject({
    code: "irreversible",
    hint: expect.stringContaining('down: "keep"'),
  });
  await expect(version()).resolves.toEqual([{ is: "1.6" }]);
});

it("where the extension has no script for the way back, the server says so, and nothing changes", async () => {
  const one = release({ to: "1.6", was: "1.5" });
  await one.migrate();
  await expect(one.rollback("main", { step: 1 })).rejects.toMatchObject({
    code: "migration_failed",
    message: expect.stringContaining("no update path from version"),
  });
  await expect(version()).resolves.toEqual([{ is: "1.6" }]);
});

it("a dump says a version that the server would not take by itself", async () => {
  const one = release({ to: "1.6", down: "keep" });
  await one.migrate({ to: 1n });
  const sql = async () => (await one.dump())[0]?.sql;
  expect(await sql()).toContain(
    "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public VERSION '1.5';",
  );
  await one.migrate();
  expect(await sql()).toContain("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;");
});

it("an update by hand is no drift: the packages of the server decide", async () => {
  const one = release({ to: "1.6", down: "keep" });
  await one.migrate({ to: 1n });
  await ask(database.url, "ALTER EXTENSION pg_trgm UPDATE");
  await expect(one.verifySchema()).resolves.toMatchObject([{ drifted: [], told: [] }]);
});
