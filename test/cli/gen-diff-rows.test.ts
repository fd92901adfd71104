/** `gen migration --diff`: what becomes of the values in a table that changes, and of what stands on it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { makeProject, type Project, pgliteRelease, sqliteRelease } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const folder = "db/main/migrations";
const firstFile = `${folder}/V20200101000000__first.sql`;
const toFile = ["gen", "migration", "wished", "--diff", "--to", "schema.sql"];

it("on PGlite an index of a materialized view goes and comes with it", async () => {
  const schema = (column: string) => `create table a (id int primary key, ${column} text);
create materialized view m as select ${column} as x from a;
create unique index m_x on m (x);`;
  project = makeProject({
    "release.ts": pgliteRelease,
    [firstFile]: schema("x"),
    "schema.sql": schema("y"),
  });
  const renamed = [...toFile, "--rename", "a.x=y"];
  await expect(project.run(renamed)).resolves.toMatchObject({ code: 0 });
  await expect(project.run([...toFile, "--check"])).resolves.toMatchObject({ code: 0 });
});

it("on PGlite a view that is made anew keeps what was granted on it, up and down", async () => {
  const schema = (more: string) => `create table a (id int primary key, x int);
create view shown as select id from a;
create view kept as select x from a;
${more}`;
  project = makeProject({
    "release.ts": pgliteRelease,
    [firstFile]: schema(""),
    "schema.sql": schema("").replace("select id from a", "select x as y from a"),
  });
  const ran = await project.run(toFile);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  const [file = ""] = readdirSync(join(project.folder, folder)).filter((name) =>
    name.endsWith("_wished.ts"),
  );
  const text = readFileSync(join(project.folder, folder, file), "utf8");
  expect(text.match(/EXECUTE current_setting\('slipway.granted_1'\)/g)).toHaveLength(2);
});

describe("on SQLite", () => {
  const rows = (query: string) => {
    const db = new DatabaseSync(join(project.folder, "main.db"));
    try {
      return db
        .prepare(query)
        .all()
        .map((row) => ({ ...row }));
    } finally {
      db.close();
    }
  };
  const begin = async (first: string, wished: string) => {
    project = makeProject({
      "release.ts": sqliteRelease,
      [firstFile]: first,
      "schema.sql": wished,
    });
    await expect(project.run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
  };
  const migrated = async (words: readonly string[] = []) => {
    const ran = await project.run([...toFile, ...words]);
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    await expect(project.run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
  };

  it("a column that is generated no more has what it showed", async () => {
    await begin(
      "create table a (id integer primary key, x int, y int as (x * 2) stored, z as (x + 1)); insert into a (x) values (5);",
      "create table a (id integer primary key, x int, y int, z any);",
    );
    await migrated();
    expect(rows("select * from a")).toEqual([{ id: 1, x: 5, y: 10, z: 6 }]);
  });

  it("the case of a name makes no other object, as it makes none in SQLite", async () => {
    await begin(
      "create table posts (id integer primary key, title text); create view titles as select title from posts; create trigger t after insert on POSTS begin select 1; end; insert into posts values (1, 'first');",
      "create table Posts (id integer primary key, title text); create view Titles as select title from posts; create trigger T after insert on posts begin select 1; end;",
    );
    const same = await project.run([...toFile, "--check"]);
    expect([same.code, same.stderr]).toEqual([3, expect.not.stringContaining("table")]);
    expect(same.stdout).not.toContain("table");
    project.write(
      "schema.sql",
      "create table POSTS (id integer primary key, title text unique); create view titles as select title from posts; create trigger t after insert on Posts begin select 1; end;",
    );
    await migrated();
    expect(rows("select * from posts")).toEqual([{ id: 1, title: "first" }]);
    expect(rows("select name from sqlite_schema where type = 'trigger'")).toHaveLength(1);
    await expect(project.run([...toFile, "--check"])).resolves.toMatchObject({ code: 0 });
  });

  it("asks nothing about what is renamed already", async () => {
    await begin(
      "create table t (id integer primary key, a text, b text); insert into t values (1, 'a', 'b');",
      "create table t (id integer primary key, b text, c text);",
    );
    await migrated(["--rename", "t.b=c", "--rename", "t.a=b"]);
    expect(rows("select * from t")).toEqual([{ id: 1, b: "a", c: "b" }]);
  });
});

const server = await mariadbOfRun();
describe.runIf(server)("on MariaDB", () => {
  const release = (url: string) => `import { defineRelease } from "slipway";
import { mysql } from "slipway/mysql";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: mysql({ url: ${JSON.stringify(url)} }) } },
});
`;
  const withDatabase = async (
    { first, wished }: { readonly first: string; readonly wished: string },
    work: (database: MysqlDatabase) => Promise<void>,
  ) => {
    const database = await freshMysql(server!.url);
    try {
      project = makeProject({
        "release.ts": release(database.url),
        [firstFile]: first,
        "schema.sql": wished,
      });
      await work(database);
    } finally {
      await database.dispose();
    }
  };
  const diff = () => project.run([...toFile, "--shadow", server!.url]);

  it("a stored column that is generated no more has what it showed, and may become it again", async () => {
    const first =
      "create table a (id int primary key, x int, y int as (x * 2) stored, key ay (y));";
    const wished = "create table a (id int primary key, x int, y int, key ay (y));";
    await withDatabase({ first, wished }, async ({ query }) => {
      const migrate = () => project.run(["migrate", "-q", "--online-ddl", "allow-copy"]);
      await expect(migrate()).resolves.toMatchObject({ code: 0 });
      await query("insert into a (id, x) values (1, 5)");
      const there = await diff();
      expect([there.code, there.stderr]).toEqual([0, ""]);
      await expect(migrate()).resolves.toMatchObject({ code: 0 });
      await expect(query("select * from a")).resolves.toEqual([{ id: 1, x: 5, y: 10 }]);
      project.write("schema.sql", first);
      const [, , ...rest] = toFile;
      const back = ["gen", "migration", "back", ...rest.slice(1), "--shadow", server!.url];
      await expect(project.run(back)).resolves.toMatchObject({ code: 0 });
      await expect(migrate()).resolves.toMatchObject({ code: 0 });
      await query("update a set x = 7");
      await expect(query("select y from a")).resolves.toEqual([{ y: 14 }]);
    });
  });

  it.each([
    [
      "a virtual column that would be a plain one",
      "create table a (id int primary key, x int, y int as (x * 2) virtual);",
      "create table a (id int primary key, x int, y int);",
      "column y would be virtual no more, and the values that it shows would be lost",
    ],
    [
      "a table that would lose the rows that were",
      "create table a (id int primary key) with system versioning;",
      "create table a (id int primary key);",
      "it would not be system-versioned any more, and the rows that were would be lost",
    ],
    [
      "a change of a table that keeps the rows that were",
      "create table a (id int primary key) with system versioning;",
      "create table a (id int primary key, x int) with system versioning;",
      "it is system-versioned, and the server needs a setting",
    ],
  ])("refuses %s", async (_, first, wished, reason) => {
    await withDatabase({ first, wished }, async () => {
      const ran = await diff();
      expect(ran.stderr).toContain(`error: repo main: nothing was written: table a: ${reason}`);
      expect(ran.code).toBe(4);
      expect(readdirSync(join(project.folder, folder))).toHaveLength(1);
    });
  });

  it("makes a table keep the rows that were", async () => {
    const first = "create table a (id int primary key);";
    const wished = "create table a (id int primary key) with system versioning;";
    await withDatabase({ first, wished }, async () => {
      await expect(diff()).resolves.toMatchObject({ code: 0 });
    });
  });
});
