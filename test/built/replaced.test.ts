/** Releases that take each other's place, or share what V8 made of their scripts. */
import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { buildProject, environment, folderOf, ran, writeProject } from "./support.ts";

const folder = folderOf("replaced");
const at = (name: string) => join(folder.path, name);
const tmp = at("tmp");
const migration = "db/main/migrations/2_mark.ts";
// Of one length, as V8 asks of a text no more than that.
const code = (table: string) => `import { defineMigration } from "slipway";

export default defineMigration({
  up: (m) => m.run((db) => db.query("create table ${table} (id int)")),
  down: (m) => m.execute("drop table ${table}"),
});
`;
const plain = (table: string) => `import { defineMigration } from "slipway";

export default defineMigration({ change: (m) => m.createTable("${table}", (t) => t.id()) });
`;
const sql = (table: string) => `-- ${"x".repeat(8_100_000)}\ncreate table big_${table} (id int);\n`;

/** Names, what their migrations make, and how they are built. */
const builds: readonly (readonly [string, "one" | "two", string, readonly string[]])[] = [
  ["one", "one", "2.0.0", []],
  ["two", "two", "2.0.1", []],
  ["again", "two", "2.0.0", []],
  ["plain-one", "one", "2.0.0", []],
  ["plain-two", "two", "2.0.0", []],
  ["whole-one", "one", "2.0.0", ["--keep-compiler"]],
  ["whole-two", "two", "2.0.0", ["--keep-compiler"]],
];

let database: FreshDatabase;
let client: pg.Client;

beforeAll(async () => {
  const project = writeProject(folder.path, {});
  for (const [name, table, version, flags] of builds) {
    const manifest = { name: "my_app", version, type: "module" };
    writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(project, migration), name.startsWith("plain") ? plain(table) : code(table));
    writeFileSync(join(project, "db/main/migrations/3_big.sql"), sql(table));
    rmSync(join(project, "_release"), { recursive: true, force: true });
    cpSync(await buildProject(project, ...flags), at(name), { recursive: true });
  }
}, 240_000);
afterAll(() => folder.remove());

beforeEach(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

const bin = (name: string, ...args: readonly string[]) =>
  ran(join(at(name), "bin/my_app"), args, {
    env: { ...environment(database.url, folder.path), RELEASE_TMP: tmp },
  });

async function tables(): Promise<readonly string[]> {
  const { rows } = await client.query(
    "select relname from pg_class where relname in ('one', 'two', 'big_one', 'big_two') order by 1",
  );
  return rows.map(({ relname }) => relname);
}

describe("a release whose folder is replaced while it runs", () => {
  /** Stops a run at its lock of the history, puts another release in its place, and lets it go on. */
  async function replaced(name: string, by: string) {
    const place = at("place");
    rmSync(place, { recursive: true, force: true });
    cpSync(at(name), place, { recursive: true });
    const { code, stderr } = await bin(name, "migrate", "--quiet", "--to", "1");
    expect(code, stderr).toBe(0);
    await client.query("begin; lock table schema_migrations");
    const running = bin("place", "migrate", "--quiet");
    const waits =
      "select 1 from pg_locks where not granted and relation = 'schema_migrations'::regclass";
    await expect
      .poll(async () => (await client.query(waits)).rowCount, { timeout: 20_000 })
      .toBe(1);
    rmSync(place, { recursive: true });
    cpSync(at(by), place, { recursive: true });
    await client.query("commit");
    return running;
  }

  it.each([
    ["one", "two"],
    ["one", "again"],
    ["plain-one", "plain-two"],
    ["whole-one", "whole-two"],
  ])("%s runs nothing of %s", async (first, second) => {
    const { code, stdout, stderr } = await replaced(first, second);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /^error: .*lib\/[\w.-]+ was replaced by that of another release while this one ran\n(?:hint: .*\n)?$/,
    );
    expect(await tables()).toEqual([]);
  });

  it("goes on where it was put there once more", async () => {
    const { code, stderr } = await replaced("one", "one");
    expect(code, stderr).toBe(0);
    expect(await tables()).toEqual(["big_one", "one"]);
  });
});

describe("what V8 compiled, in one folder for all", () => {
  // Without what the build made, each looks for what was kept.
  beforeAll(() => {
    for (const [name] of builds)
      for (const file of readdirSync(join(at(name), "lib")))
        if (file.endsWith(".cache")) rmSync(join(at(name), "lib", file));
  });

  it.each([
    ["one", "two"],
    ["one", "again"],
    ["plain-one", "plain-two"],
    ["whole-one", "whole-two"],
  ])("%s and %s run each their own migrations", async (first, second) => {
    for (const [name, table] of [
      [first, "one"],
      [second, "two"],
      [first, "one"],
    ] as const) {
      const { code, stderr } = await bin(name, "migrate", "--quiet");
      expect(code, stderr).toBe(0);
      expect(await tables()).toEqual([`big_${table}`, table]);
      await client.query("drop schema public cascade; create schema public");
    }
    expect(readdirSync(join(tmp, "cache")).length).toBeGreaterThan(1);
  });
});
