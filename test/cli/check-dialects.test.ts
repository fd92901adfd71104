/** `check` of what is not PostgreSQL's: files by `--dialect`, and repos by their adapter. */
import { afterEach, describe, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

describe("check --dialect", () => {
  it("judges files of MySQL and SQLite", async () => {
    project = makeProject({
      "a.sql": "ALTER TABLE posts ADD CHECK (a > 0);\nCREATE FULLTEXT INDEX i ON posts (b);\n",
      "b.sql": "PRAGMA foreign_keys = OFF;\nDROP TABLE a;\n",
    });
    const rules = async (...args: readonly string[]) => {
      const { code, stdout } = await project.run(["check", ...args, "--json"]);
      const { findings } = JSON.parse(stdout) as { findings: { rule: string; line: number }[] };
      return [code, ...findings.map(({ rule, line }) => `${rule}:${line}`)];
    };
    expect(await rules("a.sql", "--dialect", "mysql")).toEqual([
      4,
      "mysql-copy-blocks-writes:1",
      "mysql-inplace-blocks-writes:2",
    ]);
    expect(await rules("b.sql", "--dialect", "sqlite")).toEqual([0]);
    expect(await rules("b.sql", "--dialect", "sqlite", "--in-transaction")).toEqual([
      4,
      "sqlite-pragma-in-transaction:1",
    ]);
    const wrong = await project.run([
      "check",
      "a.sql",
      "--dialect",
      "mysql",
      "--server-version",
      "17",
    ]);
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain("--server-version is for PostgreSQL, and --dialect is mysql");
  }, 120_000);

  it("is not needed for the repos of a release", async () => {
    project = makeProject({
      "package.json": '{ "type": "module" }',
      "release.ts": `import { defineRelease } from "slipway";
import { mysql } from "slipway/mysql";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({ app: "app", repos: {
  main: { adapter: mysql({ url: "mysql://root@127.0.0.1:1/none" }) },
  lite: { adapter: sqlite({ path: "lite.db" }) },
} });
`,
      "db/main/migrations/1_users.ts": `import { defineMigration } from "slipway";
export default defineMigration({ change: (m) => m.createTable("users", (t) => { t.id(); t.column("n", "integer"); }) });
`,
      "db/main/migrations/2_wider.ts": `import { defineMigration } from "slipway";
export default defineMigration({ change: (m) => m.alterTable("users", (t) => t.modify("n", "bigint", { was: { type: "integer" } })) });
`,
      "db/main/migrations/3_index.sql": "CREATE INDEX users_n ON users (n);\n",
      "db/lite/migrations/1_a.sql": "PRAGMA foreign_keys = OFF;\nCREATE TABLE a (id integer);\n",
    });
    const { code, stdout } = await project.run(["check", "--all", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      files: 4,
      findings: [{ rule: "mysql-copy-blocks-writes", file: "db/main/migrations/2_wider.ts" }],
    });
    expect(JSON.parse(stdout).findings).toHaveLength(1);
    expect(code).toBe(4);
  }, 120_000);
});
