/** What is not said because there is one only: the repo of a version, and the backfill that was begun. */
import { afterEach, expect, it } from "vitest";
import { makeProject, type Project, sqliteRelease, twoRepos } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const index = (table: string) => `create index ${table}_id on ${table} (id);\n`;

it("check of a version that one of several repos has needs no --repo, nor does one of its files", async () => {
  project = makeProject({
    "release.ts": twoRepos,
    "db/main/migrations/1_posts.sql": "create table posts (id integer, title text);\n",
    "db/main/migrations/2_drop.sql": "alter table posts drop column id;\n",
    "db/analytics/migrations/1_views.sql": "create table views (id integer);\n",
    "db/analytics/migrations/3_index.sql": index("views"),
  });
  for (const named of ["2", "db/main/migrations/2_drop.sql"]) {
    const { code, stdout } = await project.run(["check", named]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(
        "repo main: judged 1 migration against the schema of 1 earlier one\n",
      ),
    ]);
    expect(stdout).not.toContain("analytics");
  }
  const both = await project.run(["check", "1"]);
  expect(both.stdout + both.stderr).toMatch(/main[\s\S]*analytics/);
});

it("the commands of a backfill mean the only one that was begun", async () => {
  project = makeProject({
    "release.ts": sqliteRelease,
    "db/main/migrations/1_posts.sql":
      "create table posts (id integer primary key, done integer);\ninsert into posts (id) values (1), (2), (3);\n",
    "db/main/data_migrations/2_fill.ts": `import { defineBackfill, sql } from "slipway";
export default defineBackfill({ table: "posts", key: "id", set: { done: sql\`1\` }, batchSize: 1, maxBatchSize: 1, pauseMs: 3_000 });
`,
  });
  expect((await project.run(["migrate"])).code).toBe(0);
  const none = await project.run(["backfill", "show"]);
  expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/^error: /)]);
  expect((await project.run(["migrate-data", "--for", "1s"])).code).toBe(0);
  const { code, stdout } = await project.run(["backfill", "show"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("2 fill")]);
  expect(await project.run(["backfill", "pause"])).toMatchObject({ code: 0 });
});
