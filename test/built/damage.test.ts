/** A release whose files are not what was built. */
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { buildBlog, environment, folderOf, ran } from "./support.ts";

const folder = folderOf("damage");
let blog = "";
let version = "";
let database: FreshDatabase;
const changed = new Map<string, Buffer>();

beforeAll(async () => {
  blog = await buildBlog(folder.path);
  version = readdirSync(join(blog, "releases"))[0]!;
  database = await freshDatabase();
});
afterEach(() => {
  for (const [path, contents] of changed) writeFileSync(path, contents);
  changed.clear();
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

const bin = (...args: readonly string[]) =>
  ran(join(blog, "bin/blog"), args, { env: environment(database.url, folder.path) });

/** A file of the release, which is put back after the test. */
function file(path: string): string {
  const full = join(blog, path);
  changed.set(full, readFileSync(full));
  return full;
}

const hint = "hint: Copy the release here again, or build it again.\n";

describe("verify", () => {
  it("says that all is as it was built, as text and as JSON", async () => {
    const { code, stdout } = await bin("verify");
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^files: all \d+ as they were built\nmain: behind\n {2}pending {7}20210702012346\n/,
    );
    const json = JSON.parse((await bin("verify", "--files", "--json")).stdout);
    expect(json).toEqual({ files: { checked: expect.any(Number), damaged: [] } });
  });

  it.each([
    [
      "a manifest edited by hand",
      () => appendFileSync(file(`releases/${version}/manifest.json`), " "),
      "manifest.json",
      "changed",
    ],
    ["a launcher that is gone", () => rmSync(file("bin/migrate")), "bin/migrate", "missing"],
    [
      "a list that is gone",
      () => rmSync(file(`releases/${version}/SHA256SUMS`)),
      "SHA256SUMS",
      "missing",
    ],
  ])("tells of %s", async (_, damage, path, is) => {
    damage();
    const { code, stdout, stderr } = await bin("verify");
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toMatch(
      new RegExp(`^error: this release is not as it was built: \\S*${path} \\(${is}\\)\n`),
    );
  });
});

describe("a bundle that cannot be read", () => {
  it.each([
    ["cut off", "lib/main.cjs", () => truncateSync(file("lib/main.cjs"), 20_000)],
    ["empty", "lib/main.cjs", () => truncateSync(file("lib/main.cjs"), 0)],
    ["gone", "lib/main.cjs", () => rmSync(file("lib/main.cjs"))],
    ["written over", "lib/main.cjs", () => writeFileSync(file("lib/main.cjs"), "}{")],
    [
      "without its list of migrations",
      "lib/migrations.json",
      () => truncateSync(file("lib/migrations.json"), 5),
    ],
  ])("%s is told in one line", async (_, path, damage) => {
    damage();
    const { code, stdout, stderr } = await bin("status");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      new RegExp(`^error: this release is not as it was built: ${path} \\(\\w+\\)\n${hint}$`),
    );
  });

  it("migrations that are cut off stop nothing that needs none, and are named where they do", async () => {
    truncateSync(file("lib/plans.json"), 500);
    expect(await bin("status")).toMatchObject({ code: 0, stderr: "" });
    const { code, stderr } = await bin("migrate");
    expect(code).toBe(2);
    expect(stderr).toContain(
      "20210702012346_create_users.ts cannot be loaded: this release is not as it was built: lib/plans.json (changed)\n",
    );
  });

  it("what only some commands run is read and named by those alone", async () => {
    expect(await bin("migrate")).toMatchObject({ code: 0 });
    truncateSync(file("lib/later.cjs"), 10_000);
    expect(await bin("status")).toMatchObject({ code: 0, stderr: "" });
    expect(await bin("history")).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: this release is not as it was built: lib/later.cjs (changed)\n${hint}`,
    });
  });

  it("a cache of V8 that is damaged costs time and nothing else", async () => {
    const cache = readdirSync(join(blog, "lib")).find((name) => /^main-.*\.cache$/.test(name))!;
    writeFileSync(file(`lib/${cache}`), "no");
    expect(await bin("status")).toMatchObject({ code: 0, stderr: "" });
    rmSync(join(blog, "tmp"), { recursive: true, force: true });
  });
});
