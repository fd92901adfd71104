import { join } from "node:path";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { makePgliteFolder } from "../support/pglite.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import {
  documentOf,
  makeProject,
  type Project,
  pgliteRelease,
  postgresRelease,
  sqliteRelease,
  statusOf,
  tableMigration,
  twoMigrations,
  twoRepos,
} from "./project.ts";

let project: Project;
let database: FreshDatabase | undefined;

afterEach(async () => {
  project.remove();
  await database?.drop();
  database = undefined;
});

async function states(): Promise<readonly string[]> {
  const { stdout } = await project.run(["status"]);
  return [...stdout.matchAll(/^ {2}(up|down) +(\d+)/gm)].map(
    ([, state, version]) => `${version} ${state}`,
  );
}

const three = { ...twoMigrations, "db/main/migrations/3_tags.ts": tableMigration("tags") };

describe("migrate", () => {
  it("114: runs all by default, says so on stderr and writes nothing on stdout", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    const { code, stdout, stderr } = await project.run(["migrate"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr.replace(/\d+\.\d/g, "0.0")).toBe(
      [
        "== Running 1 users.change forward",
        "create table users",
        "== Migrated 1 in 0.0s",
        "== Running 2 posts.change forward",
        "create table posts",
        "== Migrated 2 in 0.0s",
        "",
      ].join("\n"),
    );
    expect((await project.run(["migrate"])).stderr).toBe("repo main: Migrations already up\n");
    project.write("db/main/migrations/9_more.sql", "create table more (id int);\n");
    expect((await project.run(["migrate", "--to", "2"])).stderr).toBe(
      "repo main: nothing to run up to there; 1 is pending\n",
    );
  });

  it.each<[args: string[], after: string[]]>([
    [
      ["-n", "1"],
      ["1 up", "2 down", "3 down"],
    ],
    [
      ["--step", "2"],
      ["1 up", "2 up", "3 down"],
    ],
    [
      ["--to", "2"],
      ["1 up", "2 up", "3 down"],
    ],
    [
      ["--to-exclusive", "2"],
      ["1 up", "2 down", "3 down"],
    ],
    [["--all"], ["1 up", "2 up", "3 up"]],
  ])("114: goes as far as %j says", async (args, after) => {
    project = makeProject({ "release.ts": sqliteRelease, ...three });
    expect((await project.run(["migrate", ...args])).code).toBe(0);
    expect(await states()).toEqual(after);
  });

  it("114: --quiet says nothing", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    const ran = await project.run(["migrate", "--quiet", "--log-sql", "--log-migrator-sql"]);
    expect(ran).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
  });

  it("114: --prefix puts the history and the tables into that schema", async () => {
    database = await freshDatabase();
    project = makeProject({ "release.ts": postgresRelease, ...twoMigrations });
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query("create schema tenant");
    const ran = await project.run(["migrate", "--prefix", "tenant"], {
      env: { DATABASE_URL: database.url },
    });
    const { rows } = await client.query(
      "select schemaname || '.' || tablename as name from pg_tables where tablename in ('users', 'posts', 'schema_migrations') order by 1",
    );
    await client.end();
    expect(ran.code).toBe(0);
    expect(rows.map(({ name }) => name)).toEqual([
      "tenant.posts",
      "tenant.schema_migrations",
      "tenant.users",
    ]);
  });

  it("115: migrates both of two repos, and leaves connections of others alone", async () => {
    const [one, two] = [await freshDatabase(), await freshDatabase()];
    project = makeProject({
      "release.ts": postgresRelease.replace(
        "main: {",
        'analytics: { adapter: postgres({ url: () => env("ANALYTICS_URL") }) },\n    main: {',
      ),
      ...twoMigrations,
      "db/analytics/migrations/1_events.ts": tableMigration("events"),
    });
    const running = new pg.Client({ connectionString: one.url });
    await running.connect();
    const { code } = await project.run(["migrate"], {
      env: { DATABASE_URL: one.url, ANALYTICS_URL: two.url },
    });
    const { rows } = await running.query("select version::text from schema_migrations order by 1");
    await running.end();
    await Promise.all([one.drop(), two.drop()]);
    expect(code).toBe(0);
    expect(rows).toEqual([{ version: "1" }, { version: "2" }]);
  });

  it("116: refuses a missing folder before anything ran in any repo", async () => {
    project = makeProject({ "release.ts": twoRepos, ...twoMigrations });
    const ran = await project.run(["migrate"]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(
      /^error: repo analytics has no migrations folder .*db\/analytics\/migrations\nhint: /,
    );
    expect(ran.stderr).not.toContain("== Running");
  });

  it("117: reads several --migrations-path as one list, sorted by version", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "a/1_users.ts": tableMigration("users"),
      "a/3_tags.ts": tableMigration("tags"),
      "sub/b/2_posts.ts": tableMigration("posts"),
    });
    const args = ["--migrations-path", "../a", "--migrations-path", "b"];
    const { stdout } = await project.run(["plan", ...args, "--json"], { cwd: "sub" });
    const { repos } = JSON.parse(stdout);
    const versions = repos[0].steps.map((step: { file: { version: string } }) => step.file.version);
    expect(versions).toEqual(["1", "2", "3"]);
  });

  it("chooses repos with -r, and several of them", async () => {
    project = makeProject({
      "release.ts": twoRepos,
      ...twoMigrations,
      "db/analytics/migrations/1_events.ts": tableMigration("events"),
    });
    const one = await project.run(["migrate", "-r", "analytics", "--json"]);
    expect(documentOf(one)).toMatchObject({
      repos: [{ repo: "analytics", migrations: [{ name: "events" }] }],
    });
    const both = await project.run(["migrate", "--repo", "analytics", "--repo", "main", "--json"]);
    expect(documentOf(both)).toMatchObject({
      repos: [{ repo: "main" }, { repo: "analytics", migrations: [] }],
    });
  });

  it.each([
    ["--log-migrations-sql", "CREATE TABLE", "schema_migrations"],
    ["--log-sql", "CREATE TABLE", "schema_migrations"],
    ["--log-migrator-sql", "schema_migrations", 'CREATE TABLE "users"'],
  ])("%s shows that SQL on stderr and no other", async (flag, shown, hidden) => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    const { stderr, stdout } = await project.run(["migrate", flag]);
    expect(stdout).toBe("");
    expect(stderr).toContain(shown);
    expect(stderr).not.toContain(hidden);
  });

  it("--strict-version-order refuses with exit code 4 what is late, before anything ran", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "db/main/migrations/2_posts.ts": tableMigration("posts"),
    });
    await project.run(["migrate"]);
    project.write("db/main/migrations/1_users.ts", tableMigration("users"));
    const { code, stderr } = await project.run(["migrate", "--strict-version-order"]);
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /^error: repo main: 1_users is pending, but the newer 2 has already run\nhint: /,
    );
    expect(await states()).toEqual(["1 down", "2 up"]);
  });

  it("--dry-run prints the steps that plan prints, and does nothing", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    const dry = await project.run(["migrate", "--dry-run"]);
    const plan = await project.run(["plan"]);
    expect(dry.code).toBe(0);
    expect(plan.stdout.startsWith(dry.stdout)).toBe(true);
    expect(dry.stdout).toContain("1 users up, in a transaction");
    expect(await states()).toEqual(["1 down", "2 down"]);
  });

  it("--json gives one document on stdout and events as JSON lines on stderr", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    const ran = await project.run(["migrate", "--step", "1", "--json"]);
    expect(documentOf(ran)).toEqual({
      repos: [
        {
          repo: "main",
          direction: "up",
          migrations: [
            { version: "1", name: "users", direction: "up", durationMs: expect.any(Number) },
          ],
        },
      ],
    });
    const events = ran.stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).type);
    expect(events).toEqual(["migration_started", "operation", "migration_finished"]);
  });

  it("a migration that fails ends with exit code 1, and tells what was done before it", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      ...twoMigrations,
      "db/main/migrations/3_broken.sql": "-- migrate:up\nselect * from nowhere;\n",
    });
    const { code, stdout, stderr } = await project.run(["migrate"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^error: repo main: 3_broken failed going up.*nowhere.*done before it: 1 \(main\), 2 \(main\)$/m,
    );
    expect(stderr).toMatch(/^hint: It was rolled back whole/m);
  });

  it("a second repo that fails ends with exit code 6", async () => {
    project = makeProject({
      "release.ts": twoRepos,
      ...twoMigrations,
      "db/analytics/migrations/1_broken.sql": "-- migrate:up\nselect * from nowhere;\n",
    });
    const ran = await project.run(["migrate", "--json"]);
    expect(ran.code).toBe(6);
    expect(documentOf(ran)).toMatchObject({
      error: {
        code: "partly_failed",
        exitCode: 6,
        details: { done: ["main"], failed: "analytics" },
      },
    });
  });

  it("runs on PGlite too", async () => {
    project = makeProject({ "release.ts": pgliteRelease, ...twoMigrations });
    makePgliteFolder(join(project.folder, ".data"));
    expect((await project.run(["migrate"])).code).toBe(0);
    const { stdout } = await project.run(["status"]);
    expect(stdout).toBe(
      statusOf([
        ["up", "1", "users"],
        ["up", "2", "posts"],
      ]),
    );
  });
});

describe("migrate-data", () => {
  const data = {
    "db/main/data_migrations/5_fill.sql": "-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n",
  };

  it("runs data migrations only, and migrate says that they are pending", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations, ...data });
    const schema = await project.run(["migrate"]);
    expect(schema.stderr).toContain(
      "warning: repo main: 1 data migration is pending; run by hand: migrate-data\n",
    );
    const told = (await project.run(["migrate", "--json"])).stderr.trim().split("\n");
    expect(told.map((line) => JSON.parse(line))).toContainEqual({
      ...{ type: "warning", repo: "main", code: "data_pending", details: { count: 1 } },
      message: "1 data migration is pending; run by hand: migrate-data",
    });
    const plan = await project.run(["migrate-data", "--dry-run"]);
    expect(plan.stdout).toContain("5 fill up, in a transaction");
    const ran = await project.run(["migrate-data", "--step", "1", "--json"]);
    expect(documentOf(ran)).toMatchObject({
      repos: [{ migrations: [{ version: "5", name: "fill" }] }],
    });
    expect((await project.run(["migrate"])).stderr).toBe("repo main: Migrations already up\n");
  });
});
