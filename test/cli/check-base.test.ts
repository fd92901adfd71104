/** `check --base`: what a change brings, against what production has; a real repository of git. */
import { mkdirSync, readFileSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { commitAll, git } from "../support/git.ts";
import { makeProject, type Project } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const release = `import { defineRelease } from "slipway";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({ app: "app", repos: {
  main: { adapter: postgres({ url: "postgres://nobody@127.0.0.1:1/none" }) },
  lite: { adapter: sqlite({ path: "lite.db" }) },
} });
`;

const posts = `import { defineMigration } from "slipway";
import { key } from "../../shared.ts";
export default defineMigration({
  change: (m) => m.createTable("posts", (t) => { t.id(); t.column(key, "integer"); }),
});
`;

const files = {
  ".gitignore": "node_modules\n",
  "release.ts": release,
  "db/shared.ts": 'export const key = "n";\n',
  "db/main/migrations/1_users.sql": "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n",
  "db/main/migrations/5_posts.ts": posts,
  "db/main/data_migrations/1_fill.sql": "UPDATE users SET name = '' WHERE name IS NULL;\n",
  "db/lite/migrations/1_a.sql": "CREATE TABLE a (id integer PRIMARY KEY);\n",
};

const unsafe = "CREATE INDEX users_name ON users (name);\n";
const safe = "CREATE INDEX CONCURRENTLY users_name ON users (name);\n";

function onBranch(more: { readonly [file: string]: string } = {}): Project {
  project = makeProject({ ...files, ...more });
  commitAll(project.folder);
  git(project.folder, "checkout", "--quiet", "-b", "branch");
  return project;
}

async function found(...args: readonly string[]) {
  const { code, stdout } = await project.run(["check", ...args, "--json"]);
  const { findings, judged, notes } = JSON.parse(stdout);
  return {
    code,
    findings: findings.map(
      ({ rule, file }: { rule: string; file: string }) => `${rule} ${file.split("/").pop()}`,
    ),
    judged: judged.map(
      (one: { repo: string; migrations: number; earlier: number }) =>
        `${one.repo}: ${one.migrations} on ${one.earlier}`,
    ),
    notes: notes.map(({ code }: { code: string }) => code),
  };
}

describe("check --base", () => {
  it("is red for what is unsafe on a table of the base, green for the safe form and on a table of the change", async () => {
    onBranch({ "db/main/migrations/2_a.sql": "CREATE TABLE tags (id int, name text);\n" });
    // Older than one of the base, as where two branches were merged: it runs behind that one.
    project.write("db/main/migrations/3_index.sql", unsafe);
    expect(await found("--base", "main")).toEqual({
      code: 4,
      findings: ["index-not-concurrent 3_index.sql"],
      judged: ["main: 1 on 3", "lite: 0 on 1"],
      notes: [],
    });
    const { stdout } = await project.run(["check", "--base", "main"]);
    expect(stdout).toContain(
      "repo main: judged 1 new migration since main against the schema of 3 earlier ones\n" +
        "repo lite: nothing to judge: no migration is new since main (1 there)\n",
    );
    project.write("db/main/migrations/3_index.sql", safe);
    project.write("db/main/migrations/6_drop.sql", "ALTER TABLE posts DROP COLUMN n;\n");
    expect((await found("--base", "main")).findings).toEqual(["drop-column 6_drop.sql"]);
    project.write("db/main/migrations/6_drop.sql", "CREATE TABLE own (id int);\n");
    project.write("db/main/migrations/7_own.sql", "CREATE INDEX own_id ON own (id);\n");
    git(project.folder, "add", "--all");
    git(project.folder, "commit", "--quiet", "--message", "more");
    expect(await found("--base", "main")).toMatchObject({
      code: 0,
      judged: ["main: 3 on 3", "lite: 0 on 1"],
    });
    expect((await found("--base", "main", "db/main/migrations/7_own.sql")).judged).toEqual([
      "main: 1 on 3",
    ]);
  }, 120_000);

  it("says that there was nothing to judge, and never that nothing was found then", async () => {
    onBranch();
    project.write("db/main/data_migrations/2_more.sql", "UPDATE users SET name = 'x';\n");
    const { code, stdout } = await project.run(["check", "--base", "main", "-r", "main"]);
    expect([code, stdout]).toEqual([
      0,
      "repo main: nothing to judge: no migration is new since main (2 there)\n" +
        "note: repo main: 1 data migration is new or changed, and not judged: the rules are for schema migrations\n",
    ]);
    const one = await project.run(["check", "--base", "main", "db/main/migrations/5_posts.ts"]);
    expect(one.stdout).not.toContain("No findings");
    expect(one.stdout).toContain(
      "note: db/main/migrations/5_posts.ts is in main already, and was not judged\n",
    );
  }, 120_000);

  it("an edit of the meaning of an older migration is a finding, an edit of its form is not", async () => {
    onBranch();
    project.write("db/main/migrations/5_posts.ts", posts.replaceAll("\n", "\n\n"));
    project.write(
      "db/main/migrations/1_users.sql",
      `-- a word\n${files["db/main/migrations/1_users.sql"]}`,
    );
    expect(await found("--base", "main")).toMatchObject({ code: 0, findings: [], notes: [] });
    // What a migration imports is a part of it.
    project.write("db/shared.ts", 'export const key = "m";\n');
    expect(await found("--base", "main")).toMatchObject({
      code: 4,
      findings: ["migration-edited 5_posts.ts"],
    });
    const allowed = await found("--base", "main", "--allow-edited");
    expect(allowed).toMatchObject({ code: 0, findings: [], notes: ["migration_edited"] });
    // What follows is judged on what the base has built.
    project.write(
      "db/main/migrations/6_n.sql",
      "CREATE INDEX CONCURRENTLY posts_n ON posts (n);\n",
    );
    expect((await found("--base", "main")).findings).toEqual(["migration-edited 5_posts.ts"]);
  }, 120_000);

  it("tells a deleted and a renamed migration, and one that got another version", async () => {
    onBranch();
    unlinkSync(join(project.folder, "db/main/migrations/1_users.sql"));
    git(project.folder, "mv", "db/main/migrations/5_posts.ts", "db/main/migrations/5_articles.ts");
    expect(await found("--base", "main", "-r", "main")).toEqual({
      code: 0,
      findings: [],
      judged: ["main: 0 on 2"],
      notes: ["migration_renamed", "migration_deleted"],
    });
    project.write("db/main/migrations/6_index.sql", unsafe);
    git(project.folder, "mv", "db/main/migrations/5_articles.ts", "db/main/migrations/7_posts.ts");
    expect((await found("--base", "main", "-r", "main")).findings).toEqual([
      "migration-renumbered 7_posts.ts",
      "index-not-concurrent 6_index.sql",
      "will-fail 7_posts.ts",
    ]);
  }, 120_000);

  it("says when the base has got more meanwhile", async () => {
    onBranch();
    git(project.folder, "checkout", "--quiet", "main");
    project.write("db/main/migrations/6_more.sql", "CREATE TABLE more (id int);\n");
    git(project.folder, "add", "--all");
    git(project.folder, "commit", "--quiet", "--message", "more");
    git(project.folder, "checkout", "--quiet", "branch");
    expect(await found("--base", "main", "-r", "main")).toMatchObject({
      code: 0,
      notes: ["behind_base"],
    });
  }, 120_000);

  it("tells in one line why there is nothing to compare with", async () => {
    const line = async (...args: readonly string[]) => {
      const { code, stderr } = await project.run(["check", ...args]);
      expect(code).toBe(2);
      return stderr.split("\n")[0];
    };
    project = makeProject(files);
    const cannot = (ref: string) => `error: cannot find what is new since ${ref}: `;
    expect(await line("--base", "main")).toBe(
      `${cannot("main")}this folder is not in a git repository`,
    );
    commitAll(project.folder);
    const unknown = "git knows no such branch, tag or commit here";
    expect(await line("--base", "origin/mian")).toBe(cannot("origin/mian") + unknown);
    expect(await line("--base=--help")).toBe(cannot("--help") + unknown);
    expect(await line("--base", "main", "--all")).toBe(
      "error: --base and --all exclude each other",
    );
    expect(await line("--allow-edited")).toBe("error: --allow-edited is for --base");
    const alone = await project.run(["check", "--base", "main"], { env: { PATH: "/nowhere" } });
    expect(alone.stderr).toContain(`${cannot("main")}git is not installed here\n`);
    git(project.folder, "checkout", "--quiet", "--orphan", "other");
    git(project.folder, "commit", "--quiet", "--message", "other");
    expect(await line("--base", "main")).toBe(
      `${cannot("main")}it has no commit in common with HEAD`,
    );
  }, 120_000);

  it("tells a clone that is too shallow", async () => {
    onBranch();
    git(project.folder, "commit", "--quiet", "--allow-empty", "--message", "one");
    git(project.folder, "commit", "--quiet", "--allow-empty", "--message", "two");
    const origin = `file://${project.folder}`;
    git(project.folder, "clone", "--quiet", "--depth", "1", "--branch", "branch", origin, "clone");
    git(join(project.folder, "clone"), "fetch", "--quiet", "--depth", "1", "origin", "main:main");
    const { code, stderr } = await project.run(["check", "--base", "main"], { cwd: "clone" });
    expect([code, stderr.split("\n")[0]]).toEqual([
      2,
      "error: cannot find what is new since main: the clone is shallow and ends before the commit where both parted",
    ]);
  }, 120_000);
});

describe("what stands in the way of a base", () => {
  const absolute = release
    .replace("export const", 'import { join } from "node:path";\nexport const')
    .replace("main: {", 'main: { migrations: join(import.meta.dirname, "db/main/migrations"),');

  it("a folder that is named by its place on the machine is compared as any other", async () => {
    onBranch({ "release.ts": absolute });
    project.write("db/main/migrations/1_users.sql", "CREATE TABLE users (id bigint, name text);\n");
    project.write("db/main/migrations/6_index.sql", unsafe);
    expect(await found("--base", "main", "-r", "main")).toEqual({
      code: 4,
      findings: ["migration-edited 1_users.sql", "index-not-concurrent 6_index.sql"],
      judged: ["main: 1 on 2"],
      notes: [],
    });
    git(project.folder, "checkout", "--quiet", "db/main/migrations/1_users.sql");
    unlinkSync(join(project.folder, "db/main/migrations/5_posts.ts"));
    expect(await found("--base", "main", "-r", "main")).toEqual({
      code: 4,
      findings: ["index-not-concurrent 6_index.sql"],
      judged: ["main: 1 on 2"],
      notes: ["migration_deleted"],
    });
  }, 120_000);

  it("a folder that moves in the same change has what it had", async () => {
    onBranch();
    git(project.folder, "mv", "db/main", "db/moved");
    project.write(
      "release.ts",
      release.replace("main: {", 'main: { migrations: "db/moved/migrations",'),
    );
    project.write("db/moved/migrations/6_index.sql", unsafe);
    expect(await found("--base", "main", "-r", "main")).toEqual({
      code: 4,
      findings: ["index-not-concurrent 6_index.sql"],
      judged: ["main: 1 on 2"],
      notes: ["migration_renamed", "migration_renamed"],
    });
  }, 120_000);

  it("a release file that moves, too, is the one of then", async () => {
    onBranch({ "release.ts": absolute });
    git(project.folder, "mv", "release.ts", "db/other.ts");
    project.write("src/release.ts", absolute.replace('"db/main', '"../db/main'));
    unlinkSync(join(project.folder, "db/other.ts"));
    project.write("db/shared.ts", 'export const key = "m";\n');
    expect(await found("--base", "main", "-r", "main")).toMatchObject({
      code: 4,
      findings: ["migration-edited 5_posts.ts"],
    });
  }, 120_000);

  it("an edit of what an older migration imports is an edit of the migration", async () => {
    onBranch({
      "db/names.ts": 'export { key } from "./shared.ts";\n',
      "db/main/migrations/5_posts.ts": posts.replace("shared.ts", "names.ts"),
    });
    project.write("db/shared.ts", 'export const key = "m";\n');
    expect(await found("--base", "main")).toEqual({
      code: 4,
      findings: ["migration-edited 5_posts.ts"],
      judged: ["main: 0 on 2", "lite: 0 on 1"],
      notes: [],
    });
  }, 120_000);

  it("what cannot be read is red and says why, unless that is allowed", async () => {
    onBranch({
      "release.ts": `${release}if (process.env.GONE !== "1") throw new Error("GONE");\n`,
    });
    project.write("release.ts", release);
    project.write("db/main/migrations/6_index.sql", safe);
    const { code, stdout, stderr } = await project.run(["check", "--base", "main", "-r", "main"]);
    expect(code).toBe(4);
    expect(stdout).toContain("No findings in 1 migration, and not all was judged.\n");
    expect(stderr).toMatch(
      /^error: not all could be judged: the migrations as they were at main cannot be read, so no edit of them was looked for: release.ts cannot be used: GONE .*\nhint: .*--allow-unjudged\.\n$/,
    );
    expect(await found("--base", "main", "-r", "main", "--allow-unjudged")).toMatchObject({
      code: 0,
      notes: ["base_not_read"],
    });
  }, 120_000);
});

describe("check with a path", () => {
  it("judges a migration of the project on what is built before it", async () => {
    onBranch({
      "db/main/migrations/6_drop.sql": "ALTER TABLE posts DROP COLUMN n;\n",
      "x.sql": unsafe,
    });
    const { code, stdout } = await project.run(["check", "5_posts.ts", "6_drop.sql"], {
      cwd: "db/main/migrations",
    });
    expect(code).toBe(4);
    expect(stdout).toContain("db/main/migrations/6_drop.sql:1 drop-column");
    expect(stdout).toContain(
      "repo main: judged 2 migrations, each against the schema of those before it\n",
    );
    expect(await found("db/main/migrations/5_posts.ts")).toMatchObject({
      code: 0,
      judged: ["main: 1 on 1"],
    });
    // A folder, and a file that is no migration.
    expect((await found("db/main", "x.sql")).findings).toEqual([
      "drop-column 6_drop.sql",
      "index-not-concurrent x.sql",
    ]);
    const other = await project.run(["check", "db/shared.ts"]);
    expect([other.code, other.stderr.split("\n")[0]]).toEqual([
      2,
      "error: db/shared.ts is no migration of repo main, lite, and not SQL, so it cannot be judged",
    ]);
  }, 120_000);

  it("a version that one repo has needs no --repo, and one that both have is judged in both", async () => {
    onBranch();
    expect((await found("5")).judged).toEqual(["main: 1 on 1"]);
    expect((await found("1")).judged).toEqual(["main: 1 on 0", "lite: 1 on 0"]);
    expect((await project.run(["check", "77"])).stderr).toContain("no migration has version 77");
  }, 120_000);
});

describe("the formats of check", () => {
  it("are written to a file beside the text, with paths as the checkout has them", async () => {
    onBranch();
    project.write("db/main/migrations/6_index.sql", unsafe);
    const above = join(project.folder, "..");
    const below = project.folder.split("/").pop();
    const run = (...args: readonly string[]) =>
      project.run(["check", "--base", "main", ...args], { env: { GITHUB_WORKSPACE: above } });
    const github = (await run("--format", "github")).stdout.split("\n");
    expect(github[0]).toMatch(
      new RegExp(`^::error file=${below}/db/main/migrations/6_index.sql,line=1,title=index-not`),
    );
    expect(github[1]).toBe(
      "::notice title=slipway check::repo main: judged 1 new migration since main against the schema of 2 earlier ones",
    );
    const { code, stdout } = await run("--format", "gitlab", "--output", "quality.json");
    expect(code).toBe(4);
    expect(stdout).toContain("1 finding in 1 migration.\n");
    const [entry, none] = JSON.parse(readFileSync(join(project.folder, "quality.json"), "utf8"));
    expect(none).toBeUndefined();
    expect(entry).toMatchObject({
      check_name: "index-not-concurrent",
      severity: "critical",
      location: { path: `${below}/db/main/migrations/6_index.sql`, lines: { begin: 1 } },
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const junit = (await run("--format", "junit")).stdout;
    expect(junit).toContain('<testsuites name="slipway check" tests="3" failures="1">');
    const markdown = (await run("--format", "markdown")).stdout;
    expect(markdown).toContain("## Migrations: 1 finding\n");
    expect(markdown).toContain("```sql\nCREATE INDEX users_name ON users (name)\n```");
    const lost = await run("--output", "no/such/folder/x");
    expect([lost.code, lost.stderr]).toEqual([
      2,
      expect.stringContaining("--output is no/such/folder/x"),
    ]);
  }, 120_000);
});

it("takes the packages of a monorepo as they were, too", async () => {
  const inPackage = (name: string) => `import { defineMigration } from "slipway";
import { key } from "@my/${name}";
export default defineMigration({
  change: (m) => m.createTable("notes", (t) => { t.id(); t.column(key, "integer"); }),
});
`;
  const manifest = (name: string) =>
    JSON.stringify({
      name: `@my/${name}`,
      version: "1.0.0",
      type: "module",
      exports: "./index.js",
    });
  onBranch({
    "package.json": '{ "name": "app", "type": "module", "workspaces": ["packages/*"] }',
    "packages/keys/package.json": manifest("keys"),
    "packages/keys/index.js": 'export const key = "n";\n',
    "db/main/migrations/6_notes.ts": inPackage("keys"),
  });
  mkdirSync(join(project.folder, "node_modules/@my"));
  symlinkSync(join(project.folder, "packages/keys"), join(project.folder, "node_modules/@my/keys"));
  expect(await found("--base", "main")).toMatchObject({ findings: [] });
  // The migration of the base means something else since.
  project.write("packages/keys/index.js", 'export const key = "m";\n');
  const { findings } = await found("--base", "main");
  expect(findings).toEqual(["migration-edited 6_notes.ts"]);
});
