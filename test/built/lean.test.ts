/** A release whose migrations were compiled when it was built, beside one that has the compiler in it. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask } from "../faults/support/server.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { build, folderOf, ran, writeProject } from "./support.ts";

const folder = folderOf("lean");
let lean = "";
let whole = "";
let database: FreshDatabase;

const migration = (body: string) => `import { defineMigration } from "slipway";

export default defineMigration({ ${body} });
`;
const files = {
  "release.ts": `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

const prefix = process.env.DEFAULT_PREFIX;
export const Release = defineRelease({
  app: "my_app",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      ...(prefix === undefined ? {} : { prefix }),
    },
  },
});
`,
  "db/main/migrations/2_posts.ts": migration(`
  change(m) {
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "string", { default: "it's" });
      t.references("author_id", "users");
    });
    m.createIndex("posts", ["title"]);
    m.run(async (db) => { await db.execute("select 1"); }, { down: async (db) => { await db.execute("select 2"); } });
  },`),
  "db/main/migrations/3_notes.sql":
    "-- migrate:up\ncreate table notes (id int);\n-- migrate:down\ndrop table notes;\n",
  "db/main/migrations/4_own.ts": migration(`
  change: (m) => m.createTable("own", (t) => t.id()),
  phase: "after",`),
};

beforeAll(async () => {
  const project = writeProject(folder.path, files);
  for (const [name, flags] of [
    ["lean", []],
    ["whole", ["--keep-compiler"]],
  ] as const) {
    const built = await build(["--out", join(folder.path, name), ...flags], project);
    expect({ code: built.code, stderr: built.stderr }).toEqual({ code: 0, stderr: "" });
    expect(built.stdout.includes("with the compiler of the language")).toBe(name === "whole");
  }
  lean = join(folder.path, "lean");
  whole = join(folder.path, "whole");
  database = await freshDatabase();
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

const bin = (root: string, args: readonly string[], env: { [name: string]: string } = {}) =>
  ran(join(root, "bin/my_app"), args, {
    env: { SLIPWAY_NODE: process.execPath, DATABASE_URL: database.url, ...env },
  });

/** What two releases say, but for times. */
const both = async (args: readonly string[]) => {
  const [one, other] = [await bin(lean, args), await bin(whole, args)];
  const timeless = ({ code, stdout, stderr }: typeof one) => ({
    code,
    stdout: args.includes("--json") ? withoutExtras(stdout) : stdout,
    stderr: stderr.replace(/\d+\.\d+s/g, ""),
  });
  return [timeless(one), timeless(other)] as const;
};

/** Of what was compiled before it is known what it means to code, and of its meaning the checksum alone. */
function withoutExtras(json: string): unknown {
  const extras = ["meaning", "appliedAt", "durationMs", "checked"];
  return JSON.parse(json, (key, value) => {
    if (extras.includes(key)) return undefined;
    // A rollout has effects too, which are its own.
    return key === "effects" && "effects" in value ? undefined : value;
  });
}

describe("a release without the compiler", () => {
  it("is smaller by a sixth, and carries plans", () => {
    const bytes = (root: string) =>
      readdirSync(join(root, "lib"))
        .filter((name) => name.endsWith(".cjs"))
        .reduce((sum, name) => sum + statSync(join(root, "lib", name)).size, 0);
    expect(bytes(lean) / bytes(whole)).toBeLessThan(0.85);
    expect(existsSync(join(lean, "lib/plans.json"))).toBe(true);
    expect(existsSync(join(whole, "lib/plans.json"))).toBe(false);
  });

  it.each([
    [["plan"]],
    [["plan", "--json"]],
    [["plan", "--prefix", "tenant", "--json"]],
    [["plan", "--json", "--phase", "before"]],
    [["plan", "--json", "--phase", "after"]],
    [["migrate", "--dry-run"]],
    [["verify", "--json"]],
    [["tables", "--sql"]],
    [["status", "--json"]],
  ])("says the same: %s", async (args) => {
    const [one, other] = await both(args);
    expect(one).toEqual(other);
    expect(one.code).toBe(args.includes("after") ? 4 : args[0] === "verify" ? 3 : 0);
    expect(`${one.stdout}${one.stderr}`).not.toBe("");
  });

  it("runs what the other rolls back, and the other way round, with the same history", async () => {
    const history = async () => JSON.stringify(await query(historySql));
    expect(await bin(lean, ["migrate"])).toMatchObject({ code: 0 });
    const one = await history();
    expect(one).toContain("CREATE TABLE");
    for (const args of [["status", "--check"], ["migrate"]])
      expect(await bin(whole, args)).toMatchObject({ code: 0 });
    expect(await bin(whole, ["rollback", "main", "1"])).toMatchObject({ code: 0 });
    expect(await bin(whole, ["migrate"])).toMatchObject({ code: 0 });
    expect(await history()).toBe(one);
    expect(await bin(lean, ["rollback", "main", "2"])).toMatchObject({ code: 0 });
    expect((await bin(lean, ["status"])).stdout).toContain("down      2               posts\n");
    expect(await bin(lean, ["mark", "main", "2", "applied", "--reason", "by hand"])).toMatchObject({
      code: 0,
    });
    const [marked, other] = await both(["verify", "--json"]);
    expect(marked).toEqual(other);
  });

  it("puts a prefix in, as the compiler does, and refuses one that would have to be quoted", async () => {
    await query('CREATE SCHEMA "tenant-1"');
    const at = (root: string, ...args: readonly string[]) =>
      bin(root, [...args, "--prefix", "tenant-1"]);
    expect(await at(lean, "migrate", "--to", "2")).toMatchObject({ code: 0 });
    const rows = await query(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'tenant-1' AND tablename !~ '^(slipway|schema)' ORDER BY 1",
    );
    expect(rows).toEqual([{ tablename: "posts" }, { tablename: "users" }]);
    expect(await at(whole, "rollback", "main", "1")).toMatchObject({ code: 0 });
    const odd = await bin(lean, ["plan", "--prefix", 'a"b']);
    expect(odd).toMatchObject({ code: 2 });
    expect(odd.stderr).toContain("a name of letters, digits, _, $ and - in a built release");
  });

  it("refuses to run where the repo has other defaults than when it was built", async () => {
    const { code, stderr } = await bin(lean, ["plan"], { DEFAULT_PREFIX: "other" });
    expect(code).toBe(2);
    expect(stderr).toContain("repo main has other defaults, hooks or another database here");
    expect(stderr).toContain("--keep-compiler");
    expect(await bin(whole, ["plan"], { DEFAULT_PREFIX: "other" })).toMatchObject({ code: 0 });
  });

  it("has no backfills, and says so", async () => {
    const { code, stderr } = await bin(lean, ["backfill", "list"]);
    expect(code).toBe(2);
    expect(stderr).toContain("this release has no backfills, and nothing that works on them");
  });
});

const historySql =
  "SELECT version, name, checksum, meaning, plan::text, phase FROM schema_migrations ORDER BY 1";

const query = (sql: string) => ask(database.url, sql);
