/** A SQLite file for each tenant: opened, migrated by the ordinary engine, and closed. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { defineBackfill, sql } from "../../src/index.ts";
import { addColumn, counting, failing, firstTwo, placesRelease, three } from "./places-support.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (name: string) => join(folder, `${name}.db`);
const filesOf = (...names: readonly string[]) => ({
  files: async () => Object.fromEntries(names.map((name) => [name, pathOf(name)])),
});
const shared = () => sqlite({ path: pathOf("shared") });

function ask(name: string, sql: string): readonly Record<string, unknown>[] {
  const db = new DatabaseSync(pathOf(name));
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}
const change = (name: string, sql: string) => void ask(name, sql);
const columns = (name: string) =>
  ask(name, "SELECT name FROM pragma_table_info('posts')").map(({ name: column }) => column);
const versions = (name: string) =>
  ask(name, "SELECT version FROM schema_migrations ORDER BY 1").map(({ version }) => version);

describe("a file for each tenant", () => {
  it("is migrated for 300 of them, each with a history of its own, and every file is closed again", async () => {
    const names = Array.from({ length: 300 }, (_, i) => `t${i}`);
    const { adapter, counts } = counting(shared());
    const { release, heard } = placesRelease(adapter, filesOf(...names), firstTwo);
    await release.migrate({ tenants: { names: ["t0"] } });
    const before = openFiles();
    expect(await release.migrate()).toMatchObject([
      { tenants: { tenants: 300, migrated: 299, failed: [], quarantined: 0 } },
    ]);
    expect(openFiles()).toBe(before);
    expect(counts.closed).toBe(counts.opened);
    expect(counts.opened).toBeGreaterThanOrEqual(600);
    // The one that works, and the one that holds its lock.
    expect(counts.most).toBe(2);
    for (const name of ["t0", "t150", "t299"]) {
      expect(columns(name)).toEqual(["id", "title", "body"]);
      expect(versions(name)).toEqual([10, 11]);
    }
    expect(await release.migrate()).toMatchObject([{ tenants: { tenants: 300, migrated: 0 } }]);
    expect(heard.lines).toContain("repo main: 300 tenants, nothing to do");
    expect(heard.events.filter(({ type }) => type === "migration_started")).toEqual([]);
    expect(counts.closed).toBe(counts.opened);
  });

  it("gets its data migrations once; one that fails is tried again, and the plan says who lacks what", async () => {
    const fill = defineBackfill({ table: "posts", key: "id", set: { body: sql`upper(title)` } });
    const more = { tenantDataMigrations: { "20_fill": fill } };
    const { release } = placesRelease(shared(), filesOf("acme", "bolt", "core"), firstTwo, more);
    await release.migrate();
    for (const name of ["acme", "bolt", "core"])
      change(name, "INSERT INTO posts (title) VALUES ('a'), ('b')");
    change("bolt", "ALTER TABLE posts RENAME COLUMN body TO hidden");
    const plan = async () => (await release.plan({ data: true }))[0]?.tenants;
    expect(await plan()).toMatchObject({
      tenants: 3,
      behind: 3,
      quarantined: 0,
      counts: { 20: 3 },
    });
    const { code, message } = await failing(release.migrateData());
    expect(code).toBe("tenants_failed");
    expect(message).toContain("1 of 3 tenants failed: bolt");
    expect(await plan()).toMatchObject({ behind: 1, counts: { 20: 1 } });
    change("bolt", "ALTER TABLE posts RENAME COLUMN hidden TO body");
    expect((await release.migrateData())[0]?.tenants?.migrated).toBe(1);
    for (const name of ["acme", "bolt", "core"])
      expect(ask(name, "SELECT body FROM posts ORDER BY id")).toEqual([
        { body: "A" },
        { body: "B" },
      ]);
    expect(await plan()).toMatchObject({ behind: 0, steps: [] });
    const named = release.migrateData({ tenants: { names: ["nobody"] } });
    expect((await failing(named)).code).toBe("tenants_unknown");
  });

  it("counts with the others how far its data migrations are", async () => {
    const fill = defineBackfill({ table: "posts", key: "id", set: { body: sql`upper(title)` } });
    const more = { tenantDataMigrations: { "20_fill": fill } };
    const { release } = placesRelease(shared(), filesOf("acme", "bolt", "core"), firstTwo, more);
    const sums = async () => (await release.migrationStatus({ data: true }))[0]?.tenants?.data;
    const sum = { version: "20", name: "fill" };
    await release.migrate();
    expect(await sums()).toEqual([{ ...sum, done: 0, begun: 0, failed: 0 }]);
    change("bolt", "INSERT INTO posts (title) VALUES ('a')");
    change("bolt", "CREATE TRIGGER no BEFORE UPDATE ON posts BEGIN SELECT RAISE(ABORT, 'no'); END");
    await failing(release.migrateData());
    expect(await sums()).toEqual([{ ...sum, done: 2, begun: 1, failed: 1 }]);
    expect((await release.migrationStatus())[0]?.tenants?.data).toBeUndefined();
  });

  it("is planned for by what each lacks, and nothing is made", async () => {
    await placesRelease(shared(), filesOf("a"), firstTwo).release.migrate();
    writeFileSync(
      pathOf("broken"),
      "no database, and longer than the head of one would be".repeat(40),
    );
    const { release } = placesRelease(shared(), filesOf("a", "b", "broken"), three);
    const [plan] = await release.plan();
    expect(plan?.tenants).toMatchObject({
      ...{ tenants: 3, behind: 2, counts: { 10: 1, 11: 1, 12: 2 } },
      unreachable: [{ tenant: "broken" }],
    });
    expect(plan?.tenants?.steps.map(({ file }) => file.version)).toEqual(["10", "11", "12"]);
    expect(readdirSync(folder).toSorted()).toEqual(["a.db", "broken.db"]);
  });

  it("leaves one alone that fails, with its reason, and goes on, until somebody says to try it again", async () => {
    const { release } = placesRelease(shared(), filesOf("a", "b", "c"), firstTwo);
    await release.migrate();
    ask("b", "ALTER TABLE posts ADD COLUMN tags text");
    const more = placesRelease(shared(), filesOf("a", "b", "c"), three);
    const error = await failing(more.release.migrate());
    expect(error).toMatchObject({ code: "tenants_failed", exitCode: 6 });
    expect(error.message).toBe(
      "repo main: 1 of 3 tenants failed: b at 12_tags (duplicate column name: tags)",
    );
    expect(error.hint).toBe(
      "Each is whole at its last version. Correct the cause and run: slipway migrate --repo main --retry-quarantined",
    );
    expect(versions("b")).toEqual([10, 11]);
    expect(["a", "c"].map(versions)).toEqual([
      [10, 11, 12],
      [10, 11, 12],
    ]);
    expect(more.heard.lines).toContain(
      "repo main: tenant b failed at 12 tags: duplicate column name: tags",
    );
    const [status] = await more.release.migrationStatus({ tenants: true });
    expect(status?.tenants).toMatchObject({
      ...{ upToDate: 2, behind: 0, quarantined: 1, pending: ["12"], oldest: "11" },
      list: [
        { tenant: "a", state: "up_to_date" },
        {
          ...{ tenant: "b", state: "quarantined", newest: "11", pending: 1 },
          reason: "tags: duplicate column name: tags",
        },
        { tenant: "c", state: "up_to_date" },
      ],
    });
    expect((await more.release.plan())[0]?.tenants).toMatchObject({
      ...{ tenants: 3, behind: 0, quarantined: 1, steps: [] },
    });
    expect(await more.release.readiness({ tenants: true })).toMatchObject([
      { ready: true, tenants: { behind: 0, quarantined: 1 } },
    ]);
    ask("b", "ALTER TABLE posts DROP COLUMN tags");
    expect(await more.release.migrate()).toMatchObject([
      { tenants: { tenants: 3, migrated: 0, quarantined: 1 } },
    ]);
    expect(versions("b")).toEqual([10, 11]);
    const again = { tenants: { retryQuarantined: true } };
    expect((await more.release.plan(again))[0]?.tenants).toMatchObject({ behind: 1 });
    expect(await more.release.migrate(again)).toMatchObject([
      { tenants: { tenants: 3, migrated: 1, quarantined: 0 } },
    ]);
    expect(versions("b")).toEqual([10, 11, 12]);
    expect((await more.release.migrationStatus())[0]?.tenants).toMatchObject({
      ...{ upToDate: 3, quarantined: 0 },
    });
  });

  it("stops at a canary that fails, and when too many have failed", async () => {
    const names = ["a", "b", "c", "d", "e"];
    for (const name of ["d", "e"]) ask(name, "CREATE TABLE posts (id integer)");
    const { release } = placesRelease(shared(), filesOf(...names), firstTwo);
    const first = await failing(release.migrate({ tenants: { canary: ["d"] } }));
    expect(first.message).toContain("4 were not begun, because too many had failed");
    expect(readdirSync(folder)).not.toContain("a.db");
    const stopped = await failing(release.migrate({ tenants: { canary: ["d"] } }));
    expect(stopped).toMatchObject({ details: { left: 4, done: 0, failed: [], quarantined: 1 } });
    const second = await failing(
      release.migrate({
        tenants: { canary: ["d", "e"], maxFailures: 1, concurrency: 1, retryQuarantined: true },
      }),
    );
    expect(second).toMatchObject({ details: { left: 3, done: 0 } });
    expect(await release.migrate({ tenants: { names: ["a", "b"] } })).toMatchObject([
      { tenants: { tenants: 2, migrated: 2 } },
    ]);
  });

  it("is summed up and listed, and what cannot be read is named", async () => {
    const { release, heard } = placesRelease(shared(), filesOf("a", "b", "c", "d"), three);
    await release.migrate({ tenants: { names: ["a"] } });
    await placesRelease(shared(), filesOf("b"), firstTwo).release.migrate();
    writeFileSync(pathOf("d"), "no database at all, and long enough to be looked at by SQLite");
    const [status] = await release.migrationStatus({ tenants: true, behind: true });
    expect(status?.tenants).toMatchObject({
      ...{ tenants: 4, upToDate: 1, behind: 2, quarantined: 0, pending: ["10", "11", "12"] },
      unreachable: [{ tenant: "d", reason: expect.stringContaining("not a database") }],
      list: [
        { tenant: "a", state: "up_to_date", newest: "12", pending: 0 },
        { tenant: "b", state: "behind", newest: "11", pending: 1 },
        { tenant: "c", state: "behind", pending: 3 },
        { tenant: "d", state: "unreachable" },
      ],
    });
    expect(readdirSync(folder)).not.toContain("c.db");
    const text = heard.output.join("");
    expect(text).toContain("\nmain: 1 up to date, 2 behind, 1 unreachable\n");
    expect(text).toContain("  b  behind  11  1 pending\n");
    const error = await failing(release.migrate());
    expect(error.message).toMatch(/^repo main: 1 of 3 tenants failed: d \(.*not a database/);
  });

  it("has a history, and goes back where it is named", async () => {
    const { release } = placesRelease(shared(), filesOf("a", "b"), three);
    await release.migrate();
    expect(await release.rollback("main", 11, { tenants: ["a"] })).toMatchObject({
      ...{ repo: "main", direction: "down", tenants: { tenants: 1, migrated: 1 } },
    });
    expect(columns("a")).toEqual(["id", "title"]);
    expect(columns("b")).toEqual(["id", "title", "body", "tags"]);
    const [{ events } = { events: [] }] = await release.history({ tenant: "a" });
    expect(events.map(({ version, result }) => `${version} ${result}`)).toEqual(
      expect.arrayContaining(["10 applied", "11 rolled_back", "12 rolled_back"]),
    );
    expect(await failing(release.history({ tenant: "z" }))).toMatchObject({
      code: "tenants_unknown",
    });
    await release.rollback("main", 11, { tenants: "all" });
    expect(columns("b")).toEqual(["id", "title"]);
  });

  it("gives what belongs to all first, and reads the list from there", async () => {
    const { release } = placesRelease(
      shared(),
      {
        files: async (db) =>
          (await db.query<{ path: string }>("SELECT path FROM tenants")).map(({ path }) => path),
      },
      firstTwo,
    );
    const list = { "1_tenants": "CREATE TABLE tenants (path text);" };
    const whole = release.using({ manifest: { main: { migrations: list } } });
    expect(await whole.migrate()).toMatchObject([
      { migrations: [{ version: "1" }], tenants: { tenants: 0, migrated: 0 } },
    ]);
    ask("shared", `INSERT INTO tenants VALUES ('${pathOf("a")}')`);
    expect(await whole.migrate()).toMatchObject([{ tenants: { tenants: 1, migrated: 1 } }]);
    expect(await whole.migrate({ step: 1, tenants: { only: true } })).toMatchObject([
      { tenants: { migrated: 0 } },
    ]);
  });
});

/** Of this process, where the system tells. */
function openFiles(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}

describe("what cannot be tenants", () => {
  const refusal = async (tenants: unknown, migrations: object = firstTwo) =>
    (
      await failing(
        placesRelease(shared(), tenants as never, migrations as never).release.migrate(),
      )
    ).message;

  it("is told in one line each", async () => {
    expect(await refusal({ files: [pathOf("a"), pathOf("a")] })).toBe(
      `repo main: tenants give ${JSON.stringify(pathOf("a"))}, which they give twice`,
    );
    expect(await refusal({ files: { a: pathOf("x"), b: join(folder, ".", "x.db") } })).toBe(
      'repo main: tenants give "b", which has the same file as "a"',
    );
    expect(await refusal({ files: { a: pathOf("x"), "a ": pathOf("y") } })).toBe(
      'repo main: tenants give "a ", which differs from "a" only in blanks at its end',
    );
    expect(await refusal({ files: async () => ({ a: "", b: 7 }) })).toBe(
      'repo main: tenants give "a", which has an empty path, "b", which has a number and no path',
    );
    expect(await refusal({ files: () => Promise.reject(new Error("no list today")) })).toBe(
      "repo main: its tenants cannot be listed: no list today",
    );
    expect(await refusal({ files: async () => undefined })).toBe(
      "repo main: its tenants cannot be listed: the function gives undefined, and no paths, or paths by names",
    );
    expect(await refusal({ databases: { a: "postgres://localhost/a" } })).toBe(
      "repo main: SQLite has no databases for tenants",
    );
    expect(() => placesRelease(shared(), { files: 7 } as never, firstTwo)).toThrow("files");
  });

  it("is none that nobody has, and no folder that is not there", async () => {
    const { release } = placesRelease(shared(), filesOf("a"), firstTwo);
    expect((await failing(release.migrate({ tenants: { names: ["z"] } }))).message).toBe(
      "repo main has no tenant z",
    );
    expect((await failing(release.createTenant("main", "a"))).message).toBe(
      "repo main: tenant a is a separate file, which Slipway neither makes nor drops",
    );
    const nowhere = placesRelease(shared(), { files: { a: join(folder, "no", "a.db") } }, firstTwo);
    expect((await failing(nowhere.release.migrate())).message).toContain(
      "repo main: 1 of 1 tenants failed: a (cannot connect to sqlite:",
    );
  });

  it("is a migration that is wrong for all, which is told once and before anything ran", async () => {
    const wrong = { ...firstTwo, "12_tags": addColumn("") };
    const { release } = placesRelease(shared(), filesOf("a", "b"), wrong);
    const error = await failing(release.migrate());
    expect(error.code).not.toBe("tenants_failed");
    expect(readdirSync(folder).filter((name) => /^[ab]\.db/.test(name))).toEqual([]);
  });

  it("is nothing that a signal does not end", async () => {
    const stop = new AbortController();
    const { release } = placesRelease(shared(), filesOf("a", "b", "c"), firstTwo);
    stop.abort("SIGTERM");
    const error = await failing(release.using({ signal: stop.signal }).migrate());
    expect(error.code).toBe("interrupted");
  });
});
