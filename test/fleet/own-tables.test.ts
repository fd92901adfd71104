/** The tables of a fleet are Slipway's own wherever these are told apart, and the schemas of tenants are theirs. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineMigration, isReleaseError } from "../../src/index.ts";
import { differsFrom, squashed } from "../../src/shadow/squash.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { freshDatabase } from "../support/postgres.ts";
import { addColumn, addTenants, dropSchemas, firstTwo, fleetRelease } from "./support.ts";

const four = [
  "slipway_tenants",
  "slipway_tenant_migrations",
  "slipway_tenant_plans",
  "slipway_tenant_events",
];

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
    await database.query(dropSchemas);
    await addTenants((sql) => database.query(sql), ["acme", "Bolt"]);
  });
  afterEach(() => database.dispose());

  it("neither drift nor a dump speaks of them", async () => {
    const { release } = fleetRelease(database, firstTwo);
    await release.migrate();
    await release.createTenant("main", "core");
    expect(await release.verifySchema()).toMatchObject([{ drifted: [], told: [] }]);
    const [dump] = await release.dump();
    expect(dump?.sql).not.toMatch(/slipway_tenant|posts|acme|Bolt|core/);
    await release.dropTenant("main", "core");
    await database.query("CREATE TABLE public.stray (id int)");
    expect(await release.verifySchema()).toMatchObject([
      { drifted: [{ object: "table public.stray", change: "added" }] },
    ]);
  });

  it("what a migration of a tenant puts on all tables does not stay on them", async () => {
    const hides = defineMigration({
      up: (m) =>
        m.execute(
          "DO $$ DECLARE one record; BEGIN FOR one IN SELECT relname FROM pg_class WHERE relname LIKE 'slipway_tenant%' AND relkind = 'r' LOOP EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', one.relname); EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', one.relname); END LOOP; END $$",
        ),
      down: () => undefined,
    });
    await fleetRelease(database, { ...firstTwo, "12_hides": hides }).release.migrate();
    expect(
      await database.query(
        "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relname LIKE 'slipway_%'",
      ),
    ).toEqual([]);
  });
});

it("a shadow has no tenants, whatever the list says", async () => {
  const database = await testDatabase("pglite");
  try {
    await database.query(dropSchemas);
    const { release } = fleetRelease(database, firstTwo, { tenants: ["acme"] });
    const [inventory] = await release.inventory();
    const { sql, ...made } = await squashed(release, inventory!, { to: "1" });
    expect(sql).not.toContain("slipway_tenant");
    expect(await differsFrom(release, inventory!, made)).toEqual([]);
  } finally {
    await database.dispose();
  }
});

it("with what tables --sql prints, and its own schemas, a migrator migrates tenants", async () => {
  const database = await freshDatabase();
  const migrator = `m_${randomBytes(4).toString("hex")}`;
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(`CREATE ROLE ${migrator} LOGIN PASSWORD 'sesame'`);
    await client.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    await addTenants((sql) => client.query(sql), ["acme", "bolt"]);
    await client.query(`GRANT CREATE, USAGE ON SCHEMA acme, bolt TO ${migrator}`);
    await client.query(`GRANT SELECT ON public.tenants TO ${migrator}`);
    const url = new URL(database.url);
    Object.assign(url, { username: migrator, password: "sesame" });
    const adapter = postgres({ url: url.href });
    const more = { migrations: {} };
    const { release } = fleetRelease({ adapter }, firstTwo, more);
    const refused = await release.migrate().catch((error: unknown) => error);
    if (!isReleaseError(refused)) throw refused;
    expect(refused).toMatchObject({ code: "setup_refused", exitCode: 2 });
    for (const name of four) expect(refused.message).toContain(name);
    const [tables] = await release.tables({ migrator, app: migrator, reader: migrator });
    expect(tables?.tables).toEqual(expect.arrayContaining(four));
    for (const sql of tables?.create ?? []) await client.query(sql);
    // All but the right to make tables.
    for (const { sql } of tables?.grants ?? [])
      await client.query(sql.replace("USAGE, CREATE", "USAGE"));
    expect(await release.migrate()).toMatchObject([{ tenants: { migrated: 2, failed: [] } }]);
    await client.query("ALTER TABLE bolt.posts ADD COLUMN tags text");
    const next = fleetRelease({ adapter }, { ...firstTwo, "12_tags": addColumn("tags") }, more);
    expect(await next.release.migrate().catch((error: unknown) => error)).toMatchObject({
      code: "tenants_failed",
    });
    const events = await next.release.history({ tenant: "bolt" });
    expect(events[0]?.events.map(({ result }) => result)).toContain("failed");
    await next.release.rollback("main", 11, { tenants: ["acme"] });
  } finally {
    await client.end();
    await database.drop();
    const server = new pg.Client({ connectionString: inject("postgresUrl") });
    await server.connect();
    await server.query(`DROP ROLE IF EXISTS ${migrator}`);
    await server.end();
  }
});
