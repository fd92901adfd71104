import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { snakeCase } from "../../src/cli/snake-case.ts";
import { migrationTemplate } from "../../src/cli/templates/migration.ts";
import {
  documentOf,
  makeProject,
  type Project,
  postgresRelease,
  sqliteRelease,
  twoRepos,
} from "./project.ts";

let project: Project;

beforeEach(() => {
  // DATABASE_URL is not set: whatever connected would fail.
  project = makeProject({ "release.ts": postgresRelease });
});

afterEach(() => project.remove());

function names(folder: string): readonly string[] {
  return readdirSync(join(project.folder, folder)).map((file) =>
    file.replace(/^\d{14}_/, "VERSION_"),
  );
}

describe("gen migration --tenants", () => {
  const withTenants = postgresRelease.replace(/adapter: /, 'tenants: ["acme"], adapter: ');

  it("writes into the folder of the tenants, and of their data", async () => {
    project.write("release.ts", withTenants);
    expect(await project.run(["gen", "migration", "create_posts", "--tenants"])).toMatchObject({
      code: 0,
    });
    expect(names("db/main/tenant_migrations")).toEqual(["VERSION_create_posts.ts"]);
    await project.run(["gen", "migration", "backfill_posts", "--tenants"]);
    expect(names("db/main/tenant_data_migrations")).toEqual(["VERSION_backfill_posts.ts"]);
  });

  it("refuses a repo without tenants", async () => {
    const { code, stderr } = await project.run(["gen", "migration", "x", "--tenants"]);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("repo main has no folder for migrations of tenants"),
    });
  });

  it("refuses it beside --diff", async () => {
    const { code, stderr } = await project.run(["gen", "migration", "x", "--tenants", "--diff"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--diff compares what belongs to all, not --tenants");
  });
});

describe("gen migration", () => {
  it("120: writes a file with a UTC timestamp, and says what it makes", async () => {
    const before = stamp();
    const ran = await project.run(["gen", "migration", "create_posts"]);
    const after = stamp();
    const [file = ""] = readdirSync(join(project.folder, "db/main/migrations"));
    expect(ran).toEqual({
      code: 0,
      signal: null,
      stdout: `* creating db/main/migrations\n* creating db/main/migrations/${file}\n`,
      stderr: "",
    });
    const [version = ""] = file.split("_");
    expect(file).toBe(`${version}_create_posts.ts`);
    expect([before, version, after].toSorted()).toEqual([before, version, after]);
    expect(readFileSync(join(project.folder, "db/main/migrations", file), "utf8")).toBe(
      migrationTemplate({ name: "create_posts", fields: [], sql: false, data: false }),
    );
  });

  it("120: makes the name snake case", async () => {
    await project.run(["gen", "migration", "MyMigration"]);
    expect(names("db/main/migrations")).toEqual(["VERSION_my_migration.ts"]);
  });

  it("120: writes into --migrations-path, relative to the working folder", async () => {
    project.write("sub/x", "");
    const { stdout } = await project.run(["gen", "migration", "x", "--migrations-path", "custom"], {
      cwd: "sub",
    });
    expect(stdout).toMatch(/^\* creating custom\n\* creating custom\/\d{14}_x\.ts\n$/);
    expect(names("sub/custom")).toEqual(["VERSION_x.ts"]);
  });

  it("120: refuses a name that the folder has, in whatever kind of file", async () => {
    project.write("db/main/migrations/20200101000000_create_posts.up.sql", "");
    const ran = await project.run(["gen", "migration", "CreatePosts"]);
    expect(ran).toEqual({
      code: 2,
      signal: null,
      stdout: "",
      stderr:
        "error: migration can't be created, there is already a migration file with name create_posts: " +
        "db/main/migrations/20200101000000_create_posts.up.sql\nhint: Choose another name.\n",
    });
    expect(names("db/main/migrations")).toEqual(["VERSION_create_posts.up.sql"]);
  });

  it.each<[names: string[], got: string, example: string]>([
    [[], "", "create_posts"],
    [["add", "posts"], "add posts", "add_posts"],
    [["--", "-"], "-", "create_posts"],
  ])("120: refuses %j as a name", async (args, got, example) => {
    const { code, stderr } = await project.run(["gen", "migration", ...args]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `error: expected gen migration to receive the migration file name, got: "${got}"\n` +
        `hint: Give one name: slipway gen migration ${example}\n`,
    );
    expect(project.has("db")).toBe(false);
  });

  it("never gives two equal versions, not even to processes that run at once", async () => {
    const runs = ["a", "b", "c", "d"].map((name) => project.run(["gen", "migration", name]));
    expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const files = readdirSync(join(project.folder, "db/main/migrations"));
    expect(new Set(files.map((file) => file.slice(0, 14))).size).toBe(4);
    expect(files.every((file) => /^\d{14}_[abcd]\.ts$/.test(file))).toBe(true);
  });

  it.each([
    [["--sql"], "db/main/migrations", "VERSION_x.sql"],
    [["--data"], "db/main/data_migrations", "VERSION_x.ts"],
    [["--data", "--sql"], "db/main/data_migrations", "VERSION_x.sql"],
  ])("%j decides what kind of file it is, and migrate can run it", async (flags, folder, file) => {
    project.write("release.ts", sqliteRelease);
    await project.run(["gen", "migration", "x", ...flags]);
    expect(names(folder)).toEqual([file]);
    const { code, stderr } = await project.run(["migrate-data", "--migrations-path", folder]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });

  it("fills in columns, and takes a backfill and a folder of data migrations for what they are", async () => {
    const gen = (...words: readonly string[]) => project.run(["gen", "migration", ...words]);
    expect((await gen("add_slug_to_posts", "slug:string!", "rank:int:index")).code).toBe(0);
    const [file = ""] = readdirSync(join(project.folder, "db/main/migrations"));
    const text = readFileSync(join(project.folder, "db/main/migrations", file), "utf8");
    expect(text).toContain('t.add("slug", "string");');
    expect(text).toContain('m.createIndexConcurrently("posts", ["rank"]);');
    await gen("backfill_posts_slug");
    await gen("x", "--migrations-path", "db/main/data_migrations");
    const data = join(project.folder, "db/main/data_migrations");
    const texts = readdirSync(data).map((one) => readFileSync(join(data, one), "utf8"));
    expect(texts[0]).toContain('defineBackfill({\n  table: "posts",');
    expect(texts[1]).toContain("m.run(async (db) => {");
    for (const [words, error] of [
      [
        ["x", "a:strng"],
        'error: "a:strng" is not a column of a new migration\nhint: Did you mean string?',
      ],
      [
        ["x", "a:text", "--sql"],
        "error: columns go into a migration of the schema in TypeScript, not with --sql",
      ],
    ] as const) {
      const { code, stderr } = await gen(...words);
      expect([code, stderr.startsWith(error)]).toEqual([2, true]);
    }
  });

  it("writes into the folder that the release names, and for the first repo, which it says", async () => {
    project.write("release.ts", twoRepos.replace("main: {", 'main: { migrations: "priv/main",'));
    const { stderr } = await project.run(["gen", "migration", "x"]);
    expect(stderr).toBe("for repo main, the first of main, analytics; --repo chooses another\n");
    expect(names("priv/main")).toEqual(["VERSION_x.ts"]);
    expect((await project.run(["gen", "migration", "x", "-r", "analytics"])).stderr).toBe("");
    expect(names("db/analytics/migrations")).toEqual(["VERSION_x.ts"]);
    expect((await project.run(["gen", "migration", "y", "-r", "nope"])).stderr).toContain(
      "error: the release has no repo nope\n",
    );
  });

  it("works without a release file when the repo is named, and only then", async () => {
    rmSync(join(project.folder, "release.ts"));
    const ran = await project.run(["gen", "migration", "x", "--repo", "main", "--json"]);
    const { created } = documentOf(ran) as { created: string[] };
    expect(created).toEqual([
      "db/main/migrations",
      expect.stringMatching(/^db\/main\/migrations\/\d{14}_x\.ts$/),
    ]);
    const refused = await project.run(["gen", "migration", "x", "--json"]);
    expect(refused.code).toBe(2);
    expect(documentOf(refused)).toMatchObject({ error: { code: "release_missing" } });
  });
});

describe("snakeCase", () => {
  it.each([
    ["create_posts", "create_posts"],
    ["CreatePosts", "create_posts"],
    ["createPosts", "create_posts"],
    ["create-posts", "create_posts"],
    ["  Create posts! ", "create_posts"],
    ["addURLToUsers2FA", "add_url_to_users2_fa"],
    ["HTTPServer", "http_server"],
    ["../../etc/passwd", "etc_passwd"],
    ["Größe", "größe"],
    ["!?", ""],
  ])("%j is %j", (given, expected) => {
    expect(snakeCase(given)).toBe(expected);
  });
});

function stamp(): string {
  return new Date().toISOString().slice(0, 19).replace(/\D/g, "");
}
