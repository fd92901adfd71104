/** A schema for each tenant: migrated whole or not at all, written down in one history, and never twice. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineMigration, isReleaseError, type ReleaseError } from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import {
  addColumn,
  addTenants,
  columnsSql,
  dropSchemas,
  firstTwo,
  fleetRelease,
} from "./support.ts";

const failing = async (work: Promise<unknown>): Promise<ReleaseError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isReleaseError(error)) throw new Error("no ReleaseError", { cause: error });
  return error;
};

describe.each(["pglite", "postgres"] as const)("tenants, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
    await database.query(dropSchemas);
  });
  afterEach(() => database.dispose());

  const lines = async () => (await database.query(columnsSql)).map(({ line }) => line);
  const history = async () =>
    (
      await database.query(
        "SELECT tenant || ' ' || version AS row FROM slipway_tenant_migrations ORDER BY 1",
      )
    ).map(({ row }) => row);

  it("get what they lack behind what belongs to all, on a database that has no list of them yet", async () => {
    const { release, heard } = fleetRelease(database, firstTwo);
    expect(await release.migrate()).toMatchObject([
      { migrations: [{ version: "1" }], tenants: { tenants: 0, migrated: 0 } },
    ]);
    await addTenants((sql) => database.query(sql), ["acme", "bolt"]);
    expect(await release.migrate()).toMatchObject([
      { migrations: [], tenants: { tenants: 2, migrated: 2, failed: [], quarantined: 0 } },
    ]);
    expect(await lines()).toEqual(["acme.posts: id, title, body", "bolt.posts: id, title, body"]);
    expect(await history()).toEqual(["acme 10", "acme 11", "bolt 10", "bolt 11"]);
    expect(heard.lines.filter((line) => line.includes("tenants"))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^repo main: 2 tenants behind, on \d connections?$/),
      ]),
    );
  });

  it("have nothing to do the second time, and only what is new later", async () => {
    await addTenants((sql) => database.query(sql), ["acme", "bolt"]);
    await fleetRelease(database, firstTwo).release.migrate();
    const again = fleetRelease(database, firstTwo);
    expect(await again.release.migrate()).toMatchObject([{ tenants: { tenants: 2, migrated: 0 } }]);
    expect(again.heard.lines).toContain("repo main: 2 tenants, nothing to do");
    await addTenants((sql) => database.query(sql), ["core"]);
    const { release } = fleetRelease(database, { ...firstTwo, "12_tags": addColumn("tags") });
    expect(await release.migrate()).toMatchObject([{ tenants: { tenants: 3, migrated: 3 } }]);
    expect(await lines()).toEqual(
      ["acme", "bolt", "core"].map((name) => `${name}.posts: id, title, body, tags`),
    );
  });

  it("leave one that fails whole at its last version, and tell why; the next run leaves it alone until it is asked", async () => {
    await addTenants((sql) => database.query(sql), ["acme", "bolt", "core"]);
    await fleetRelease(database, firstTwo).release.migrate();
    await database.query("ALTER TABLE bolt.posts ADD COLUMN tags text");
    const more = { ...firstTwo, "12_lead": addColumn("lead"), "13_tags": addColumn("tags") };
    const error = await failing(fleetRelease(database, more).release.migrate());
    expect(error).toMatchObject({
      code: "tenants_failed",
      exitCode: 6,
      details: {
        failed: [
          {
            tenant: "bolt",
            version: "13",
            name: "tags",
            reason: expect.stringContaining("already exists"),
          },
        ],
        done: 2,
      },
    });
    expect(await lines()).toEqual([
      "acme.posts: id, title, body, lead, tags",
      "bolt.posts: id, title, body, tags",
      "core.posts: id, title, body, lead, tags",
    ]);
    const next = fleetRelease(database, more);
    expect(await next.release.migrate()).toMatchObject([
      { tenants: { migrated: 0, failed: [], quarantined: 1 } },
    ]);
    expect(next.heard.lines.join("\n")).toContain("1 tenant that failed before is left alone");
    await database.query("ALTER TABLE bolt.posts DROP COLUMN tags");
    const last = fleetRelease(database, more).release.migrate({
      tenants: { retryQuarantined: true },
    });
    expect(await last).toMatchObject([{ tenants: { migrated: 1, quarantined: 0 } }]);
    expect((await lines())[1]).toBe("bolt.posts: id, title, body, lead, tags");
  });

  it("begin with canaries: when one fails, the others are not begun", async () => {
    const names = ["acme", "bolt", "core", "dune"];
    await addTenants((sql) => database.query(sql), names);
    await fleetRelease(database, firstTwo).release.migrate();
    await database.query("ALTER TABLE core.posts ADD COLUMN tags text");
    const more = { ...firstTwo, "12_tags": addColumn("tags") };
    const { release, heard } = fleetRelease(database, more);
    const error = await failing(release.migrate({ tenants: { canary: ["core"] } }));
    expect(error).toMatchObject({
      code: "tenants_failed",
      details: { failed: [{ tenant: "core" }], done: 0, left: 3 },
    });
    expect(heard.lines).toContain("repo main: canaries: 1 tenant");
    const again = fleetRelease(database, more).release.migrate({ tenants: { canary: ["core"] } });
    expect(await failing(again)).toMatchObject({
      code: "tenants_failed",
      details: { failed: [], done: 0, left: 3, quarantined: 1 },
    });
    const budget = fleetRelease(database, more).release.migrate({
      tenants: { retryQuarantined: true, canary: ["core"], maxFailures: "50%" },
    });
    expect((await failing(budget)).details).toMatchObject({
      done: 3,
      failed: [{ tenant: "core" }],
    });
  });

  it("run code in the tenant's schema, in the transaction of its history", async () => {
    await addTenants((sql) => database.query(sql), ["acme", "bolt"]);
    const code = defineMigration({
      up: (m) =>
        m.run(async (db) => {
          await db.execute("INSERT INTO posts (title) VALUES ('hello')");
        }),
      down: () => undefined,
    });
    await fleetRelease(database, { ...firstTwo, "12_hello": code }).release.migrate();
    expect(
      await database.query("SELECT title FROM acme.posts UNION ALL SELECT title FROM bolt.posts"),
    ).toEqual([{ title: "hello" }, { title: "hello" }]);
    const ends = defineMigration({
      up: (m) => m.run(async (db) => db.execute("ALTER TABLE posts ADD COLUMN x text; COMMIT")),
      down: () => undefined,
    });
    const error = await failing(
      fleetRelease(database, { ...firstTwo, "12_hello": code, "13_ends": ends }).release.migrate(),
    );
    expect(error.code).toBe("tenants_failed");
    expect(await history()).not.toContain("acme 13");
  });

  it.each([
    ["a quote, a blank and a dot", 'a"b c.d'],
    ["63 bytes", "t".repeat(63)],
    ["a keyword", "select"],
    ["an apostrophe", "o'neil"],
    ["another case", "ACME"],
  ])("may be called with %s", async (_, name) => {
    await addTenants((sql) => database.query(sql), ["acme", name]);
    expect(await fleetRelease(database, firstTwo).release.migrate()).toMatchObject([
      { tenants: { migrated: 2 } },
    ]);
    expect(await lines()).toHaveLength(2);
    expect(await history()).toContain(`${name} 11`);
  });

  it.each([
    [
      "throws",
      () => Promise.reject(new Error("no such service")),
      "tenants_unreadable",
      "repo main: its tenants cannot be listed: no such service",
    ],
    [
      "gives no list",
      () => "acme",
      "tenants_unreadable",
      "repo main: its tenants cannot be listed: the function gives a string, and no list of names",
    ],
    [
      "gives one twice",
      () => ["acme", "bolt", "acme"],
      "tenants_invalid",
      'repo main: tenants give "acme", which they give twice',
    ],
    [
      "gives no names",
      () => [{ name: "acme" }, ""],
      "tenants_invalid",
      'repo main: tenants give an object, which is an object and no name, "", which is empty',
    ],
    [
      "gives one that is too long",
      () => ["x".repeat(64)],
      "tenants_invalid",
      `repo main: tenants give "${"x".repeat(64)}", which is longer than 63 bytes`,
    ],
  ])("are refused in one line where their function %s", async (_, schemas, code, message) => {
    const { release } = fleetRelease(database, firstTwo, {
      tenants: { schemas: schemas as never },
    });
    await release.migrate({ tenants: false });
    expect(await failing(release.migrate())).toMatchObject({ code, message, exitCode: 2 });
  });

  it("whose schema is not there, fail with that reason, and touch nothing of others", async () => {
    await addTenants((sql) => database.query(sql), ["acme"]);
    const { release } = fleetRelease(database, firstTwo, { tenants: ["acme", "gone"] });
    const error = await failing(release.migrate());
    expect(error.details).toMatchObject({
      failed: [{ tenant: "gone", version: "10", reason: "schema gone is not there" }],
      done: 1,
    });
    expect(await lines()).toEqual(["acme.posts: id, title, body"]);
  });

  it("wait no longer for locks, and stand still no longer, behind SQL that is cleared up", async () => {
    await addTenants((sql) => database.query(sql), ["acme"]);
    const opaque = defineMigration({ up: (m) => m.execute("SELECT 1"), down: () => undefined });
    const settings = defineMigration({
      up: (m) =>
        m.run(async (db) => {
          await db.query(
            "CREATE TABLE settings AS SELECT name, setting FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout')",
          );
        }),
      down: () => undefined,
    });
    const migrations = { ...firstTwo, "12_opaque": opaque, "13_settings": settings };
    await fleetRelease(database, migrations).release.migrate();
    expect(await database.query("SELECT * FROM acme.settings ORDER BY 1")).toEqual([
      { name: "idle_in_transaction_session_timeout", setting: "60000" },
      { name: "lock_timeout", setting: "500" },
      { name: "statement_timeout", setting: "3600000" },
    ]);
  });

  it("one that fails is left alone with its event, or there is neither: they are one statement", async () => {
    await addTenants((sql) => database.query(sql), ["acme"]);
    await fleetRelease(database, firstTwo).release.migrate();
    await database.query("ALTER TABLE acme.posts ADD COLUMN tags text");
    await database.query("ALTER TABLE slipway_tenant_events ADD CHECK (result <> 'failed')");
    const { release } = fleetRelease(database, { ...firstTwo, "12_tags": addColumn("tags") });
    await expect(release.migrate()).rejects.toThrow(/slipway_tenant_events/);
    const said =
      "SELECT state, (SELECT count(*)::int FROM slipway_tenant_events) AS events FROM slipway_tenants";
    expect(await database.query(said)).toEqual([{ state: "ready", events: 0 }]);
    await database.query(
      "ALTER TABLE slipway_tenant_events DROP CONSTRAINT slipway_tenant_events_result_check",
    );
    expect((await failing(release.migrate())).code).toBe("tenants_failed");
    expect(await database.query(said)).toEqual([{ state: "quarantined", events: 1 }]);
  });

  it("one whose failing migration was withdrawn lacks nothing, and --retry-quarantined says so", async () => {
    await addTenants((sql) => database.query(sql), ["acme", "bolt"]);
    const { release } = fleetRelease(database, firstTwo);
    await release.migrate();
    await database.query("ALTER TABLE acme.posts ADD COLUMN tags text");
    const withdrawn = fleetRelease(database, { ...firstTwo, "12_tags": addColumn("tags") });
    expect((await failing(withdrawn.release.migrate())).code).toBe("tenants_failed");
    expect(await release.migrate()).toMatchObject([{ tenants: { quarantined: 1 } }]);
    expect(await release.migrate({ tenants: { retryQuarantined: true } })).toMatchObject([
      { tenants: { migrated: 0, quarantined: 0 } },
    ]);
    // What comes next is for this tenant too.
    const { release: next } = fleetRelease(database, { ...firstTwo, "13_more": addColumn("more") });
    await next.migrate({ tenants: { names: ["acme"] } });
    expect(await lines()).toContain("acme.posts: id, title, body, tags, more");
  });

  it("are none where their function gives none, and that is said", async () => {
    const { release, heard } = fleetRelease(database, firstTwo, { tenants: { schemas: () => [] } });
    expect(await release.migrate()).toMatchObject([{ tenants: { tenants: 0, migrated: 0 } }]);
    expect(heard.lines.at(-1)).toBe("repo main: 0 tenants, nothing to do");
  });

  it("take a part of what is pending only where tenants alone are meant", async () => {
    await addTenants((sql) => database.query(sql), ["acme", "bolt"]);
    const { release } = fleetRelease(database, firstTwo);
    await release.migrate({ step: 1 });
    expect(await lines()).toEqual([]);
    await release.migrate({ step: 1, tenants: { only: true, names: ["bolt"] } });
    expect(await lines()).toEqual(["bolt.posts: id, title"]);
    await release.migrate();
    expect(await lines()).toEqual(["acme.posts: id, title, body", "bolt.posts: id, title, body"]);
    expect((await failing(release.migrate({ tenants: { names: ["nobody"] } }))).message).toBe(
      "repo main has no tenant nobody",
    );
  });

  it("refuse what is not one transaction before anything runs", async () => {
    await addTenants((sql) => database.query(sql), ["acme"]);
    const index = defineMigration({
      change: (m) => m.createIndex("posts", ["title"], { concurrently: true }),
    });
    const { release } = fleetRelease(database, { ...firstTwo, "12_index": index });
    const error = await failing(release.migrate());
    expect(error.message).toContain("a migration of tenants must be one transaction");
    expect(await lines()).toEqual([]);
  });
});

it("a tenant that ends its connection every time fails alone, and no run tries it for ever", async () => {
  const database = await testDatabase("postgres");
  try {
    await addTenants((sql) => database.query(sql), ["acme", "bolt"]);
    let losses = 0;
    const ending = defineMigration({
      up: (m) =>
        m.run(async (db) => {
          const [{ tenant } = {}] = await db.query("SELECT current_schema()::text AS tenant");
          if (tenant !== "acme" || losses > 50) return;
          losses += 1;
          await db.query("SELECT pg_terminate_backend(pg_backend_pid())");
        }),
      down: () => undefined,
    });
    const { release } = fleetRelease(database, { ...firstTwo, "12_ending": ending });
    const error = await failing(release.migrate());
    expect(error.message).toContain("1 of 2 tenants failed: acme at ");
    expect(error.message).toContain("its connection was lost 5 times");
    expect(losses).toBe(5);
    expect(await release.migrate()).toMatchObject([{ tenants: { migrated: 0, quarantined: 1 } }]);
  } finally {
    await database.dispose();
  }
});
