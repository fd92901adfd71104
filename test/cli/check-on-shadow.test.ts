/** `check --trace` and `check --roundtrip`, as somebody types them. */

import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { makePgliteFolder } from "../support/pglite.ts";
import { documentOf, makeProject, type Project, pgliteRelease, sqliteRelease } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const posts = `-- migrate:up
create table posts (id bigserial primary key, title text);
-- migrate:down
drop table posts;
`;
const checked = `import { defineMigration } from "slipway";
export default defineMigration({
  change(m) {
    m.createConstraint("posts", "short", { check: "length(title) < 100" });
    m.addCheck("posts", "filled", "title <> ''");
  },
});
`;
const forgetful = `-- migrate:up
create table tags (name text);
create table labels (name text);
-- migrate:down
drop table tags;
`;
const files = {
  "release.ts": pgliteRelease,
  "db/main/migrations/1_posts.sql": posts,
  "db/main/migrations/2_checked.ts": checked,
};

describe("check --trace", { timeout: 120_000 }, () => {
  it("shows what each statement of the named migration does, and leaves the database alone", async () => {
    project = makeProject(files);
    const { code, stdout, stderr } = await project.run(["check", "--trace", "--rows", "50", "2"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const steady = stdout
      .replaceAll(/here [\d.]+ ms/g, "here 1 ms")
      .replace(/on PostgreSQL .*?\),/, "on PostgreSQL,");
    expect(steady).toBe(`
Repo: main, on PostgreSQL, 1 migration replayed
  filled: posts (50)

  2 checked

    ALTER TABLE "posts" ADD CONSTRAINT "short" CHECK (length(title) < 100)
      takes  reads every row, here 1 ms, in transaction 2
      did    read public.posts
      locks  ACCESS EXCLUSIVE       public.posts             readers and writers wait
      rules  add-check-scan

    ALTER TABLE "posts" ADD CONSTRAINT "filled" CHECK (title <> '') NOT VALID
      takes  a moment, here 1 ms, in transaction 3
      locks  ACCESS EXCLUSIVE       public.posts             readers and writers wait

    ALTER TABLE "posts" VALIDATE CONSTRAINT "filled"
      takes  reads every row, here 1 ms, in transaction 4
      did    read public.posts
      locks  SHARE UPDATE EXCLUSIVE public.posts             nobody waits
`);
    expect(project.has("data")).toBe(false);
  });

  it("gives the same as data, and ends with the code of a migration that fails", async () => {
    project = makeProject({
      ...files,
      "db/main/migrations/3_broken.sql": "alter table nothing add column a int;",
    });
    const ran = await project.run(["check", "--trace", "--all", "--json"]);
    expect(ran.code).toBe(1);
    const { traces } = documentOf(ran) as { traces: { statements: { failed?: string }[] }[] };
    expect(traces[0]?.statements.at(-1)?.failed).toBe('relation "nothing" does not exist');
  });

  it("knows which are pending from the database, and looks at those", async () => {
    project = makeProject(files);
    makePgliteFolder(join(project.folder, ".data"));
    await project.run(["migrate", "--step", "1"]);
    const { stdout } = await project.run(["check", "--trace"]);
    expect(stdout).toContain("  2 checked");
    expect(stdout).not.toContain("  1 posts");
  });
});

describe("check --roundtrip", { timeout: 120_000 }, () => {
  it("is silent about what comes back as it was", async () => {
    project = makeProject(files);
    const { code, stdout } = await project.run(["check", "--roundtrip", "--all"]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "\nRepo: main, up, down, up: 2 of 2 come back as they were\n",
    });
  });

  it("takes SQLite too", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "db/main/migrations/1_tags.sql":
        "-- migrate:up\ncreate table tags (name text);\n-- migrate:down\ndrop table tags;\n",
      "db/main/migrations/2_forgetful.sql": forgetful.replaceAll("tags", "marks"),
    });
    const { code, stdout } = await project.run(["check", "--roundtrip", "--all"]);
    expect(code).toBe(4);
    expect(stdout).toContain("main, up, down, up: 1 of 2 come back as they were");
    expect(stdout).toContain("\n    + table labels\n");
  });

  it("names what a rollback leaves behind, and ends with 4", async () => {
    project = makeProject({ ...files, "db/main/migrations/3_forgetful.sql": forgetful });
    const { code, stdout, stderr } = await project.run(["check", "--roundtrip", "--all"]);
    expect(code).toBe(4);
    expect(stdout).toContain("  3 forgetful: going up again failed\n");
    expect(stdout).toContain("\n    + table public.labels\n");
    expect(stderr).toContain("error: repo main: 3_forgetful did not come back as it was");
  });
});

describe("check on a shadow refuses in one line", () => {
  it.each([
    [["check", "--trace", "9"], "error: no migration has version 9"],
    [["check", "--trace", "--rows", "none"], "error: --rows is none, which is not a whole number"],
    [
      ["check", "--trace", "--shadow-sql", "no.sql", "--all"],
      "error: --shadow-sql is no.sql, which is not a file",
    ],
  ])("%j", async (args, words) => {
    project = makeProject(files);
    const { code, stderr } = await project.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it("to trace what is not PostgreSQL", async () => {
    project = makeProject({ "release.ts": sqliteRelease, "db/main/migrations/1_posts.sql": posts });
    const { code, stderr } = await project.run(["check", "--trace", "--all"]);
    expect(code).toBe(2);
    expect(stderr).toContain("error: no shadow can be made for main");
  });
});
