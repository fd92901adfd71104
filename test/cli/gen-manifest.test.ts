import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeProject, type Project, pgliteRelease, sqliteRelease } from "./project.ts";

let project: Project;

beforeEach(() => {
  project = makeProject({
    "release.ts": `import { manifest } from "./db/manifest.ts";\n${sqliteRelease.replace("app:", "manifest, app:")}`,
    "db/main/migrations/20210702012346_create_users.sql": "create table users (id integer);",
  });
});

afterEach(() => project.remove());

const read = (file: string) => readFileSync(join(project.folder, file), "utf8");

describe("gen manifest", () => {
  it("writes db/manifest.ts, also when the release imports it already", async () => {
    const ran = await project.run(["gen", "manifest"]);
    expect(ran).toMatchObject({ code: 0, stdout: "* creating db/manifest.ts\n", stderr: "" });
    expect(read("db/manifest.ts")).toContain('load: "create table users (id integer);"');
    expect(await project.run(["gen", "manifest"])).toMatchObject({
      code: 0,
      stdout: "* unchanged db/manifest.ts\n",
    });
  });

  it("--check is 0 for a fresh one and 3 for one that is stale or missing, and writes nothing", async () => {
    const missing = await project.run(["gen", "manifest", "--check"]);
    expect([missing.code, missing.stderr, project.has("db/manifest.ts")]).toEqual([
      3,
      "error: db/manifest.ts is not there\nhint: Write it with: slipway gen manifest\n",
      false,
    ]);
    await project.run(["gen", "manifest"]);
    expect(await project.run(["gen", "manifest", "--check"])).toMatchObject({
      code: 0,
      stdout: "db/manifest.ts is fresh\n",
    });

    const before = read("db/manifest.ts");
    project.write("db/main/migrations/20210702012347_create_posts.sql", "select 1");
    const stale = await project.run(["gen", "manifest", "--check"]);
    expect([stale.code, stale.stderr]).toEqual([
      3,
      "error: db/manifest.ts is not what the migration folders hold\nhint: Write it with: slipway gen manifest\n",
    ]);
    expect(read("db/manifest.ts")).toBe(before);
    expect(await project.run(["gen", "manifest"])).toMatchObject({
      code: 0,
      stdout: "* updating db/manifest.ts\n",
    });
  });

  it("has what the safety rules say, since a bundle has no parser", async () => {
    project.write("release.ts", pgliteRelease);
    project.write(
      "db/main/migrations/20210702012347_drop.sql",
      "alter table users drop column id;",
    );
    expect((await project.run(["gen", "manifest"])).stderr).toBe("");
    const text = read("db/manifest.ts");
    expect(text).toContain('verdict: { "findings": [], "makes": ["users"] }');
    expect(text).toMatch(/"rule":"drop-column"/);
  });

  it("makes anew one that a merge broke", async () => {
    await project.run(["gen", "manifest"]);
    const whole = read("db/manifest.ts");
    project.write("db/manifest.ts", `<<<<<<< HEAD\n${whole}=======\n`);
    expect(await project.run(["gen", "manifest"])).toMatchObject({ code: 0 });
    expect(read("db/manifest.ts")).toBe(whole);
  });

  it("writes JavaScript where --out says so, from wherever it is called", async () => {
    project.write("sub/x", "");
    project.write("release.ts", sqliteRelease);
    const ran = await project.run(["gen", "manifest", "--out", "../src/carried.mjs", "--json"], {
      cwd: "sub",
    });
    expect(JSON.parse(ran.stdout)).toEqual({ path: "../src/carried.mjs", changed: true });
    expect(read("src/carried.mjs")).not.toContain("satisfies");
  });

  it.each([
    ["release.mjs", "module", "db/manifest.mjs"],
    ["release.mts", "commonjs", "db/manifest.mts"],
  ])("beside %s in a package of type %s it is %s", async (release, type, file) => {
    const other = makeProject({
      [release]: sqliteRelease,
      "package.json": JSON.stringify({ name: "my-app", type }),
      "db/main/migrations/20210702012346_a.sql": "select 1",
    });
    try {
      const ran = await other.run(["gen", "manifest"]);
      expect(ran).toMatchObject({ code: 0, stdout: `* creating ${file}\n` });
    } finally {
      other.remove();
    }
  });

  it("writes over no file that a person wrote, unless told so", async () => {
    project.write("release.ts", sqliteRelease);
    project.write("db/mine.ts", "export const mine = 1;\n");
    const { code, stderr } = await project.run(["gen", "manifest", "--out", "db/mine.ts"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "error: db/mine.ts exists already\nhint: Delete it first, or add --overwrite, if you want a new one.\n",
    });
    expect(read("db/mine.ts")).toBe("export const mine = 1;\n");
    const ran = await project.run(["gen", "manifest", "--out", "db/mine.ts", "--overwrite"]);
    expect(ran).toMatchObject({ code: 0, stdout: "* updating db/mine.ts\n" });
  });

  it.each([
    ["", '--out is "", which is not a path that ends in .ts, .mts, .js or .mjs'],
    ["db", "--out is db, which is not a path that ends in .ts, .mts, .js or .mjs"],
  ])("refuses --out %j", async (out, message) => {
    const { code, stderr } = await project.run(["gen", "manifest", "--out", out]);
    expect([code, stderr.split("\n")[0]]).toEqual([2, `error: ${message}`]);
  });

  it("names another module that is missing, and not this file", async () => {
    project.write("release.ts", `import "./other.ts";\n${sqliteRelease}`);
    const { code, stderr } = await project.run(["gen", "manifest"]);
    expect([code, stderr.split("\n")[0]]).toEqual([
      2,
      "error: release.ts cannot be used: Cannot find module 'other.ts' imported from release.ts",
    ]);
  });

  it("has nothing to do where every repo has a map of its own", async () => {
    project.write(
      "release.ts",
      sqliteRelease.replace("adapter:", "migrations: {}, dataMigrations: {}, adapter:"),
    );
    const { code, stderr } = await project.run(["gen", "manifest"]);
    expect([code, stderr.split("\n")[0]]).toEqual([
      2,
      "error: every repo takes its migrations from a map already",
    ]);
  });

  it("is not what the command line reads: there the folders are the truth", async () => {
    await project.run(["gen", "manifest"]);
    project.write("db/main/migrations/20210702012347_create_posts.sql", "create table posts (id);");
    expect((await project.run(["migrate"])).code).toBe(0);
    expect((await project.run(["status"])).stdout).toContain("create_posts");
  });
});
