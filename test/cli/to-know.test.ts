/** What somebody should hear: nothing is recorded, lost or refused in silence. */
import { afterEach, describe, expect, it } from "vitest";
import {
  documentOf,
  linesOf,
  makeProject,
  type Project,
  sqliteRelease,
  tableMigration,
} from "./project.ts";

let project: Project;

afterEach(() => project.remove());

const empty = `import { defineMigration } from "slipway";

export default defineMigration({ change() {} });
`;
const second = "db/main/migrations/2_posts.ts";

describe("an empty migration", () => {
  it("is told when it runs, and is edited when it is filled in afterwards", async () => {
    project = makeProject({ "release.ts": sqliteRelease, [second]: empty });
    const ran = await project.run(["migrate"]);
    expect(ran.code).toBe(0);
    expect(linesOf(ran)[0]).toBe(
      `warning: repo main: ${second} does nothing: it counts as applied, and what you write into it afterwards does not run (--strict refuses it)`,
    );
    project.write(second, tableMigration("posts"));
    const { stdout } = await project.run(["status"]);
    expect(stdout).toContain("  up (edited)  2               posts\n");
    expect(stdout).toContain(
      "  edited: 2 posts ran, and its file means something else now; see: slipway verify --repo main\n",
    );
    expect((await project.run(["status", "--plain"])).stdout).toContain("  up        2   ");
  });

  it("is refused with --strict, told by plan, and nothing runs", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "db/main/migrations/1_users.ts": tableMigration("users"),
      [second]: empty,
    });
    expect(await project.run(["migrate", "--strict"])).toEqual({
      code: 4,
      signal: null,
      stdout: "",
      stderr: `error: repo main: ${second} does nothing\nhint: Fill the file in, or remove it. Without --strict, Slipway records it as applied.\n`,
    });
    expect((await project.run(["status", "--plain"])).stdout).toContain("  down      1 ");
    const plan = await project.run(["plan"]);
    expect(plan.code).toBe(0);
    expect(plan.stderr).toContain(`${second} does nothing`);
  });

  it("is not meant where SQL, a hook or a rollback does something", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "db/main/migrations/1_users.sql":
        "-- migrate:up\ncreate table users (id integer);\n-- migrate:down\n",
    });
    expect((await project.run(["migrate", "--strict"])).code).toBe(0);
    const back = await project.run(["rollback", "main", "1"]);
    expect(back.stderr).not.toContain("does nothing");
  });
});

it("rolling back what was dropped says that its data is gone", async () => {
  project = makeProject({
    "release.ts": sqliteRelease,
    "db/main/migrations/1_users.sql":
      "-- migrate:up\ncreate table users (id integer, name text);\n-- migrate:down\ndrop table users;\n",
    "db/main/migrations/2_slim.ts": `import { defineMigration } from "slipway";

export default defineMigration({
  safe: { "drop-column": "nobody reads it", "drop-table": "nobody reads it" },
  change(m) {
    m.alterTable("users", (t) => t.remove("name", { was: "text" }));
  },
});
`,
  });
  expect((await project.run(["migrate"])).code).toBe(0);
  const back = await project.run(["rollback", "main", "2"]);
  expect(back.code).toBe(0);
  expect(back.stderr).toContain(
    "warning: repo main: 2_slim: column users.name comes back empty: what was in it is gone\n",
  );
  expect((await project.run(["rollback", "main", "1"])).stderr).not.toContain("comes back");
});

it("plan shows what is pending although an applied file was edited, and verify ends as it finds", async () => {
  project = makeProject({ "release.ts": sqliteRelease, [second]: tableMigration("posts") });
  await project.run(["create"]);
  const behind = await project.run(["verify"]);
  expect(behind).toMatchObject({ code: 3, stdout: "main: behind\n  pending       2\n" });
  expect(behind.stderr).toMatch(/^error: there are pending migrations: main \(2\)\n/);
  await project.run(["migrate"]);
  expect((await project.run(["verify"])).code).toBe(0);
  project.write(second, tableMigration("articles"));
  project.write("db/main/migrations/3_tags.ts", tableMigration("tags"));
  const plan = await project.run(["plan"]);
  expect(plan.code).toBe(0);
  expect(plan.stdout).toContain("3 tags up");
  expect(plan.stderr).toContain(`${second} has run, and says something else now`);
  const asJson = await project.run(["plan", "--json"]);
  expect(documentOf(asJson)).toMatchObject({
    repos: [{ warnings: [{ code: "would_be_refused", details: { error: "migration_edited" } }] }],
  });
  expect((await project.run(["migrate"])).code).toBe(4);
  expect((await project.run(["verify"])).code).toBe(4);
});
