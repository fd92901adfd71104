/** Ours is in a table of another name while the usual one is another tool's, and is found there when that one is gone. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineRelease, isReleaseError, type ReleaseError, type RepoConfig } from "slipway";
import { afterEach, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/databases.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

const files = {
  "1_a.sql": "CREATE TABLE IF NOT EXISTS a (id int);\n",
  "2_b.sql": "INSERT INTO a VALUES (2);\n",
};

function releaseOf({ adapter }: TestDatabase, given: Record<string, string> = files) {
  const root = mkdtempSync(join(tmpdir(), "slipway-elsewhere-"));
  roots.push(root);
  mkdirSync(join(root, "m"));
  for (const [path, text] of Object.entries(given)) writeFileSync(join(root, "m", path), text);
  const heard: string[] = [];
  const fresh = (options: Partial<RepoConfig> = {}) =>
    defineRelease({
      app: "blog",
      root,
      repos: { main: { adapter, migrations: "m", ...options } },
    }).using({
      emit: (event) => event.type === "warning" && heard.push(`${event.code}: ${event.message}`),
      write: () => undefined,
    });
  return { fresh, heard };
}

const theirs = [
  "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)",
  "INSERT INTO schema_migrations VALUES (1, false)",
  "CREATE TABLE a (id int)",
];

async function refusal(work: Promise<unknown>): Promise<ReleaseError> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isReleaseError(error)) throw new Error("it was not refused", { cause: error });
  return error;
}

const versions = (outcomes: readonly { migrations: readonly { version: string }[] }[]) =>
  outcomes.flatMap(({ migrations }) => migrations.map(({ version }) => version));

describe("the other tool's table goes", () => {
  it.each([
    ["dropped", ["DROP TABLE schema_migrations"]],
    [
      "made anew, and empty",
      [
        "DROP TABLE schema_migrations",
        "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp)",
      ],
    ],
  ])("%s: nothing runs again", async (_, sql) => {
    const database = await testDatabase("pglite");
    for (const statement of theirs) await database.query(statement);
    const { fresh, heard } = releaseOf(database);
    await fresh().adopt("main");
    expect(versions(await fresh().migrate())).toEqual(["2"]);
    for (const statement of sql) await database.query(statement);
    heard.length = 0;

    const [status] = await fresh().migrationStatus();
    expect(status?.migrations.map((row) => row.status)).toEqual(["up", "up"]);
    expect(heard).toEqual([
      "history_elsewhere: schema_migrations tells of nothing and slipway_migrations does, so what runs is written to slipway_migrations",
    ]);
    expect(await fresh().readiness()).toMatchObject([{ ready: true }]);
    expect(await fresh().verify()).toMatchObject([{ relation: "same", pending: [] }]);
    expect((await fresh().facts()).repos.main?.applied).toEqual(["1", "2"]);
    expect((await fresh().plan()).flatMap(({ steps }) => steps)).toEqual([]);
    expect(versions(await fresh().migrate())).toEqual([]);
    expect(await database.query("SELECT id FROM a")).toEqual([{ id: 2 }]);
    expect((await fresh().baseline("main", { at: 2 })).length).toBe(0);
    expect(
      versions([
        await fresh()
          .rollback("main", { to: 2 })
          .catch(() => ({ migrations: [] })),
      ]),
    ).toEqual([]);

    const named = fresh({ historyTable: "schema_migrations", otherHistories: "ignore" });
    const [asNamed] = await named.migrationStatus();
    expect(asNamed?.migrations.map((row) => row.status)).toEqual(["down", "down"]);
  });

  it("dropped, and the events too: nothing runs again", async () => {
    const database = await testDatabase("pglite");
    for (const statement of theirs) await database.query(statement);
    const { fresh } = releaseOf(database);
    await fresh().adopt("main");
    await fresh().migrate();
    for (const table of ["schema_migrations", "slipway_events"])
      await database.query(`DROP TABLE ${table}`);
    expect(versions(await fresh().migrate())).toEqual([]);
    expect(versions(await fresh({ otherHistories: "ignore" }).migrate())).toEqual([]);
  });

  it("of one prefix: the history of another one stays where it is", async () => {
    const database = await testDatabase("pglite");
    for (const prefix of ["eu", "us"]) {
      await database.query(`DROP SCHEMA IF EXISTS ${prefix} CASCADE`);
      await database.query(`CREATE SCHEMA ${prefix}`);
    }
    await database.query("CREATE TABLE eu.schema_migrations (version bigint, dirty boolean)");
    const { fresh } = releaseOf(database, { "1_a.sql": "SELECT 1;\n" });
    await fresh().migrate({ prefix: "eu" });
    await fresh().migrate({ prefix: "us" });
    const both = fresh();
    for (const prefix of ["us", "eu", "us", "eu"]) {
      expect(await both.readiness({ prefix })).toMatchObject([{ ready: true }]);
      expect(versions(await both.migrate({ prefix }))).toEqual([]);
    }
  });
});

describe("a history that is gone while the events are there", () => {
  it.each([
    ["gone", "DROP TABLE schema_migrations"],
    ["empty", "DELETE FROM schema_migrations"],
  ])("%s: is refused, and said again by baseline", async (_, sql) => {
    const database = await testDatabase("pglite");
    const { fresh } = releaseOf(database);
    await fresh().migrate();
    await database.query(sql);
    for (const read of ["migrationStatus", "plan", "migrate", "readiness"] as const) {
      const error = await refusal(fresh()[read]());
      expect([error.code, error.exitCode, error.message]).toEqual([
        "history_lost",
        2,
        "repo main: schema_migrations has no row, but slipway_events says that its migrations have run",
      ]);
      expect(error.hint).toContain("slipway baseline main --at VERSION");
    }
    await fresh().baseline("main", { at: 2 });
    expect(versions(await fresh().migrate())).toEqual([]);
    expect(await database.query("SELECT id FROM a")).toEqual([{ id: 2 }]);
  });

  it("is found behind any number of failures", async () => {
    const database = await testDatabase("pglite");
    const { fresh } = releaseOf(database);
    await fresh().migrate();
    await database.query(
      "INSERT INTO slipway_events (at, history, version, direction, result) SELECT now(), 'schema_migrations', 3, 'up', 'failed' FROM generate_series(1, 2500)",
    );
    await database.query("DROP TABLE schema_migrations");
    expect((await refusal(fresh().migrate())).code).toBe("history_lost");
  });

  it("is no loss where all of it was rolled back, or said not to have run", async () => {
    const database = await testDatabase("pglite");
    const { fresh } = releaseOf(database, { "1_a.sql": files["1_a.sql"] });
    await fresh().migrate();
    await fresh().mark("main", 1, { as: "pending", reason: "dropped by hand" });
    expect(versions(await fresh().migrate())).toEqual(["1"]);
  });
});

describe("two repos of one database", () => {
  it("keep apart where one has named the table that the other would take", async () => {
    const database = await testDatabase("pglite");
    for (const statement of theirs) await database.query(statement);
    const root = mkdtempSync(join(tmpdir(), "slipway-elsewhere-"));
    roots.push(root);
    for (const folder of ["m", "n"]) {
      mkdirSync(join(root, folder));
      writeFileSync(join(root, folder, "1_x.sql"), `CREATE TABLE ${folder} (id int);\n`);
    }
    const { adapter } = database;
    const both = (historyTable?: string) =>
      defineRelease({
        app: "blog",
        root,
        repos: {
          named: {
            ...{ adapter, migrations: "m", historyTable: "slipway_migrations" },
            otherHistories: "ignore",
          },
          usual: {
            ...{ adapter, migrations: "n", otherHistories: "ignore" as const },
            ...(historyTable === undefined ? {} : { historyTable }),
          },
        },
      }).using({ emit: () => undefined, write: () => undefined });
    await both().migrate({ repo: "named" });
    const error = await refusal(both().migrate({ repo: "usual" }));
    expect([error.code, error.hint]).toEqual([
      "history_foreign",
      'Add historyTable: "slipway_migrations_usual" to repo usual, then run slipway adopt usual --dry-run.',
    ]);
    await both("slipway_migrations_usual").migrate();
    expect(await database.query("SELECT id FROM n")).toEqual([]);
    expect(await database.query("SELECT version::text AS v FROM slipway_migrations")).toEqual([
      { v: "1" },
    ]);
  });
});
