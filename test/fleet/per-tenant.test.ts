/** Tenants with a history of their own in their schema, which another tool may write too. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MigrationsOption } from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import {
  addColumn,
  addTenants,
  columnsSql,
  dropSchemas,
  firstTwo,
  fleetRelease,
} from "./support.ts";

const third = { ...firstTwo, "12_tags": addColumn("tags") };
const fourth = { ...third, "13_more": addColumn("more") };

describe.each(["pglite", "postgres"] as const)(
  "a history in each tenant's schema, on %s",
  (kind) => {
    let database: TestDatabase;
    beforeEach(async () => {
      database = await testDatabase(kind);
      await database.query(dropSchemas);
      await addTenants((sql) => database.query(sql), ["acme", "bolt", "core"]);
    });
    afterEach(() => database.dispose());

    const releaseOf = (migrations: MigrationsOption) =>
      fleetRelease(database, migrations, {
        tenants: { schemas: ["acme", "bolt", "core"], history: "per-tenant" },
      }).release;
    const versions = async (tenant: string) =>
      (
        await database.query(`SELECT version::text FROM ${tenant}.schema_migrations ORDER BY 1`)
      ).map(({ version }) => String(version));
    const lines = async () => (await database.query(columnsSql)).map(({ line }) => String(line));
    const run = async (...statements: readonly string[]) => {
      for (const one of statements) await database.query(one);
    };
    const ectoTable = (tenant: string, version: string) =>
      `CREATE TABLE ${tenant}.schema_migrations (version ${version} PRIMARY KEY, inserted_at timestamp(0) NOT NULL)`;
    const posts = (tenant: string) =>
      `CREATE TABLE ${tenant}.posts (id bigint PRIMARY KEY, title text)`;
    const rows = () =>
      database.query(
        "SELECT tenant, string_agg(version::text, ',' ORDER BY version) AS history FROM slipway_tenant_migrations GROUP BY 1 ORDER BY 1",
      );

    it("counts, is written in the transaction of its change, and made where there is none", async () => {
      await run(
        ectoTable("acme", "bigint"),
        ectoTable("bolt", "bigint"),
        posts("acme"),
        posts("bolt"),
      );
      await run("ALTER TABLE acme.posts ADD COLUMN body text");
      await run("INSERT INTO acme.schema_migrations VALUES (10, now()), (11, now())");
      await run("INSERT INTO bolt.schema_migrations VALUES (10, now())");
      const release = releaseOf(third);
      expect((await release.migrationStatus({ tenants: true }))[0]?.tenants).toMatchObject({
        ...{ behind: 3, pending: ["10", "11", "12"] },
        list: [
          { tenant: "acme", newest: "11", pending: 1 },
          { tenant: "bolt", newest: "10", pending: 2 },
          { tenant: "core", pending: 3 },
        ],
      });
      expect((await release.plan())[0]?.tenants).toMatchObject({
        counts: { 10: 1, 11: 2, 12: 3 },
      });
      expect(await release.migrate()).toMatchObject([{ tenants: { migrated: 3, failed: [] } }]);
      for (const tenant of ["acme", "bolt", "core"])
        expect(await versions(tenant)).toEqual(["10", "11", "12"]);
      expect((await release.migrationStatus())[0]?.tenants).toMatchObject({ upToDate: 3 });
      expect(await release.migrate()).toMatchObject([{ tenants: { migrated: 0 } }]);
      await release.assertMigrated();
    });

    it("that another tool changes is followed, and nothing runs twice", async () => {
      await releaseOf(third).migrate();
      // The other tool goes on with one tenant, and back with another.
      await run("ALTER TABLE acme.posts ADD COLUMN more text");
      await run("INSERT INTO acme.schema_migrations VALUES (13, now())");
      await run("ALTER TABLE bolt.posts DROP COLUMN tags");
      await run("DELETE FROM bolt.schema_migrations WHERE version = 12");
      const release = releaseOf(fourth);
      expect((await release.migrationStatus())[0]?.tenants).toMatchObject({
        upToDate: 1,
        behind: 2,
      });
      expect(await release.migrate()).toMatchObject([{ tenants: { migrated: 2, failed: [] } }]);
      for (const tenant of ["acme", "bolt", "core"])
        expect(await versions(tenant)).toEqual(["10", "11", "12", "13"]);
      expect(await rows()).toEqual([
        { tenant: "acme", history: "10,11,12,13" },
        { tenant: "bolt", history: "10,11,12,13" },
        { tenant: "core", history: "10,11,12,13" },
      ]);
      expect(await release.rollback("main", 13, { tenants: ["acme", "core"] })).toMatchObject({
        tenants: { migrated: 2, failed: [] },
      });
      expect(await versions("acme")).toEqual(["10", "11", "12"]);
      expect(await versions("bolt")).toEqual(["10", "11", "12", "13"]);
      expect((await lines()).filter((line) => line.includes("posts"))).toEqual([
        "acme.posts: id, title, body, tags",
        "bolt.posts: id, title, body, tags, more",
        "core.posts: id, title, body, tags",
      ]);
    });

    it("of a tenant that fails says what it said before", async () => {
      await releaseOf(firstTwo).migrate();
      await run("ALTER TABLE bolt.posts ADD COLUMN tags text");
      const release = releaseOf(third);
      await expect(release.migrate()).rejects.toThrow("1 of 3 tenants failed");
      expect(await versions("bolt")).toEqual(["10", "11"]);
      expect(await versions("core")).toEqual(["10", "11", "12"]);
      await run("ALTER TABLE bolt.posts DROP COLUMN tags");
      await release.migrate({ tenants: { retryQuarantined: true } });
      expect(await versions("bolt")).toEqual(["10", "11", "12"]);
    });

    it("may be of Rails' kind, is made for a new tenant, and moves into the central one", async () => {
      for (const tenant of ["acme", "bolt", "core"])
        await run(
          `CREATE TABLE ${tenant}.schema_migrations (version varchar PRIMARY KEY)`,
          `INSERT INTO ${tenant}.schema_migrations VALUES ('10')`,
          posts(tenant),
        );
      const release = releaseOf(third);
      expect(await release.migrate()).toMatchObject([{ tenants: { migrated: 3 } }]);
      expect(await versions("bolt")).toEqual(["10", "11", "12"]);
      expect(await release.createTenant("main", "dune")).toMatchObject({ status: "created" });
      expect(await versions("dune")).toEqual(["10", "11", "12"]);
      // Without the option the central history counts, which was written all along.
      const central = (migrations: MigrationsOption) =>
        fleetRelease(database, migrations, { tenants: ["acme", "bolt", "core"] }).release;
      expect((await central(third).migrationStatus())[0]?.tenants).toMatchObject({ upToDate: 3 });
      expect(await central(third).migrate()).toMatchObject([{ tenants: { migrated: 0 } }]);
      expect(await central(fourth).migrate()).toMatchObject([{ tenants: { migrated: 3 } }]);
      expect(await versions("acme")).toEqual(["10", "11", "12"]);
    });
  },
);
