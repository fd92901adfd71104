/** Histories that another way has left in the schemas of tenants, moved into the central one. */
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

describe.each(["pglite", "postgres"] as const)("histories of tenants, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
    await database.query(dropSchemas);
    await addTenants((sql) => database.query(sql), ["acme", "bolt", "core", "dune"]);
  });
  afterEach(() => database.dispose());

  const third = { ...firstTwo, "12_tags": addColumn("tags") };
  const posts = (tenant: string, ...more: readonly string[]) =>
    database.query(
      `CREATE TABLE ${tenant}.posts (id bigint PRIMARY KEY, title text${more.map((one) => `, ${one} text`).join("")})`,
    );
  const lines = async () => (await database.query(columnsSql)).map(({ line }) => String(line));

  it("of Ecto's kind are found by one query, matched and recorded; migrate does the rest", async () => {
    for (const tenant of ["acme", "bolt", "core"]) {
      await database.query(
        `CREATE TABLE ${tenant}.schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp(0))`,
      );
      await database.query(
        `INSERT INTO ${tenant}.schema_migrations VALUES (10, '2021-07-09 12:12:12')`,
      );
    }
    await database.query("INSERT INTO acme.schema_migrations VALUES (11, '2021-07-10 12:12:12')");
    await posts("acme", "body");
    await posts("bolt");
    await posts("core");
    const { release } = fleetRelease(database, third);
    const wanted = {
      ...{ repo: "main", tool: "ecto", table: "schema_migrations" },
      tenants: {
        ...{ tenants: 4, adopted: 3, known: 0, without: 1 },
        recorded: { 10: 3, 11: 1 },
      },
    };
    expect(await release.adopt("main", { tenants: true, dryRun: true })).toMatchObject(wanted);
    expect((await release.migrationStatus())[0]?.tenants).toMatchObject({ behind: 4 });
    expect(await release.adopt("main", { tenants: true })).toMatchObject(wanted);
    expect(await release.adopt("main", { tenants: true })).toMatchObject({
      tenants: { adopted: 0, known: 3, without: 1, recorded: {} },
    });
    const [{ events }] = (await release.history({ tenant: "acme" })) as never as [
      { events: readonly { version: string; at: Date }[] },
    ];
    expect(events.map(({ version, at }) => `${version} ${at.toISOString()}`)).toEqual([
      "11 2021-07-10T12:12:12.000Z",
      "10 2021-07-09T12:12:12.000Z",
    ]);
    expect(await release.migrate()).toMatchObject([{ tenants: { tenants: 4, migrated: 4 } }]);
    expect((await lines()).filter((line) => line.includes(".posts"))).toEqual(
      ["acme", "bolt", "core", "dune"].map((name) => `${name}.posts: id, title, body, tags`),
    );
    await release.rollback("main", 12, { tenants: ["acme"] });
    expect((await lines()).find((line) => line.startsWith("acme.posts"))).toBe(
      "acme.posts: id, title, body",
    );
  });

  it("of Apartment's kind, where a tenant that ran what no file is says so", async () => {
    for (const tenant of ["acme", "bolt"]) {
      await database.query(
        `CREATE TABLE ${tenant}.schema_migrations (version varchar PRIMARY KEY)`,
      );
      await database.query(
        `CREATE TABLE ${tenant}.ar_internal_metadata (key varchar, value varchar)`,
      );
      await database.query(`INSERT INTO ${tenant}.schema_migrations VALUES ('10'), ('11')`);
      await posts(tenant, "body");
    }
    await database.query("INSERT INTO bolt.schema_migrations VALUES ('99')");
    const { release } = fleetRelease(database, third);
    const error = await release.adopt("main", { tenants: true }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "foreign_doubtful" });
    expect(String(error)).toContain("bolt: 99 ran, and no file here is it");
    expect((await release.migrationStatus())[0]?.tenants).toMatchObject({ behind: 4 });
    expect(
      await release.adopt("main", { tenants: true, accept: ["row-without-file"] }),
    ).toMatchObject({
      tool: "rails",
      tenants: { adopted: 2, without: 2, recorded: { 10: 2, 11: 2 } },
    });
    expect((await release.migrationStatus({ tenants: true }))[0]?.tenants?.list).toMatchObject([
      { tenant: "acme", newest: "11", pending: 1 },
      { tenant: "bolt", newest: "11", pending: 1 },
      { tenant: "core", pending: 3 },
      { tenant: "dune", pending: 3 },
    ]);
  });

  it("of two tools at once are asked about, and none is told", async () => {
    const { release } = fleetRelease(database, firstTwo);
    await expect(release.adopt("main", { tenants: true })).rejects.toMatchObject({
      code: "foreign_missing",
    });
    await database.query(
      "CREATE TABLE acme.schema_migrations (version bigint, inserted_at timestamp)",
    );
    await database.query("CREATE TABLE bolt.schema_migrations (version varchar)");
    await database.query("CREATE TABLE bolt.ar_internal_metadata (key varchar)");
    await expect(release.adopt("main", { tenants: true })).rejects.toMatchObject({
      code: "foreign_ambiguous",
    });
    expect(await release.adopt("main", { tenants: true, from: "ecto" })).toMatchObject({
      tenants: { adopted: 0, without: 4 },
    });
  });
});
