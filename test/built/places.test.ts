/** Where a release may lie and who may run it. */
import { chmodSync, cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { buildBlog, environment, folderOf, ran, shellOnly } from "./support.ts";

const folder = folderOf("places");
const isRoot = process.getuid?.() === 0;
let blog = "";
let database: FreshDatabase;
let env: { readonly [variable: string]: string };

beforeAll(async () => {
  blog = await buildBlog(folder.path, "--include-node");
  database = await freshDatabase();
  env = environment(database.url, folder.path);
});
afterAll(async () => {
  chmodAll(blog, 0o755);
  folder.remove();
  await database.drop();
});

const first = "down      20210702012346  create_users";

it("runs from a folder that nobody may write to, as an ordinary user, with no HOME and no PATH but a shell", async () => {
  chmodAll(blog, 0o555);
  const { DATABASE_URL = "", PATH = "" } = env;
  const given = await ran(join(blog, "bin/blog"), ["status"], {
    cwd: "/",
    env: { DATABASE_URL, PATH },
    ...(isRoot ? { uid: 65_534 } : {}),
  });
  expect(given).toMatchObject({ code: 0, stderr: "" });
  expect(given.stdout).toContain(first);
});

it.each([
  ["a path with spaces", () => copied("a folder with spaces"), "/"],
  ["a link to bin/blog", () => linked("link"), "/"],
  ["a link to that link, relative", () => linked("again", "link"), "/"],
  ["a relative path", () => "blog/bin/blog", folder.path],
  ["its own folder", () => "./blog", join(folder.path, "blog/bin")],
  ["what PATH finds", () => "blog", "/"],
])("runs by %s", async (_, path, cwd) => {
  const command = path();
  const PATH = `${join(blog, "bin")}:/usr/bin:/bin`;
  const given = await ran("/bin/sh", ["-c", `"${command}" status`], { cwd, env: { ...env, PATH } });
  expect(given).toMatchObject({ code: 0, stderr: "" });
  expect(given.stdout).toContain(first);
});

it("names the variable that is not set", async () => {
  const { code, stderr } = await ran(join(blog, "bin/blog"), ["status"], {
    env: { PATH: env.PATH! },
  });
  expect(code).toBe(2);
  expect(stderr).toBe(
    "error: the environment variable DATABASE_URL is not set\nhint: Set DATABASE_URL where this command runs.\n",
  );
});

it("says when there is no Node", async () => {
  const bare = await buildBlog(join(folder.path, "bare"));
  const { code, stderr } = await ran(join(bare, "bin/blog"), ["status"], {
    env: { PATH: shellOnly(folder.path) },
  });
  expect(code).toBe(2);
  expect(stderr).toContain("error: there is no node here\nhint: Install Node 22.18 or newer");
});

function copied(name: string): string {
  const target = join(folder.path, name);
  cpSync(blog, target, { recursive: true });
  return join(target, "bin/blog");
}

function linked(name: string, target = join(blog, "bin/blog")): string {
  mkdirSync(join(folder.path, "links"), { recursive: true });
  const path = join(folder.path, "links", name);
  symlinkSync(target, path);
  return path;
}

function chmodAll(path: string, mode: number): void {
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), mode);
  }
  chmodSync(path, mode);
}
