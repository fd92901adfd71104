/** `gen migration --diff` of schemas that its user sees in part, that the reader does not know, or whose names differ only in case. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { kindsHiddenBy } from "../../src/adapters/mysql/hidden-objects.ts";
import { postgresCatalog } from "../../src/adapters/postgres/catalog/postgres-catalog.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { asSuperuser, type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { makeProject, type Project, postgresRelease } from "./project.ts";

const folder = "db/main/migrations";
let project: Project;
let env = {};
afterEach(() => project.remove());

const files = () => (project.has(folder) ? readdirSync(join(project.folder, folder)) : []);
const written = () =>
  files()
    .toSorted()
    .map((file) => readFileSync(join(project.folder, folder, file), "utf8"))
    .join("\n");
const diff = (...words: readonly string[]) => project.run(["gen", "migration", ...words], { env });

describe("on PostgreSQL", () => {
  const onDatabase = async (work: (database: FreshDatabase) => Promise<void>) => {
    const database = await freshDatabase();
    env = { DATABASE_URL: database.url };
    try {
      await work(database);
    } finally {
      await database.drop();
    }
  };

  it("refuses a user who may not read the catalog, and writes nothing", () =>
    onDatabase(async ({ url }) => {
      project = makeProject({ "release.ts": postgresRelease });
      const reader = new URL(url);
      reader.username = `r${reader.pathname.slice(1)}`;
      reader.password = "r";
      await asSuperuser(url, `CREATE ROLE ${reader.username} LOGIN PASSWORD 'r'`);
      await asSuperuser(url, "REVOKE SELECT ON pg_catalog.pg_constraint FROM public");
      try {
        const ran = await diff("x", "--diff", "--to-url", reader.href);
        expect(ran.stderr).toMatch(
          /^error: the schema cannot be read: \S+ may not use table pg_catalog\.pg_constraint\nhint: Let a DBA run this once: GRANT SELECT ON pg_catalog\.pg_constraint TO \S+;\n$/,
        );
        expect(ran.code).toBe(2);
        expect(files()).toEqual([]);
      } finally {
        await asSuperuser(url, `DROP ROLE ${reader.username}`);
      }
    }));

  it("tells names apart that differ only in case, there and back", () =>
    onDatabase(async () => {
      project = makeProject({
        "release.ts": postgresRelease,
        "schema.sql": `create table posts (id bigint primary key, title text, "Title" text);
create table "Posts" (id bigint primary key);
create index i on posts (title);
create index "I" on posts ("Title");`,
      });
      await expect(diff("x", "--diff", "--to", "schema.sql")).resolves.toMatchObject({
        ...{ code: 0, stderr: "" },
      });
      expect(written()).toContain('m.createTable("posts"');
      expect(written()).toContain('m.createTable("Posts"');
      project.write(
        "schema.sql",
        `create table posts (id bigint primary key, "Title" text);
create index "I" on posts ("Title");`,
      );
      await expect(diff("y", "--diff", "--to", "schema.sql")).resolves.toMatchObject({
        ...{ code: 0, stderr: "" },
      });
      expect(written()).toContain('m.dropTable("Posts"');
      expect(written()).toContain('t.remove("title"');
      expect(written()).not.toMatch(/dropTable\("posts"|remove\("Title"/);
    }));

  it("says of a server that is too old which one it is", () =>
    onDatabase(async ({ url }) => {
      project = makeProject({});
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        const said = "current_setting('server_version_num')";
        const read = postgresCatalog.read(
          async (sql) => (await client.query(sql.replace(said, "'120022'"))).rows,
        );
        await expect(read).rejects.toMatchObject({
          code: "schema_too_old",
          message:
            "the schema cannot be read: the server is PostgreSQL 12, and 13 is the oldest that can be",
        });
      } finally {
        await client.end();
      }
    }));
});

describe("what a user of MariaDB or MySQL is not shown", () => {
  it.each([
    ["all rights everywhere", ["GRANT ALL PRIVILEGES ON *.* TO `u`@`%`"], []],
    [
      "each of them on the database",
      ["GRANT SELECT, EXECUTE, EVENT, TRIGGER ON `my\\_app`.* TO `u`@`%`"],
      [],
    ],
    [
      "those of two lines, in the other marks",
      [
        "GRANT USAGE ON *.* TO 'u'@'%'",
        'GRANT SELECT, TRIGGER ON "my%".* TO "u"@"%"',
        'GRANT EVENT, EXECUTE ON "my_app".* TO "u"@"%"',
      ],
      [],
    ],
    [
      "reading alone",
      ["GRANT SELECT ON `my_app`.* TO `u`@`%`"],
      ["triggers", "routines", "events"],
    ],
    [
      "one table, and another database whose name is alike",
      [
        "GRANT SELECT (`id`, `title`), INSERT ON `my_app`.`posts` TO `u`@`%`",
        "GRANT ALL PRIVILEGES ON `my\\_ap`.* TO `u`@`%`",
        "GRANT ALL PRIVILEGES ON `myxapp\\_`.* TO `u`@`%`",
      ],
      ["tables", "triggers", "routines", "events"],
    ],
  ])("with %s", (_, grants, hidden) => {
    project = makeProject({});
    expect(kindsHiddenBy(grants, "my_app")).toEqual(hidden);
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

  const onDatabase = async (work: (database: MysqlDatabase, name: string) => Promise<void>) => {
    const database = await freshMysql(server!.url);
    env = {};
    project = makeProject({ "release.ts": release(database.url) });
    try {
      await work(database, new URL(database.url).pathname.slice(1));
    } finally {
      await database.dispose();
    }
  };

  it("refuses a user who is not shown all there is, and reads as one who is", () =>
    onDatabase(async (database, name) => {
      const grants: readonly (readonly [rights: string, hidden: string | undefined])[] = [
        [`CREATE TEMPORARY TABLES ON \`${name}\`.*`, "events, routines, tables, triggers"],
        [`SELECT ON \`${name}\`.posts`, "events, routines, tables, triggers"],
        [`SELECT, SHOW VIEW ON \`${name}\`.*`, "events, routines, triggers"],
        [`SELECT, TRIGGER, EXECUTE, EVENT ON \`${name.replace("_", "\\_")}\`.*`, undefined],
      ];
      await database.query("CREATE TABLE posts (id int PRIMARY KEY)");
      await database.query("CREATE TABLE tags (id int PRIMARY KEY)");
      for (const [i, [rights, hidden]] of grants.entries()) {
        const reader = new URL(database.url);
        [reader.username, reader.password] = [`${name}_${i}`, "r"];
        await rootQuery(`CREATE USER ${reader.username}@'%' IDENTIFIED BY 'r'`);
        await rootQuery(`GRANT ${rights} TO ${reader.username}@'%'`);
        const urls = ["--diff", "--to-url", reader.href, "--shadow", server!.url];
        const ran = await diff("x", ...urls);
        await rootQuery(`DROP USER ${reader.username}@'%'`);
        if (hidden === undefined) {
          expect(ran).toMatchObject({ code: 0, stderr: "" });
          expect(written()).toContain('m.createTable("tags"');
          continue;
        }
        expect(ran.stderr, rights).toMatch(
          new RegExp(
            `^error: repo main: the schema of mysql:\\S+ cannot be read: this user is not shown ${hidden}\nhint: Read it as the user who owns it.*\n$`,
          ),
        );
        expect(ran.code).toBe(2);
        expect(files()).toEqual([]);
      }
    }));

  it("knows what a role lets its user see", () =>
    onDatabase(async (database, name) => {
      await database.query("CREATE TABLE posts (id int PRIMARY KEY)");
      const reader = new URL(database.url);
      [reader.username, reader.password] = [`${name}_u`, "r"];
      await rootQuery(`CREATE ROLE ${name}_r`);
      await rootQuery(`GRANT SELECT, TRIGGER, EXECUTE, EVENT ON \`${name}\`.* TO ${name}_r`);
      await rootQuery(`CREATE USER ${reader.username}@'%' IDENTIFIED BY 'r'`);
      await rootQuery(`GRANT ${name}_r TO ${reader.username}@'%'`);
      await rootQuery(`SET DEFAULT ROLE ${name}_r FOR ${reader.username}@'%'`);
      const ran = await diff("x", "--diff", "--to-url", reader.href, "--shadow", server!.url);
      await rootQuery(`DROP USER ${reader.username}@'%'`);
      await rootQuery(`DROP ROLE ${name}_r`);
      expect(ran).toMatchObject({ code: 0, stderr: "" });
    }));

  it("tells tables apart that differ only in case, and names a column that is there twice", () =>
    onDatabase(async () => {
      const shadow = ["--shadow", server!.url];
      project.write(
        "schema.sql",
        "CREATE TABLE posts (id int PRIMARY KEY);\nCREATE TABLE Posts (id int PRIMARY KEY, title text);\n",
      );
      await expect(diff("x", "--diff", "--to", "schema.sql", ...shadow)).resolves.toMatchObject({
        ...{ code: 0, stderr: "" },
      });
      expect(written()).toContain('m.createTable("posts"');
      expect(written()).toContain('m.createTable("Posts"');
      project.write("schema.sql", "CREATE TABLE posts (id int PRIMARY KEY);\n");
      await expect(diff("y", "--diff", "--to", "schema.sql", ...shadow)).resolves.toMatchObject({
        ...{ code: 0, stderr: "" },
      });
      expect(written()).toContain('m.dropTable("Posts"');
      expect(written()).not.toContain('m.dropTable("posts"');
      project.write("schema.sql", "CREATE TABLE posts (id int PRIMARY KEY, ID int);\n");
      const ran = await diff("z", "--diff", "--to", "schema.sql", ...shadow);
      expect(ran.stderr).toMatch(
        /^error: schema\.sql:1: repo main: Duplicate column name 'ID', in CREATE TABLE posts/,
      );
      expect(ran.code).toBe(1);
    }));
});

/** As the owner of the server. */
async function rootQuery(sql: string): Promise<void> {
  const { createConnection } = await import("mysql2/promise");
  const connection = await createConnection(server!.url);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
