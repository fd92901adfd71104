/**
 * Libraries that begin and commit on the connection that they get, inside a migration. Only the full form has them: it
 * installs each, as it is pinned here, into a folder that is gone afterwards. Kysely is in test/engine.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineMigration, defineRelease, type MigrationDatabase } from "../../src/index.ts";
import { silent } from "../../src/reporters/silent.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { clientOver } from "./support/client-over.ts";
import { figuresOf, full } from "./support/figures.ts";
import { ask, truth } from "./support/server.ts";

const packages = ["drizzle-orm@0.45.4", "knex@3.3.0", "typeorm@1.1.1", "pg@8.23.1"];
const figures = figuresOf("libraries");
const folder = mkdtempSync(join(tmpdir(), "slipway-libraries-"));
const load = createRequire(join(folder, "index.js"));

/** As far as it is used here. */
type Orm = Readonly<Record<"execute" | "raw" | "query", (sql: string) => Promise<unknown>>> & {
  transaction(work: (inner: Orm) => Promise<unknown>): Promise<unknown>;
};

/** Makes the table b in a transaction of the library's. */
type Use = (db: MigrationDatabase, words?: Readonly<Record<string, string>>) => Promise<void>;

const libraries: Readonly<Record<string, Use>> = {
  async Drizzle(db, words) {
    const { drizzle } = load("drizzle-orm/node-postgres");
    await drizzle(clientOver(db, words)).transaction(async (tx: Orm) => {
      await tx.execute("create table b (id integer)");
      await tx.transaction((inner: Orm) => inner.execute("insert into b values (1)"));
    });
  },
  async Knex(db, words) {
    const Client = load("knex/lib/dialects/postgres/index.js");
    class OverMigration extends Client {
      _driver = () => ({});
      initializePool = () => undefined;
      acquireConnection = async () => Object.assign(clientOver(db, words), { __knexUid: "one" });
      releaseConnection = async () => undefined;
    }
    await load("knex")({ client: OverMigration }).transaction(async (trx: Orm) => {
      await trx.raw("create table b (id integer)");
      await trx.transaction((inner: Orm) => inner.raw("insert into b values (1)"));
    });
  },
  async TypeORM(db, words) {
    const { DataSource } = load("typeorm");
    const client = clientOver(db, words);
    class Pool {
      on() {}
      connect(done: (error: undefined, client: unknown, release: () => void) => void) {
        done(undefined, client, () => undefined);
      }
      end(done: () => void) {
        done();
      }
    }
    const source = new DataSource({ type: "postgres", driver: { Pool }, entities: [] });
    await source.initialize();
    await source.transaction(async (manager: Orm) => {
      await manager.query("create table b (id integer)");
      await manager.transaction((inner: Orm) => inner.query("insert into b values (1)"));
    });
    await source.destroy();
  },
};

describe.runIf(full)("in a migration", { timeout: 120_000 }, () => {
  beforeAll(() => {
    writeFileSync(join(folder, "package.json"), "{}");
    execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", ...packages], {
      cwd: folder,
    });
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let database: FreshDatabase;
  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(() => database.drop());

  const migrate = (use: (db: MigrationDatabase) => Promise<void>, last: "ends" | "fails") => {
    const code = defineMigration({
      up(m) {
        m.execute("create table a (id integer)");
        m.run(async (db) => {
          await use(db);
          if (last === "fails") throw new Error("no more");
        });
      },
      down: () => undefined,
    });
    const main = { adapter: postgres({ url: database.url }), migrations: { "1_code": code } };
    return defineRelease({ app: "libraries", repos: { main } })
      .using({ emit: silent })
      .migrate()
      .then(
        () => "applied",
        (error) => String(error.code),
      );
  };
  const both = "tables a,b; invalid 0; history 1; journal none";

  it.each(Object.entries(libraries))(
    "%s: a transaction of its own ends that of the migration, and is told; savepoints do not",
    async (name, use) => {
      const broken = await migrate((db) => use(db, {}), "ends");
      figures.must(`${name}, BEGIN and COMMIT`, broken, "transaction_broken");
      await ask(database.url, "drop table if exists a, b");
      const failed = await migrate((db) => use(db), "fails");
      figures.must(`${name}, savepoints, failing`, failed, "migration_failed");
      const nothing = "tables ; invalid 0; history ; journal none";
      figures.must(`${name}, savepoints, failing: truth`, await truth(database.url), nothing);
      figures.must(`${name}, savepoints`, await migrate((db) => use(db), "ends"), "applied");
      figures.must(`${name}, savepoints: truth`, await truth(database.url), both);
      expect(await ask(database.url, "select id from b")).toEqual([{ id: 1 }]);
    },
  );

  it("Drizzle over pg-proxy throws before it sends anything, and reads what the migration made", async () => {
    const code = async (db: MigrationDatabase) => {
      const { drizzle } = load("drizzle-orm/pg-proxy");
      const orm = drizzle(async (sql: string, parameters: unknown[]) => ({
        rows: (await db.query<Record<string, unknown>>(sql, parameters)).map(Object.values),
      }));
      await expect(orm.transaction(async () => undefined)).rejects.toThrow("not supported");
      await orm.execute("create table b (id integer)");
    };
    figures.must("Drizzle, pg-proxy", await migrate(code, "ends"), "applied");
    figures.must("Drizzle, pg-proxy: truth", await truth(database.url), both);
  });

  it("TypeORM on connections of its own: what it made stays when the migration is rolled back", async () => {
    const code = async () => {
      const { DataSource } = load("typeorm");
      const source = new DataSource({ type: "postgres", url: database.url, entities: [] });
      await source.initialize();
      await source.transaction((manager: Orm) => manager.query("create table b (id integer)"));
      await source.destroy();
    };
    figures.must(
      "TypeORM, its own connection, failing",
      await migrate(code, "fails"),
      "migration_failed",
    );
    const stays = "tables b; invalid 0; history ; journal none";
    figures.must("TypeORM, its own connection: truth", await truth(database.url), stays);
  });
});
