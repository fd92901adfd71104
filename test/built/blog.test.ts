/** The release of the blog, run from its folder alone against a real PostgreSQL. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { asSuperuser, type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { buildBlog, environment, folderOf, ran } from "./support.ts";

const folder = folderOf("built");
let blog = "";
let database: FreshDatabase;

beforeAll(async () => {
  blog = await buildBlog(folder.path);
  database = await freshDatabase();
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

const bin = (...args: readonly string[]) =>
  ran(join(blog, "bin/blog"), args, { env: environment(database.url, folder.path), cwd: "/" });

describe("the folder", () => {
  it("has launchers, code, a manifest, env.sh and a list of checksums", () => {
    const version = readdirSync(join(blog, "releases"))[0]!;
    const files = readdirSync(blog, { recursive: true, encoding: "utf8" });
    expect(files).toEqual(
      expect.arrayContaining([
        "bin/blog",
        "bin/blog.cmd",
        "bin/migrate",
        "bin/server",
        "lib/main.cjs",
        "lib/migrations.cjs",
        "lib/plans.json",
        "lib/start.cjs",
        `releases/${version}/SHA256SUMS`,
        `releases/${version}/env.sh`,
        `releases/${version}/manifest.json`,
      ]),
    );
    expect(existsSync(join(blog, "node_modules"))).toBe(false);
  });
});

describe("the commands, in the order in which a release uses them", () => {
  const status = (...rows: readonly string[]) =>
    `\nRepo: main\n\n  Status    Migration ID    Migration Name\n${"-".repeat(50)}\n${rows.map((row) => `  ${row}\n`).join("")}`;
  const users = "20210702012346  create_users";
  const posts = "20210709121212  create_posts";
  const published = "20210718153339  add_published_at_to_posts";
  const index = "20210718153341  index_posts_by_author";

  it("status", async () => {
    expect(await bin("status")).toEqual({
      code: 0,
      stdout: status(...[users, posts, published, index].map((row) => `down      ${row}`)),
      stderr: "",
    });
  });

  it("migrate --step 1", async () => {
    const { code, stdout, stderr } = await bin("migrate", "--step", "1");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("== Running 20210702012346 create_users.change forward");
  });

  it("migrate, migrate-data, rollback", async () => {
    expect(await bin("migrate")).toMatchObject({ code: 0 });
    expect(await bin("migrate")).toMatchObject({ code: 0 });
    expect(await bin("migrate-data")).toMatchObject({ code: 0 });
    expect(await bin("rollback", "main", "20210718153341")).toMatchObject({ code: 0 });
    const { stdout } = await bin("status");
    const up = [users, posts, published].map((row) => `up        ${row}`);
    expect(stdout).toBe(status(...up, `down      ${index}`));
  });

  it("verify --schema tells what was changed by hand", async () => {
    const untouched = await bin("verify", "--schema");
    expect(untouched).toMatchObject({ code: 0, stderr: "" });
    expect(untouched.stdout).toMatch(/^main: nothing changed by hand since 2\S+Z\n$/);
    await asSuperuser(database.url, "ALTER TABLE posts ADD COLUMN by_hand integer");
    const { code, stdout, stderr } = await bin("verify", "--schema");
    expect(code).toBe(4);
    expect(stdout).toContain("  + column by_hand of table public.posts\n");
    expect(stderr).toContain("verify --schema --accept");
    expect(await bin("verify", "--schema", "--rebuild")).toMatchObject({ code: 2 });
    expect(await bin("verify", "--schema", "--accept")).toMatchObject({ code: 0 });
    expect(await bin("verify", "--schema")).toMatchObject({ code: 0 });
  });

  it("dump gives the schema, and load makes it in an empty database", async () => {
    const { code, stdout: sql, stderr } = await bin("dump");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(sql).toContain('CREATE TABLE "public"."posts"');
    expect(sql).not.toContain("GRANT");
    await asSuperuser(database.url, "GRANT SELECT ON posts TO PUBLIC");
    const { stdout: withRights } = await bin("dump", "--rights");
    expect(withRights).toMatch(/GRANT SELECT ON .*posts"? TO PUBLIC/);
    await asSuperuser(database.url, "REVOKE SELECT ON posts FROM PUBLIC");
    expect(await bin("load")).toMatchObject({ code: 2, stdout: "" });
    const other = await freshDatabase();
    onTestFinished(() => other.drop());
    const at = (...args: readonly string[]) =>
      ran(join(blog, "bin/blog"), args, { env: environment(other.url, folder.path), cwd: "/" });
    const file = join(folder.path, "schema.sql");
    writeFileSync(file, sql);
    const loaded = await at("load", file);
    expect(loaded).toMatchObject({ code: 0, stderr: "" });
    expect(loaded.stdout).toMatch(/^main: \S+schema\.sql loaded\n$/);
    expect(await at("dump")).toEqual({ code: 0, stdout: sql, stderr: "" });
    expect(await at("dump", "--check", "--out", file)).toMatchObject({ code: 0 });
    expect(await at("verify", "--schema")).toMatchObject({ code: 0, stderr: "" });
    const again = await at("load", file);
    expect(again.code).toBe(4);
    expect(again.stderr).toContain("the database is not empty");
    const empty = await freshDatabase();
    onTestFinished(() => empty.drop());
    writeFileSync(file, "CREATE TABLE first ();\nCREATE TABLE posts (;\n");
    const failed = await ran(join(blog, "bin/blog"), ["load", file], {
      env: environment(empty.url, folder.path),
    });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/schema\.sql:2: repo main: syntax error .*CREATE TABLE posts/);
  });

  it("a server that is not there is told by each of them, with what to do", async () => {
    for (const args of [["dump"], ["load", "-"], ["verify", "--schema"]]) {
      const { code, stderr } = await ran(join(blog, "bin/blog"), args, {
        env: environment("postgres://nobody@127.0.0.1:1/none", folder.path),
      });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: repo main: .*127\.0\.0\.1:1.*\nhint: (?!Its adapter)/);
    }
  });

  it("an unknown command is told on stderr, with exit code 2", async () => {
    const { code, stdout, stderr } = await bin("migrat");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("unknown command migrat");
    const ofSources = await bin("squash");
    expect(ofSources.code).toBe(2);
    expect(ofSources.stderr).toMatch(/--help; what needs the sources .*: npx slipway --help\n$/);
  });
});

describe("its JavaScript", () => {
  it("is less than 598 kB of JavaScript, of which a command with nothing to do reads less than 315 kB", async () => {
    const sizes = readdirSync(join(blog, "lib"))
      .filter((file) => file.endsWith(".cjs"))
      .map((file) => [file, statSync(join(blog, "lib", file)).size] as const);
    const all = sizes.reduce((sum, [, size]) => sum + size, 0);
    await bin("migrate");
    const atStart = new Set([...(await scriptsOf("status")), ...(await scriptsOf("migrate"))]);
    const start = sizes.reduce((sum, [file, size]) => sum + (atStart.has(file) ? size : 0), 0);
    console.log(
      `JavaScript of the blog's release with pg: ${(all / 1000).toFixed(1)} kB, of which ${(start / 1000).toFixed(1)} kB are read by a short command: ${[...atStart].toSorted().join(", ")}`,
    );
    expect(atStart.has("later.cjs")).toBe(false);
    within(all, 586_500);
    within(start, 308_600);
  });
});

/** Which scripts a command reads. */
async function scriptsOf(command: string): Promise<readonly string[]> {
  const log = join(folder.path, `read-${command}`);
  const hook = join(folder.path, "hook.cjs");
  writeFileSync(
    hook,
    `const fs = require("node:fs"); const read = fs.readFileSync;
fs.readFileSync = (...given) => { fs.appendFileSync(${JSON.stringify(log)}, given[0] + "\\n"); return read(...given); };`,
  );
  const env = { ...environment(database.url, folder.path), NODE_OPTIONS: `--require ${hook}` };
  expect(await ran(join(blog, "bin/blog"), [command], { env, cwd: "/" })).toMatchObject({
    code: 0,
  });
  const names = readFileSync(log, "utf8").matchAll(/lib\/([\w-]+\.cjs)\n/g);
  return ["start.cjs", ...[...names].map(([, name = ""]) => name)];
}

/** At most five in a hundred more, and not so far below that it says nothing. */
function within(bytes: number, budget: number): void {
  expect(bytes).toBeLessThan(budget * 1.02);
  expect(bytes, "lower the budget").toBeGreaterThan(budget * 0.95);
}
