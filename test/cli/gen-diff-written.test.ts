/** `gen migration --diff` on SQLite and MariaDB: what is written, that it does it, and what can be wrong. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { makeProject, type Project, sqliteRelease } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const folder = "db/main/migrations";
const firstFile = `${folder}/20200101000000_first.ts`;
const migration = (lines: string) => `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
${lines}
  },
});
`;
const files = () => readdirSync(join(project.folder, folder)).toSorted();
const textOf = (name: string) =>
  readFileSync(
    join(project.folder, folder, files().find((file) => file.endsWith(`_${name}.ts`))!),
    "utf8",
  );
const diff = (...words: readonly string[]) => project.run(["gen", "migration", ...words]);
const toFile = ["--diff", "--to", "schema.sql"];

describe("on SQLite", () => {
  const first = migration(`    m.createTable("posts", (t) => {
      t.column("id", "integer", { primaryKey: true });
      t.column("title", "text", { default: "none" });
      t.column("mood", "text");
    });
    m.createIndex("posts", ["mood"], { name: "posts_mood" });
    m.createView("titles", { as: "select title from posts" });
    m.createTable("old", (t) => {
      t.column("id", "integer", { primaryKey: true });
    });`);
  const begin = (wished: string) => {
    project = makeProject({
      "release.ts": sqliteRelease,
      [firstFile]: first,
      "schema.sql": wished,
    });
  };
  const wished = `-- as we want it
create table authors (id integer primary key, email text not null unique);
create table posts (
  id integer primary key, title text default 'none' not null, total integer,
  author integer references authors (id) on delete cascade
);
create index posts_author on posts (author desc) where author > 0;
create view titles as select title, total from posts;
`;

  it("writes it in the language, cut where old code must be gone; rows stay", async () => {
    begin(wished);
    await expect(project.run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
    const path = join(project.folder, "main.db");
    const row = (sql: string) => {
      const db = new DatabaseSync(path);
      try {
        return db.prepare(sql).get();
      } finally {
        db.close();
      }
    };
    const db = new DatabaseSync(path);
    db.exec("insert into posts (title, mood) values ('first', 'glad'); insert into old values (1)");
    db.close();
    const ran = await diff("wished", ...toFile);
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(textOf("wished")).toBe(
      migration(`    m.dropView("titles", { was: { as: "select title from posts" } });
    m.createTable("authors", (t) => {
      t.column("id", "integer", { primaryKey: true });
      t.column("email", "text", { null: false });
      t.unique("authors_email_key", ["email"]);
    });
    m.alterTable("posts", (t) => {
      t.add("total", "integer");
      t.references("author", "authors", {
        type: "integer",
        column: "id",
        name: "posts_author_fkey",
        onDelete: "cascade",
      });
    });
    m.createIndex("posts", [{ column: "author", order: "desc" }], { name: "posts_author", where: "author > 0" });
    m.createView("titles", { as: "select title, total from posts" });`),
    );
    expect(textOf("wished_after").replace(/\d{14}/, "…")).toContain(`  phase: "after",
  requires: { migration: … },
  change(m) {
    m.dropIndex("posts", ["mood"], { name: "posts_mood" });
    m.alterTable("posts", (t) => {
      t.remove("mood", { was: "text" });
      t.setNotNull("title");
    });
    m.dropTable("old", {`);
    await expect(project.run(["check", "--all"])).resolves.toMatchObject({ code: 0 });
    await expect(diff(...toFile, "--check")).resolves.toMatchObject({ code: 0, stderr: "" });
    await expect(project.run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
    expect({ ...row("select * from posts") }).toEqual({
      ...{ id: 1, title: "first", total: null, author: null },
    });
    await expect(project.run(["rollback", "main", "--step", "2", "-q"])).resolves.toMatchObject({
      code: 0,
    });
    expect({ ...row("select * from posts") }).toEqual({ id: 1, title: "first", mood: null });
  });

  it("rebuilds a table in SQL where the language has no word for what it is", async () => {
    begin(
      wished.replace("total integer", "total integer check (total > 0)").replace("'none'", "'x'"),
    );
    const ran = await diff("wished", ...toFile);
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(textOf("wished")).toContain("// SQLite has no ALTER TABLE for this");
    expect(textOf("wished")).toContain('INSERT INTO "slipway_new_posts" ("id", "title", "mood")');
    await expect(project.run(["check", "--all"])).resolves.toMatchObject({ code: 0 });
  });

  it("--check names what differs, and writes nothing", async () => {
    begin(wished);
    const ran = await diff(...toFile, "--check");
    expect(ran.code).toBe(3);
    expect(ran.stdout).toContain("+ table authors\n");
    expect(ran.stdout).toContain("- index posts_mood\n");
    expect(files()).toHaveLength(1);
  });

  it("renames what it is told to, and keeps what holds on to it", async () => {
    const renamed = `create table articles (id integer primary key, heading text default 'none', mood text);
create index posts_mood on articles (mood);
create view titles as select heading from articles;
create table old (id integer primary key);
`;
    begin(renamed);
    const guessed = await diff("guessed", ...toFile);
    expect(guessed.code).toBe(0);
    for (const file of files().slice(1)) rmSync(join(project.folder, folder, file));
    const words = ["--rename", "posts=articles", "--rename", "posts.title=heading"];
    const ran = await diff("named", ...toFile, ...words);
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(textOf("named")).toContain('m.renameColumn("posts", "title", { to: "heading" });');
    expect(textOf("named")).toContain('m.renameTable("posts", { to: "articles" });');
    expect(textOf("named")).not.toContain("createIndex");
    await expect(diff("again", ...toFile)).resolves.toMatchObject({ code: 0, stderr: "" });
  });

  it("takes both ends from files of databases, which are only read", async () => {
    begin(wished);
    const db = new DatabaseSync(join(project.folder, "other.db"));
    db.exec("create table posts (id integer primary key, heading text)");
    db.close();
    const ran = await diff("other", "--diff", "--to-url", "other.db");
    expect(ran.code).toBe(0);
    expect(textOf("other")).toContain('t.add("heading", "text");');
    const none = ["x", "--diff", "--to-url", "none.db"];
    await expect(diff(...none)).resolves.toMatchObject({ code: 2 });
    expect(readdirSync(project.folder)).not.toContain("none.db");
  });

  it.each([
    [
      "a table that becomes a view",
      "create view posts as select 1 as id;",
      4,
      /^error: repo main: nothing was written: table posts: it would become a view, and its rows would be lost\nhint: Write this change by hand/,
    ],
    [
      "a dump of another database",
      "-- PostgreSQL database dump\ncreate table a (id int);\n",
      2,
      /^error: schema\.sql is a dump of PostgreSQL, which the database of repo main cannot read\nhint: Give --to/,
    ],
    [
      "two tables that differ only in case",
      'create table posts (id int);\ncreate table "Posts" (id int);\n',
      1,
      /^error: schema\.sql:2: repo main: table "Posts" already exists, in create table "Posts"/,
    ],
    [
      "a file that does not load",
      "create table a (id int);\n\ncreate table b (id int,,);\n",
      1,
      /^error: schema\.sql:3: repo main: near ",": syntax error, in create table b/,
    ],
  ])("refuses %s, and writes nothing", async (_, text, code, line) => {
    begin(text);
    const ran = await diff("x", ...toFile);
    expect(ran.stderr).toMatch(line);
    expect(ran.code).toBe(code);
    expect(files()).toHaveLength(1);
  });
});

async function rootQuery(url: string, sql: string): Promise<void> {
  const session = await mysql({ url }).open({ role: "work", application: "test" });
  try {
    await session.query(sql);
  } finally {
    await session.close();
  }
}

const server = await mariadbOfRun();
describe.runIf(server)("on MariaDB", () => {
  const release = (url: string) => `import { defineRelease } from "slipway";
import { mysql } from "slipway/mysql";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: mysql({ url: ${JSON.stringify(url)} }) } },
});
`;
  const first = migration(`    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "varchar(100)");
      t.column("mood", "text");
    });
    m.createIndex("posts", ["title"], { name: "posts_title" });`);
  const wished = `CREATE TABLE authors (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(200) NOT NULL UNIQUE);
CREATE TABLE posts (
  id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, title varchar(200) NOT NULL, author bigint unsigned,
  KEY posts_author (author), CONSTRAINT posts_fk FOREIGN KEY (author) REFERENCES authors (id) ON DELETE CASCADE
);
`;

  it("writes one change in each statement, and runs it on rows beside writers", async () => {
    const database = await freshMysql(server!.url);
    project = makeProject({
      "release.ts": release(database.url),
      [firstFile]: first,
      "schema.sql": wished,
    });
    try {
      await expect(project.run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
      await database.query("INSERT INTO posts (title, mood) VALUES ('first', 'glad')");
      const away = await diff("wished", ...toFile);
      expect([away.code, away.stderr]).toEqual([
        2,
        expect.stringMatching(
          /^error: no shadow can be made for main\nhint: MySQL and MariaDB need a server: name one with --shadow/,
        ),
      ]);
      const shadow = ["--shadow", server!.url];
      const ran = await diff("wished", ...toFile, ...shadow);
      expect([ran.code, ran.stderr]).toEqual([
        0,
        expect.stringMatching(
          /^warning: \S+_wished\.ts: mysql-copy-blocks-writes: a foreign key of posts .*\n$/,
        ),
      ]);
      const text = textOf("wished");
      expect(text).toContain('m.createTable("authors", (t) => {');
      expect(text).toContain('t.add("author", "bigint(20) unsigned");');
      expect(text).toContain(
        'm.execute("ALTER TABLE `posts` MODIFY COLUMN `title` varchar(200) DEFAULT NULL", {',
      );
      expect(text).toContain('m.createIndex("posts", ["author"], { name: "posts_author" });');
      expect(text).toContain('m.createConstraint("posts", "posts_fk", {');
      expect(textOf("wished_after")).toContain(
        "ALTER TABLE `posts` MODIFY COLUMN `title` varchar(200) NOT NULL",
      );
      await expect(project.run(["check", "--all"])).resolves.toMatchObject({ code: 0 });
      await expect(diff("again", ...toFile, ...shadow)).resolves.toMatchObject({
        code: 0,
        stdout: "main: the migrations make the schema of schema.sql\n",
      });
      const [{ name = "" } = {}] = await database.query("SELECT DATABASE() AS name");
      const root = new URL(server!.url);
      const reader = new URL(database.url);
      await database.query("CREATE FUNCTION one() RETURNS int DETERMINISTIC RETURN 1");
      await rootQuery(
        root.href,
        `GRANT SELECT, EXECUTE, TRIGGER, EVENT ON \`${name}\`.* TO ${name}_r@'%' IDENTIFIED BY 'r'`,
      );
      reader.username = `${name}_r`;
      reader.password = "r";
      const hidden = await diff("hidden", "--diff", "--to-url", reader.href, ...shadow);
      expect(hidden.stderr).toMatch(
        /^error: repo main: the schema of mysql:\S+ cannot be read: this user is not shown function one\nhint: Read it as the user who owns it/,
      );
      expect(hidden.code).toBe(2);
      await expect(
        diff("none", "--diff", "--to-url", database.url, ...shadow, "--check"),
      ).resolves.toMatchObject({ code: 3 });
    } finally {
      await database.dispose();
    }
  });
});
