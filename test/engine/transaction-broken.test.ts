/** Code of a migration that ends the transaction it was given, or leaves one of its own open: what is said of it is true. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { defineMigration, defineRelease, type MigrationDatabase } from "slipway";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { databaseKinds, pooled, type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

type Code = (db: MigrationDatabase) => Promise<void>;

/** How it may be ended, and which of the tables a and b stay. */
const ended: readonly (readonly [string, Code, readonly string[]])[] = [
  ["a COMMIT in its middle", async (db) => void (await db.query("commit")), ["a", "b"]],
  ["a ROLLBACK in its middle", async (db) => void (await db.query("rollback")), ["b"]],
  ["a COMMIT and another BEGIN", (db) => db.execute("commit; begin"), ["a"]],
  ["a ROLLBACK and another BEGIN", (db) => db.execute("rollback; begin"), []],
];

const failing: readonly (readonly [string, Code])[] = [
  [
    "an error that it throws",
    async () => {
      throw new Error("no more");
    },
  ],
  ["an error of the database", async (db) => void (await db.query("select * from nowhere"))],
];

describe.each(databaseKinds)("on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
  });
  afterEach(() => database.dispose());

  const release = (code: Code, options: { readonly transaction?: boolean } = {}) =>
    defineRelease({
      app: "broken",
      repos: {
        main: {
          adapter: database.adapter,
          migrations: { "1_code": defineMigration({ ...options, up: (m) => m.run(code) }) },
        },
      },
    }).using(recorder().world);

  const around =
    (end: Code, last: Code = async () => undefined): Code =>
    async (db) => {
      await db.query("create table a (id integer)");
      await end(db);
      await db.query("create table b (id integer)");
      await last(db);
    };

  const status = async (it: ReturnType<typeof release>) =>
    (await it.migrationStatus())[0]?.migrations.map((one) => one.status);

  it.each(ended)("%s is an error that says so", async (_, end, stays) => {
    const broken = release(around(end));
    const error = await broken.migrate().catch((error) => error);
    expect(error).toMatchObject({ code: "transaction_broken", exitCode: 1 });
    expect(error.message).toBe(
      'repo main: 1_code failed going up at "run code": its code ended the transaction of the migration with its own COMMIT or ROLLBACK',
    );
    expect(error.hint).toMatch(/^What it committed, and what it did after that, stays/);
    expect(await database.tables()).toEqual(stays);
    expect(await status(broken)).toEqual(["down"]);
    const [main] = await broken.history();
    expect(main?.events.map(({ result }) => result)).toEqual(["failed"]);
  });

  it.each(failing)("%s behind a COMMIT hides it not", async (_, fail) => {
    const code = around((db) => db.execute("commit; begin"), fail);
    const error = await release(code)
      .migrate()
      .catch((error) => error);
    expect(error).toMatchObject({ code: "transaction_broken" });
    expect(error.message).toMatch(/, and then failed: .*(no more|nowhere)/);
    expect(await database.tables()).toEqual(["a"]);
  });

  it("an error of the database that it catches hides a COMMIT not", async () => {
    const code = around(
      (db) => db.execute("commit; begin"),
      (db) =>
        db.query("select * from nowhere").then(
          () => undefined,
          () => undefined,
        ),
    );
    await expect(release(code).migrate()).rejects.toMatchObject({ code: "transaction_broken" });
    expect(await database.tables()).not.toContain("nowhere");
    expect(await database.tables()).toContain("a");
  });

  it("an error without any of it is rolled back whole, and so is said", async () => {
    const code = around(async () => undefined, failing[1]![1]);
    const error = await release(code)
      .migrate()
      .catch((error) => error);
    expect(error).toMatchObject({ code: "migration_failed" });
    expect(error.hint).toMatch(/^It was rolled back whole/);
    expect(await database.tables()).toEqual([]);
  });

  it("savepoints are the code's own to use", async () => {
    const code = around(
      (db) => db.execute("savepoint mine; create table c (id integer); rollback to mine"),
      (db) => db.execute("savepoint mine; create table c (id integer); release mine"),
    );
    await release(code).migrate();
    expect(await database.tables()).toEqual(["a", "b", "c"]);
  });

  // Behind a pooler in transaction mode a transaction that is left open keeps the server's connection.
  it.skipIf(pooled)(
    "outside of a transaction, one that it leaves open is rolled back and told",
    async () => {
      const code = around((db) => db.execute("begin"));
      const error = await release(code, { transaction: false })
        .migrate()
        .catch((error) => error);
      expect(error).toMatchObject({ code: "transaction_broken", exitCode: 1 });
      expect(error.message).toMatch(/its code began a transaction and left it open$/);
      expect(await database.tables()).toEqual(["a"]);
    },
  );

  it("transaction() of Kysely commits what it was given, and with savepoints does not", async () => {
    const make =
      (nested: boolean, fail: boolean): Code =>
      async (db) => {
        const kysely = kyselyOn(db, kind === "sqlite" ? "sqlite" : "postgres", nested);
        await kysely.schema.createTable("a").addColumn("id", "integer").execute();
        await kysely.transaction().execute(async (inner) => {
          await inner.schema.createTable("b").addColumn("id", "integer").execute();
        });
        if (fail) throw new Error("no more");
      };
    const error = await release(make(false, true))
      .migrate()
      .catch((error) => error);
    // SQLite refuses a BEGIN inside of a transaction by itself.
    expect(error.code).toBe(kind === "sqlite" ? "migration_failed" : "transaction_broken");
    expect(await database.tables()).toEqual(kind === "sqlite" ? [] : ["a", "b"]);
    await database.query("drop table if exists a");
    await database.query("drop table if exists b");
    const whole = await release(make(true, true))
      .migrate()
      .catch((error) => error);
    expect(whole.code).toBe("migration_failed");
    expect(await database.tables()).toEqual([]);
    await release(make(true, false)).migrate();
    expect(await database.tables()).toEqual(["a", "b"]);
  });
});

/** Kysely over the connection of a migration. `nested`: its transactions are savepoints. */
function kyselyOn(
  db: MigrationDatabase,
  kind: "postgres" | "sqlite",
  nested: boolean,
): Kysely<unknown> {
  const connection: DatabaseConnection = {
    executeQuery: async <Row>({ sql, parameters }: CompiledQuery) => ({
      rows: [...(await db.query<Row>(sql, parameters))],
    }),
    streamQuery: () => {
      throw new Error("a migration does not stream");
    },
  };
  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => connection,
    beginTransaction: () => db.execute(nested ? "savepoint kysely" : "begin"),
    commitTransaction: () => db.execute(nested ? "release savepoint kysely" : "commit"),
    rollbackTransaction: () => db.execute(nested ? "rollback to savepoint kysely" : "rollback"),
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  };
  const isSqlite = kind === "sqlite";
  return new Kysely({
    dialect: {
      createAdapter: () => (isSqlite ? new SqliteAdapter() : new PostgresAdapter()),
      createDriver: () => driver,
      createIntrospector: (on) =>
        isSqlite ? new SqliteIntrospector(on) : new PostgresIntrospector(on),
      createQueryCompiler: () =>
        isSqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler(),
    },
  });
}
