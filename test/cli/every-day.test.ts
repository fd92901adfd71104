/** The commands of every day: setup, seed, redo, reset; `.env`; -q and -v. */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import {
  documentOf,
  makeProject,
  type Project,
  pgliteRelease,
  sqliteRelease,
  tableMigration,
  twoMigrations,
  twoRepos,
} from "./project.ts";

let project: Project;

afterEach(() => project.remove());

const seeds = `import { defineSeeds } from "slipway";

export default defineSeeds(async (db) => {
  const [row] = await db.query<{ count: number }>("select count(*) as count from users");
  if (Number(row?.count) > 0) return;
  await db.execute("insert into users (id) values (1); insert into users (id) values (2)");
  await db.change("insert into posts (id) values (?)", [7]);
});
`;

function rows(table: string, file = "main.db"): number {
  const database = new DatabaseSync(join(project.folder, file));
  try {
    return Number(database.prepare(`select count(*) as n from ${table}`).get()?.n);
  } finally {
    database.close();
  }
}

describe("setup", () => {
  it("makes, migrates and fills a database, and does no harm the second time", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "db/main/seeds.ts": seeds,
      ...twoMigrations,
    });
    const first = await project.run(["setup"]);
    expect(first).toMatchObject({
      code: 0,
      stdout: "The database for main has been created\nmain has been filled by db/main/seeds.ts\n",
    });
    expect(first.stderr).toContain("create table users");
    const second = await project.run(["setup", "--json"]);
    expect(documentOf(second)).toMatchObject({
      storage: [{ repo: "main", result: "already_there" }],
      repos: [{ repo: "main", migrations: [] }],
      seeded: [{ repo: "main", file: "db/main/seeds.ts" }],
    });
    expect([rows("users"), rows("posts")]).toEqual([2, 1]);
  });

  it("works on PGlite, which is made by opening it, and without seeds", async () => {
    project = makeProject({ "release.ts": pgliteRelease, ...twoMigrations });
    const ran = await project.run(["setup"]);
    expect(ran.code).toBe(0);
    expect((await project.run(["status"])).stdout).toContain("up        2");
  });
});

describe("seed", () => {
  it("takes back all of what threw, and says which file", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "db/main/seeds.ts": seeds.replace('"insert into posts', '"insert into nowhere'),
      ...twoMigrations,
    });
    await project.run(["migrate", "-q"]);
    const { code, stderr } = await project.run(["seed"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "error: repo main: db/main/seeds.ts failed: no such table: nowhere\n" +
        "hint: Its transaction was rolled back. Correct it and run seed again.\n",
    });
    expect(rows("users")).toBe(0);
  });

  it("a file without a default export runs by being imported", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "db/main/seeds.ts": 'console.log("filled by a client of its own");\n',
      ...twoMigrations,
    });
    const ran = await project.run(["seed"]);
    expect(ran).toMatchObject({
      code: 0,
      stdout: "filled by a client of its own\nmain has been filled by db/main/seeds.ts\n",
    });
  });

  it("says where it looked when there are none; --file names one", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations, "more.ts": seeds });
    const { code, stderr } = await project.run(["seed"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "error: there are no seeds: db/main/seeds.{ts,mts,js,mjs}\n" +
        "hint: Write one that exports defineSeeds(async (db) => { … }) by default.\n",
    });
    await project.run(["migrate", "-q"]);
    expect((await project.run(["seed", "--file", "more.ts"])).stdout).toBe(
      "main has been filled by more.ts\n",
    );
    expect(rows("users")).toBe(2);
  });
});

describe("redo", () => {
  it("rolls the newest back and runs it as its file says now", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    await project.run(["migrate", "-q"]);
    project.write("db/main/migrations/2_posts.ts", tableMigration("articles"));
    const ran = await project.run(["redo", "--json"]);
    expect(documentOf(ran)).toMatchObject({
      repos: [
        { repo: "main", direction: "down", migrations: [{ version: "2" }] },
        { repo: "main", direction: "up", migrations: [{ version: "2" }] },
      ],
    });
    expect(rows("articles")).toBe(0);
    expect(() => rows("posts")).toThrow(/no such table: posts/);
    const all = await project.run(["redo", "--step", "2", "--json"]);
    expect(documentOf(all)).toMatchObject({
      repos: [
        { migrations: [{ version: "2" }, { version: "1" }] },
        { migrations: [{ version: "1" }, { version: "2" }] },
      ],
    });
  });

  it("needs a repo where there are several, and something that ran", async () => {
    project = makeProject({ "release.ts": twoRepos, ...twoMigrations });
    const several = await project.run(["redo"]);
    expect(several).toMatchObject({
      code: 2,
      stderr: "error: redo needs the name of a repo\nhint: Name one of: main, analytics.\n",
    });
    expect(await project.run(["redo", "main"])).toMatchObject({
      code: 2,
      stderr:
        "repo main: Migrations already down\nerror: repo main has no applied migration to redo\nhint: Run migrate first.\n",
    });
  });
});

describe("reset", () => {
  it("makes a database anew, and asks first", async () => {
    project = makeProject({
      "release.ts": sqliteRelease,
      "db/main/seeds.ts": seeds,
      ...twoMigrations,
    });
    await project.run(["setup", "-q"]);
    const database = new DatabaseSync(join(project.folder, "main.db"));
    database.exec("insert into users (id) values (9)");
    database.close();
    expect((await project.run(["reset"])).stderr).toBe(
      "error: reset was not confirmed, so nothing was done\nhint: Answer yes, or add --yes.\n",
    );
    expect(rows("users")).toBe(3);
    const ran = await project.run(["reset", "--yes", "-q"]);
    expect(ran).toEqual({
      code: 0,
      signal: null,
      stdout:
        "The database for main has been dropped\nThe database for main has been created\n" +
        "main has been filled by db/main/seeds.ts\n",
      stderr: "",
    });
    expect(rows("users")).toBe(2);
  });

  it.each([
    [["reset", "--yes"], "reset"],
    [["redo"], "redo"],
  ])("%s is refused where it looks like production", async (args, command) => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    await project.run(["migrate", "-q"]);
    const env = { NODE_ENV: "production" };
    const { code, stderr } = await project.run(args, { env });
    expect({ code, stderr }).toEqual({
      code: 4,
      stderr: `error: ${command} is for development, and repo main at sqlite:${project.folder}/main.db looks like production: NODE_ENV is production\nhint: If this is not production, add --not-production.\n`,
    });
    expect(rows("users")).toBe(0);
    expect((await project.run([...args, "--not-production"], { env })).code).toBe(0);
  });
});

describe(".env", () => {
  const fromEnv = sqliteRelease
    .replace('path: "main.db"', 'path: () => env("DATABASE_PATH")')
    .replace("{ defineRelease }", "{ defineRelease, env }");

  it("is read in development, and gives way to what is set", async () => {
    project = makeProject({
      "release.ts": fromEnv,
      ".env": "# mine\nDATABASE_PATH=from-file.db\n",
      ...twoMigrations,
      "sub/x": "",
    });
    expect((await project.run(["migrate"], { cwd: "sub" })).code).toBe(0);
    expect(project.has("sub/from-file.db")).toBe(true);
    await project.run(["migrate"], { env: { DATABASE_PATH: "from-env.db" } });
    expect(project.has("from-env.db")).toBe(true);
    expect(project.has("from-file.db")).toBe(false);
  });

  it("is not read with NODE_ENV=production", async () => {
    project = makeProject({
      "release.ts": fromEnv,
      ".env": "DATABASE_PATH=from-file.db\n",
      ...twoMigrations,
    });
    const { code, stderr } = await project.run(["migrate"], { env: { NODE_ENV: "production" } });
    expect(code).toBe(2);
    expect(stderr).toContain("the environment variable DATABASE_PATH is not set");
  });

  it("one that is a folder is named", async () => {
    project = makeProject({ "release.ts": fromEnv, ".env/x": "", ...twoMigrations });
    const { code, stderr } = await project.run(["migrate"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: \.env cannot be read: EISDIR/);
  });
});

describe("-q and -v", () => {
  it("-q leaves data and errors, whatever the command", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    expect(await project.run(["migrate", "-q"])).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect((await project.run(["status", "-q"])).stdout).toContain("up        2");
    expect((await project.run(["verify", "--quiet"])).code).toBe(0);
    expect((await project.run(["create", "-q"])).code).toBe(0);
  });

  it("-v shows SQL, and where an error comes from", async () => {
    project = makeProject({ "release.ts": sqliteRelease, ...twoMigrations });
    expect((await project.run(["migrate", "-v"])).stderr).toContain('CREATE TABLE "users"');
    project.write("release.ts", "throw new TypeError('oh');");
    const { stderr } = await project.run(["status", "-v"]);
    expect(stderr).toContain("caused by TypeError: oh\n    at ");
  });
});
