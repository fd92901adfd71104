/** What commands add to the summary of a job on GitHub, and print for a comment. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeProject, type Project, sqliteRelease } from "./project.ts";

let project: Project;
let summary = "";
let told = 0;

beforeAll(async () => {
  project = makeProject({
    "release.ts": sqliteRelease,
    "db/main/migrations/1_posts.sql":
      "-- migrate:up\ncreate table posts (id integer, `title` text);\n-- migrate:down\ndrop table posts;\n",
    "wished.sql":
      "create table posts (id integer, title text);\ncreate table users (id integer);\n",
  });
  summary = join(project.folder, "summary.md");
});
afterAll(() => project.remove());

const run = (...args: readonly string[]) =>
  project.run(args, { env: { GITHUB_STEP_SUMMARY: summary } });

/** What the last command has added. */
function added(): string {
  const text = readFileSync(summary, "utf8").slice(told);
  told += text.length;
  return text;
}

it("check adds what it found, once also where the file is named", async () => {
  const { code } = await run("check", "--all", "--summary", summary);
  expect(code).toBe(0);
  expect(added().match(/^## Migrations/gm)).toHaveLength(1);
  expect((await run("check", "--all")).code).toBe(0);
  expect(added().match(/^## Migrations: no findings/gm)).toHaveLength(1);
});

it("plan adds each migration with its SQL, and prints it for a comment", async () => {
  const { code, stdout } = await run("plan", "--format", "markdown");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^## Plan: 1 to run\n\n### `1 posts` up\n\nRepo main, in a transaction\.\n/,
  );
  expect(stdout).toContain("```sql\ncreate table posts (id integer, `title` text);\n```");
  expect(stdout).toContain("### Rollout");
  expect(added()).toBe(`${stdout}\n`);
  const text = await run("plan");
  expect(text.stdout).toContain("Repo: main");
  expect(added()).toBe(`${stdout}\n`);
});

it("verify --schema adds what was changed by hand", async () => {
  expect((await run("migrate")).code).toBe(0);
  const none = await run("verify", "--schema", "--format", "markdown");
  expect(none).toMatchObject({ code: 0, stdout: "## Schema: nothing changed by hand\n" });
  added();
  const database = new DatabaseSync(join(project.folder, "main.db"));
  database.exec("create table by_hand (id integer)");
  database.close();
  const { code, stdout } = await run("verify", "--schema", "--format", "markdown");
  expect(code).toBe(4);
  expect(stdout).toMatch(/^## Schema: 1 changed by hand\n\n### Repo `main`\n\n```diff\n/);
  expect(stdout).toContain("by_hand");
  expect(added()).toBe(`${stdout}\n`);
});

it("gen migration --diff --check adds what no migration makes", async () => {
  const diff = ["gen", "migration", "--diff", "--to", "wished.sql", "--check"];
  const { code, stdout } = await run(...diff, "--format", "markdown");
  expect(code).toBe(3);
  expect(stdout).toMatch(/^## Schema of repo `main`: 1 not in a migration\n\n```text\n/);
  expect(stdout).toContain("users");
  expect(added()).toBe(`${stdout}\n`);
});

it("a summary that cannot be written is a warning", async () => {
  const env = { GITHUB_STEP_SUMMARY: project.folder };
  const { code, stderr } = await project.run(["plan"], { env });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: the summary of the job was not written: EISDIR/m);
});

it("--format is refused where there is nothing to format", async () => {
  expect(await project.run(["verify", "--format", "markdown"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--format is of verify --schema"),
  });
});
