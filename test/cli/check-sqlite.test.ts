/** `check` of a SQLite repo: the history is tried in memory, operations and SQL alike. */
import { afterEach, expect, it } from "vitest";
import { documentOf, makeProject, type Project, sqliteRelease } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const migration = (body: string) => `import { defineMigration } from "slipway";
export default defineMigration({ change(m) { ${body} } });
`;

it("says what fails, what rows refuse, and what is left broken, and touches no database", async () => {
  project = makeProject({
    "release.ts": sqliteRelease,
    "db/main/migrations/1_posts.ts": migration(
      'm.createTable("posts", (t) => { t.id(); t.column("title", "text"); t.column("old", "text"); });',
    ),
    "db/main/migrations/2_view.sql":
      "-- migrate:up\nCREATE VIEW titles AS SELECT title FROM posts;\n-- migrate:down\nDROP VIEW titles;\n",
    "db/main/migrations/3_drop.sql":
      "-- migrate:up\nALTER TABLE posts DROP COLUMN old;\n\nALTER TABLE posts DROP COLUMN title;\n",
    "db/main/migrations/4_add.sql":
      "-- migrate:up\nALTER TABLE posts ADD COLUMN slug text NOT NULL;\n",
    "db/main/migrations/5_unknown.sql": "-- migrate:up\nALTER TABLE elsewhere DROP COLUMN a;\n",
  });
  const all = documentOf(await project.run(["check", "--all", "--json"])) as {
    findings: { rule: string; file: string; line: number; message: string }[];
  };
  expect(
    all.findings.map(({ rule, file, line, message }) => [
      `${file.slice(-12)}:${line}`,
      rule,
      message.replace(/SQLite [\d.]+/, "SQLite"),
    ]),
  ).toEqual([
    [
      "s/3_drop.sql:4",
      "will-fail",
      "it is certain to fail: SQLite says: error in view titles after drop column: no such column: title",
    ],
    [
      "ns/4_add.sql:2",
      "sqlite-refuses-rows",
      "it fails as soon as posts has a row: Cannot add a NOT NULL column with default value NULL",
    ],
  ]);
  expect(project.has("data")).toBe(false);
});

it("judges the operations of the language as they run", async () => {
  project = makeProject({
    "release.ts": sqliteRelease,
    "db/main/migrations/1_posts.ts": migration(
      'm.createTable("posts", (t) => { t.id(); t.column("title", "text"); });',
    ),
    "db/main/migrations/2_slug.ts": migration(
      'm.alterTable("posts", (t) => { t.add("slug", "text", { null: false }); });',
    ),
    "db/main/migrations/3_title.ts": migration(
      'm.createConstraint("posts", "short", { check: "length(titel) < 100" });',
    ),
  });
  const found = documentOf(await project.run(["check", "--all", "--json"])) as {
    findings: { rule: string; file: string }[];
  };
  expect(found.findings.map(({ rule, file }) => `${file.slice(-10)} ${rule}`)).toEqual([
    "/2_slug.ts sqlite-refuses-rows",
    "3_title.ts will-fail",
  ]);
});
