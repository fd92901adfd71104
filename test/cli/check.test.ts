/** `check` as a process: SQL files on their own, and the migrations of a release. */

import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { makePgliteFolder } from "../support/pglite.ts";
import { makeProject, type Project, pgliteRelease } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const index = "CREATE INDEX users_name ON users (name);\n";

it("says that `was` leaves out what is changed, for going down is refused then", async () => {
  const modify = (options: string) => `import { defineMigration } from "slipway";
export default defineMigration({
  change: (m) => m.alterTable("posts", (t) => t.modify("title", "text", ${options})),
});
`;
  project = makeProject({
    "release.ts": pgliteRelease,
    "db/main/migrations/1_posts.sql":
      "create table posts (id bigint primary key, title varchar(9));\n",
    "db/main/migrations/2_half.ts": modify('{ null: true, was: "string" }'),
    "db/main/migrations/3_whole.ts": modify('{ null: true, was: { type: "string", null: true } }'),
    "db/main/migrations/4_none.ts": modify("{ null: true }"),
  });
  const said = async (...args: readonly string[]) => {
    const { stdout } = await project.run(["check", ...args]);
    return stdout.match(/^.*leaves out.*$/gm) ?? [];
  };
  const half =
    'note: db/main/migrations/2_half.ts `was` leaves out what is changed, so going down is refused. Write was: { type: "string", null: … } for column title in m.alterTable("posts", …), or write up(m) and down(m).';
  expect(await said("--all")).toEqual([half]);
  expect(await said("db/main/migrations/3_whole.ts")).toEqual([]);
  expect((await project.run(["migrate", "--to", "2"])).code).toBe(0);
  const { code, stderr } = await project.run(["rollback", "main", "--step", "1", "--yes"]);
  expect([code, stderr]).toEqual([4, expect.stringContaining("for column title")]);
});

describe("check with files", () => {
  it("needs no release, ends with 4 on a finding and with 0 on none", async () => {
    project = makeProject({
      "a.sql": index,
      "b.sql": "ALTER TABLE users ADD COLUMN x int NOT NULL;\n",
      "base.sql": "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n",
      "fine.sql": "CREATE INDEX CONCURRENTLY users_name ON users (name);\n",
    });
    const options = ["--schema", "base.sql", "--server-version", "14", "--json"];
    const found = await project.run(["check", "a.sql", "b.sql", ...options]);
    expect(found.code).toBe(4);
    expect(JSON.parse(found.stdout)).toMatchObject({
      findings: [
        { rule: "index-not-concurrent", file: "a.sql", line: 1, tables: ["users"] },
        { rule: "add-column-required", file: "b.sql", line: 1 },
      ],
      files: 2,
    });
    expect((await project.run(["check", "fine.sql", ...options])).code).toBe(0);
    const wrapped = await project.run(["check", "fine.sql", ...options, "--in-transaction"]);
    expect(JSON.parse(wrapped.stdout).findings).toMatchObject([
      { rule: "concurrently-in-transaction" },
    ]);
  }, 120_000);

  it("tells bad input in one line, with exit code 2", async () => {
    project = makeProject({
      "a.sql": index,
      "answer.sql": `-- slipway: safe drop-table ""\n${index}`,
    });
    const lines = async (...args: readonly string[]) => {
      const { code, stderr } = await project.run(["check", ...args]);
      return [code, stderr.split("\n")[0]];
    };
    expect(await lines("none.sql")).toEqual([
      2,
      "error: none.sql cannot be read: there is no such file",
    ]);
    expect(await lines("a.sql", "--server-version", "x")).toEqual([
      2,
      "error: --server-version is x, which is not a version of PostgreSQL such as 14",
    ]);
    expect(await lines("answer.sql")).toEqual([
      2,
      'error: file answer.sql: line 1: "-- slipway: safe drop-table """ gives no reason',
    ]);
  }, 120_000);

  it("speaks GitHub and SARIF", async () => {
    project = makeProject({ "a.sql": index });
    const github = await project.run(["check", "a.sql", "--format", "github"]);
    expect(github.stdout).toMatch(
      /^::error file=a\.sql,line=1,title=index-not-concurrent::writes to users wait/,
    );
    const sarif = await project.run(["check", "a.sql", "--format", "sarif"]);
    expect(JSON.parse(sarif.stdout).runs[0].results).toMatchObject([
      { ruleId: "index-not-concurrent", level: "error" },
    ]);
  }, 120_000);
});

it("a word that is neither a version nor a path says so", async () => {
  project = makeProject({ "release.ts": pgliteRelease, "db/main/migrations/1_a.sql": "select 1;" });
  expect(await project.run(["check", "nofolder"])).toMatchObject({
    code: 2,
    stderr: `error: nofolder is no version, and there is no such file or folder
hint: Name a version such as 20210718153339, a file of SQL or a folder with some.
`,
  });
});

describe("how bad it is", () => {
  it("is told by the rows of the database that is asked; without one a table may be large", async () => {
    const rows = "INSERT INTO users (name) SELECT 'name ' || n FROM generate_series(1, 12000) n;";
    project = makeProject({
      "package.json": '{ "type": "module" }',
      "release.ts": pgliteRelease,
      "db/main/migrations/1_users.sql": `-- migrate:up\nCREATE TABLE users (id bigserial PRIMARY KEY, name text);\n${rows}\n-- migrate:down\n`,
      "db/main/migrations/2_analyze.sql":
        "-- slipway: transaction=false\n-- migrate:up\nANALYZE users;\n-- migrate:down\n",
    });
    makePgliteFolder(join(project.folder, ".data"));
    expect((await project.run(["migrate"])).code).toBe(0);
    project.write(
      "db/main/migrations/3_more.sql",
      "-- migrate:up\nCREATE INDEX users_name ON users (name);\nALTER TABLE users DROP COLUMN name;\n-- migrate:down\n",
    );
    const sized = await project.run(["check", "--json"]);
    expect(sized.code).toBe(4);
    const [byRows, whatever] = JSON.parse(sized.stdout).findings;
    expect(byRows).toMatchObject({
      rule: "index-not-concurrent",
      severity: "medium",
      rows: 12_000,
    });
    expect(whatever).toMatchObject({ rule: "drop-column", severity: "high" });
    expect(whatever).not.toHaveProperty("rows");
    const sarif = await project.run(["check", "--format", "sarif"]);
    expect(
      JSON.parse(sarif.stdout).runs[0].results.map(({ level }: { level: string }) => level),
    ).toEqual(["warning", "error"]);
    expect((await project.run(["check"])).stdout).toContain(
      "  size:   about 12,000 rows (severity medium)\n",
    );
    expect((await project.run(["check", "3"])).stdout).toContain(
      "  size:   unknown, assumed large (severity high)\n",
    );
  }, 120_000);
});

describe("check of a release", () => {
  it("judges DSL and SQL on what is built before, and leaves history alone", async () => {
    project = makeProject({
      "package.json": '{ "type": "module" }',
      "release.ts": `import { defineRelease } from "slipway";
import { pglite } from "slipway/pglite";
export const Release = defineRelease({ app: "app", repos: { main: { adapter: pglite({ dataDir: "memory://" }), startAfter: 2 } } });
`,
      "db/main/migrations/1_users.ts": `import { defineMigration } from "slipway";
export default defineMigration({ change: (m) => m.createTable("users", (t) => { t.id(); t.column("name", "string"); }) });
`,
      "db/main/migrations/2_old.sql":
        "-- migrate:up\nCREATE INDEX users_old ON users (name);\n-- migrate:down\n",
      "db/main/migrations/3_index.ts": `import { defineMigration } from "slipway";
export default defineMigration({ change: (m) => m.createIndex("users", ["name"]) });
`,
      "db/main/migrations/4_type.sql":
        "-- migrate:up\n\nALTER TABLE users ALTER COLUMN name TYPE text;\nANALYZE users;\n-- migrate:down\n",
      "db/main/migrations/5_drop.sql":
        '-- migrate:up\nALTER TABLE users DROP COLUMN name;\n-- slipway: safe drop-column "nobody reads it"\n-- migrate:down\n',
    });
    const { code, stdout, stderr } = await project.run(["check", "--all", "--json"]);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ rule: "index-not-concurrent", file: "db/main/migrations/3_index.ts" }],
      answered: [
        {
          rule: "drop-column",
          file: "db/main/migrations/5_drop.sql",
          line: 2,
          reason: "nobody reads it",
        },
      ],
      files: 3,
    });
    expect(code).toBe(4);
    expect((await project.run(["check", "4"])).code).toBe(0);
  }, 120_000);

  it("says what startAfter leaves out of what is pending, and never that it has run", async () => {
    project = makeProject({
      "package.json": '{ "type": "module" }',
      "release.ts": `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({ app: "app", repos: { main: { adapter: sqlite({ path: "main.db" }), startAfter: 2 } } });
`,
      "db/main/migrations/1_a.sql": "create table a (id int);\n",
      "db/main/migrations/2_b.sql": "create table b (id int);\n",
    });
    expect((await project.run(["migrate", "--to", "1"])).code).toBe(0);
    expect((await project.run(["check"])).stdout).toBe(
      "repo main: nothing to judge: 1 pending migration left out by startAfter: 2 (1 has run)\n",
    );
    project.write("db/main/migrations/3_c.sql", "create table c (id int);\n");
    expect((await project.run(["check"])).stdout).toContain(
      "judged 1 pending migration as one run against the schema of 2 earlier ones; 1 left out by startAfter: 2\n",
    );
  });

  it("of a migration in TypeScript tells the line and the safe form in TypeScript", async () => {
    project = makeProject({
      "package.json": '{ "type": "module" }',
      "release.ts": pgliteRelease,
      "db/main/migrations/1_users.ts": `import { defineMigration } from "slipway";
export default defineMigration({
  change(m) {
    m.createTable("users", (t) => { t.id(); t.column("name", "string"); t.column("age", "integer"); });
  },
});
`,
      "db/main/migrations/2_more.ts": `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createIndex("users", ["name"]);

    m.alterTable("users", (t) => {
      t.remove("age", "integer");
    });
    m.renameColumn("users", "name", { to: "called" });
    m.createIndexConcurrently("users", ["called"]);
    m.execute("ALTER TABLE users ALTER COLUMN called SET NOT NULL", "");
  },
});
`,
    });
    const file = "db/main/migrations/2_more.ts";
    const { code, stdout } = await project.run(["check", "2"]);
    expect(code).toBe(4);
    const told = stdout
      .split("\n")
      .filter((line) => line.startsWith(file) || line.startsWith("  safe:"));
    expect(told).toEqual([
      `${file}:5 index-not-concurrent`,
      '  safe:   m.createIndexConcurrently("users", ["name"]);',
      `${file}:7 drop-column`,
      '  safe:   m.dropColumnSafely("users", "age");',
      `${file}:10 rename-column`,
      '  safe:   m.renameColumnSafely("users", "name", { to: "called" });',
      `${file}:12 set-not-null-scan`,
      '  safe:   m.setNotNullSafely("users", "called");',
    ]);
  }, 120_000);
});
