import { afterEach, describe, expect, it } from "vitest";
import {
  makeProject,
  type Project,
  pgliteRelease,
  sqliteRelease,
  twoMigrations,
} from "./project.ts";

let project: Project;

afterEach(() => project.remove());

describe("plan", () => {
  it("shows words, SQL and code of what would run, and runs nothing", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "db/main/migrations/1_posts.sql":
        "-- migrate:up\ncreate table posts (\n  id integer\n);\n-- migrate:down\ndrop table posts;\n",
      "db/main/migrations/2_fill.ts": `import { defineMigration } from "slipway";
export default defineMigration({
  transaction: false,
  change(m) {
    m.run(async () => undefined, { down: async () => undefined });
  },
});
`,
    });
    await project.run(["create"]);
    const planned = await project.run(["plan"]);
    expect(planned).toEqual({
      code: 0,
      signal: null,
      stderr: "",
      stdout: `
Repo: main

  1 posts up, in a transaction
    execute
      create table posts (
        id integer
      );

  2 fill up, without a transaction
    run code

Rollout of main

  1. Before the deploy: migrate --repo main --phase before
       1 posts
         the new code may need "create table posts ( id integer )"
       2 fill
         see for yourself: run code
  2. Deploy the code: it may start when these have run (see wait).
`,
    });
    expect(await project.run(["plan"])).toEqual(planned);
  });

  it("takes a safe form apart, and says what each part means to others", async () => {
    project = makeProject({
      "release.ts": pgliteRelease,
      "db/main/migrations/1_checked.ts": `import { defineMigration } from "slipway";
export default defineMigration({
  change(m) {
    m.setNotNullSafely("posts", "title");
    m.addColumnWithBackfill("posts", "slug", "string", { default: "" });
  },
});
`,
    });
    const { stdout } = await project.run(["plan"]);
    expect(stdout.split("\nRollout")[0]).toBe(`
Repo: main

  1 checked up, without a transaction
    safely: set not null on column title of table posts
    not null on title for new rows
      -- stops readers and writers for a moment; reads no row
      ALTER TABLE "posts" ADD CONSTRAINT "posts_title_not_null" NOT NULL "title" NOT VALID;
    validate posts_title_not_null
      -- reads the table beside readers and writers
      ALTER TABLE "posts" VALIDATE CONSTRAINT "posts_title_not_null";
    safely: add column slug to table posts
    add column slug (one transaction)
      -- stops readers and writers for a moment; reads no row
      ALTER TABLE "posts" ADD COLUMN "slug" varchar(255);
      ALTER TABLE "posts" ALTER COLUMN "slug" SET DEFAULT '';
    fill slug in the rows that are there
      -- batch by batch, each a short transaction; locks the rows of one batch
      -- batch by batch: UPDATE posts SET "slug" = DEFAULT WHERE "slug" IS NULL;
`);
  });

  it("takes the targets of migrate", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    const { stdout } = await project.run(["plan", "--to", "1"]);
    expect(stdout).toContain("1 users up");
    expect(stdout).not.toContain("posts");
  });

  it("says in one line that nothing is to do", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    await project.run(["migrate"]);
    const { code, stdout } = await project.run(["plan"]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "repo main: nothing to do, migrations already up\n",
    });
  });

  it("--json gives the steps as data", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    const { stdout, code } = await project.run(["plan", "--step", "1", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      repos: [
        {
          repo: "main",
          direction: "up",
          warnings: [],
          steps: [
            {
              file: { version: "1", name: "users", origin: "db/main/migrations/1_users.ts" },
              direction: "up",
              callback: "change",
              transactional: true,
              actions: [{ kind: "statements", words: "create table users" }],
            },
          ],
        },
      ],
    });
  });
});
