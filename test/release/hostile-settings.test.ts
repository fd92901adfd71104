/** What a role or a database sets of its sessions changes how values read; the reading commands say the same under all of it. */
import { defineBackfill, defineMigration, defineRelease, sql } from "slipway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const migrations = {
  "1_posts": defineMigration({ change: (m) => m.createTable("posts", (t) => t.id()) }),
  "2_broken": "insert into nowhere values (1)",
};
const dataMigrations = {
  "3_fill": defineBackfill({ table: "posts", key: "id", set: { id: sql`id + 0` } }),
};

const others = [
  "TimeZone = 'Asia/Kathmandu'",
  "IntervalStyle = 'sql_standard'",
  "extra_float_digits = -15",
  "bytea_output = 'escape'",
  "xmlbinary = 'hex'",
  "quote_all_identifiers = on",
  "standard_conforming_strings = off",
  "array_nulls = off",
  "lc_monetary = 'C'",
];

const hostile: readonly (readonly string[])[] = [
  ["DateStyle = 'SQL, DMY'"],
  ["DateStyle = 'German'", ...others],
  ["DateStyle = 'Postgres, MDY'"],
];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("postgres");
  await release().migrate({ step: 1 });
  await expect(release().migrate()).rejects.toMatchObject({ code: "migration_failed" });
  await release().migrateData();
});
afterAll(() => database.dispose());

function release() {
  const { adapter } = database;
  const repos = { main: { adapter, migrations, dataMigrations } };
  return defineRelease({ app: "hostile", repos }).using(recorder().world);
}

/** All that only reads. */
async function everythingRead() {
  const it = release();
  return {
    status: await it.migrationStatus({ data: true }),
    history: await it.history(),
    verified: await it.verify({ data: true }),
    ready: await it.readiness(),
    plan: await it.plan(),
    back: await it.planRollback("main", 1),
    backfills: await it.backfills.list(),
    backfill: await it.backfills.show(3),
    sizes: await it.tableSizes("main", ["posts"]),
    holder: await lockHolder(),
  };
}

/** Who holds a lock, as one that waits for it would be told; since when is another moment each time. */
async function lockHolder() {
  const holding = await database.adapter.open({ role: "lock", application: "slipway held" });
  const asking = await database.adapter.open({ role: "work", application: "slipway asks" });
  try {
    await holding.tryLock("hostile");
    const holder = await asking.lockHolder?.("hostile");
    expect(holder?.since).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Math.abs(Date.now() - Date.parse(String(holder?.since)))).toBeLessThan(60_000);
    return { application: holder?.application };
  } finally {
    await Promise.all([holding.close(), asking.close()]);
  }
}

/** Changes what new sessions of this database begin with. */
async function alterDatabase(...changes: readonly string[]): Promise<void> {
  const literals = changes.map((change) => `'${change.replaceAll("'", "''")}'`).join(", ");
  await database.query(
    `DO $$ DECLARE change text; BEGIN FOREACH change IN ARRAY ARRAY[${literals}] LOOP EXECUTE format('ALTER DATABASE %I %s', current_database(), change); END LOOP; END $$`,
  );
}

describe("every command that reads says the same", () => {
  it.each(hostile)("under %s", async (...settings) => {
    const before = await everythingRead();
    const [main] = before.history;
    expect(main?.events.map(({ result }) => result)).toEqual(["applied", "failed", "applied"]);
    await alterDatabase(...settings.map((setting) => `SET ${setting}`));
    expect(await everythingRead()).toEqual(before);
    await alterDatabase("RESET ALL");
  });
});
