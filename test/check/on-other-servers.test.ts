/** What the rules of other dialects say of their own examples is what MariaDB and SQLite do. */
import { DatabaseSync } from "node:sqlite";
import { defineMigration, defineRelease, isReleaseError } from "slipway";
import { describe, expect, it } from "vitest";
import { mysqlCopyBlocksWrites } from "../../src/core/safety/rules/mysql-copy-blocks-writes.ts";
import { mysqlInplaceBlocksWrites } from "../../src/core/safety/rules/mysql-inplace-blocks-writes.ts";
import { mysqlTableRebuild } from "../../src/core/safety/rules/mysql-table-rebuild.ts";
import type { Rule } from "../../src/core/safety/rules/rule.ts";
import { sqlitePragmaInTransaction } from "../../src/core/safety/rules/sqlite-pragma-in-transaction.ts";
import { tableChange } from "../../src/core/sql/mysql-table-change.ts";
import { splitStatements } from "../../src/core/sql/statements.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { recorder } from "../support/recorder.ts";

const server = await mariadbOfRun();

describe.skipIf(server === undefined)("on MariaDB", () => {
  async function withDatabase(work: (database: MysqlDatabase) => Promise<void>) {
    const database = await freshMysql(server?.url ?? "");
    try {
      await work(database);
    } finally {
      await database.dispose();
    }
  }

  /** What the server says to each way of making the bad form. */
  async function accepts(rule: Rule, ways: readonly string[]): Promise<readonly boolean[]> {
    const said: boolean[] = [];
    for (const way of ways)
      await withDatabase(async (database) => {
        for (const { sql } of splitStatements(rule.bad.schema ?? "", "mysql"))
          await database.query(sql);
        const [{ sql } = { sql: "" }] = splitStatements(rule.bad.sql, "mysql");
        const { kind, nameEnd } = tableChange(sql)!;
        const asked =
          kind === "index"
            ? `${sql} ${way.replace(",", "")}`
            : `${sql.slice(0, nameEnd)} ${way},${sql.slice(nameEnd)}`;
        said.push(await database.query(asked).then(() => true, refused));
      });
    return said;
  }

  function refused(error: unknown): false {
    expect((error as { errno?: number }).errno).toSatisfy((n) => n === 1845 || n === 1846);
    return false;
  }

  const ways = ["ALGORITHM=INPLACE, LOCK=NONE", "ALGORITHM=INPLACE, LOCK=SHARED"];

  it.each([
    [mysqlCopyBlocksWrites.name, mysqlCopyBlocksWrites, [false, false]],
    [mysqlInplaceBlocksWrites.name, mysqlInplaceBlocksWrites, [false, true]],
    [mysqlTableRebuild.name, mysqlTableRebuild, [true, true]],
  ])("%s: how the server makes the bad form", async (_, rule, expected) => {
    expect(await accepts(rule, ways)).toEqual(expected);
  });

  it.each([
    ["inside of one length byte", "varchar(60) NULL", "varchar(63) NULL", [true, true]],
    ["past 255 bytes of utf8mb4", "varchar(60) NULL", "varchar(70) NULL", [false, false]],
    ["above the border", "varchar(64) NULL", "varchar(300) NULL", [true, true]],
    ["NULL to NOT NULL", "varchar(60) NULL", "varchar(60) NOT NULL", [false, true]],
    ["NOT NULL to NULL", "varchar(60) NOT NULL", "varchar(60) NULL", [false, true]],
  ])("a varchar %s: instant, in place", async (_, was, to, expected) => {
    for (const [i, way] of ["ALGORITHM=INSTANT", "ALGORITHM=INPLACE, LOCK=NONE"].entries())
      await withDatabase(async (database) => {
        await database.query(`CREATE TABLE t (c ${was}) CHARACTER SET utf8mb4`);
        const asked = database.query(`ALTER TABLE t ${way}, MODIFY c ${to}`);
        expect([way, await asked.then(() => true, refused)]).toEqual([way, expected[i]]);
      });
  });

  it("makes the good form beside writers, in place of a copy", () =>
    withDatabase(async (database) => {
      const { schema = "", sql } = mysqlCopyBlocksWrites.good;
      for (const one of splitStatements(schema, "mysql")) await database.query(one.sql);
      await database.query("INSERT INTO orders VALUES (1, NULL)");
      const repo = { adapter: database.adapter, migrations: { "1_fk": sql } };
      const release = defineRelease({ app: "blog", repos: { main: repo } }).using(recorder().world);
      const [{ migrations } = { migrations: [] }] = await release.migrate();
      expect(migrations).toHaveLength(1);
    }));

  const fullText = "CREATE FULLTEXT INDEX posts_title ON posts (title)";

  it.each([
    ["a foreign key", addReference(undefined), "mysql-copy-blocks-writes"],
    ["a fulltext index", fullText, "mysql-inplace-blocks-writes"],
  ])("migrate refuses %s before anything runs, on a table with rows", (_, last, rule) =>
    withDatabase(async (database) => {
      await database.query("CREATE TABLE posts (id bigint PRIMARY KEY, title text, by_id bigint)");
      const migrations = {
        "1_users": "CREATE TABLE users (id bigint PRIMARY KEY)",
        "2_last": last,
      };
      const repo = { adapter: database.adapter, migrations };
      const release = defineRelease({ app: "blog", repos: { main: repo } }).using(recorder().world);
      await database.query("INSERT INTO posts VALUES (1, 'one', NULL)");
      const error = await release.migrate().catch((error: unknown) => error);
      expect(isReleaseError(error) && error.code).toBe("unsafe");
      expect(error).toMatchObject({ exitCode: 4, details: { findings: [{ rule }] } });
      expect(await database.query("SHOW TABLES LIKE 'users'")).toEqual([]);
      await database.query("DELETE FROM posts");
      const [{ migrations: done } = { migrations: [] }] = await release.migrate();
      expect(done).toHaveLength(2);
    }),
  );

  it.each([
    ["the copy", addReference({ "mysql-copy-blocks-writes": "nobody writes yet" })],
    ["the wait", `-- slipway: safe mysql-inplace-blocks-writes "nobody writes yet"\n${fullText}`],
  ])("an answer to %s counts before and while it runs", (_, migration) =>
    withDatabase(async (database) => {
      await database.query("CREATE TABLE users (id bigint PRIMARY KEY)");
      await database.query("CREATE TABLE posts (id bigint PRIMARY KEY, title text, by_id bigint)");
      await database.query("INSERT INTO posts VALUES (1, 'one', NULL)");
      const repo = { adapter: database.adapter, migrations: { "1_a": migration } };
      const release = defineRelease({ app: "blog", repos: { main: repo } }).using(recorder().world);
      const [{ migrations } = { migrations: [] }] = await release.migrate();
      expect(migrations).toHaveLength(1);
    }),
  );
});

function addReference(safe: { readonly [rule: string]: string } | undefined) {
  return defineMigration({
    ...(safe === undefined ? {} : { safe }),
    change: (m) =>
      m.createConstraint("posts", "posts_by_id_fkey", {
        foreignKey: { columns: ["by_id"], table: "users", references: ["id"] },
      }),
  });
}

describe("on SQLite", () => {
  it("the bad form leaves foreign keys on, the good form does not", () => {
    const isOn = (inTransaction: boolean) => {
      const database = new DatabaseSync(":memory:");
      const { schema = "", sql } = sqlitePragmaInTransaction.bad;
      database.exec(schema);
      database.exec("PRAGMA foreign_keys = ON");
      if (inTransaction) database.exec("BEGIN");
      database.exec(sql.split("\n")[0] ?? "");
      const row = database.prepare("PRAGMA foreign_keys").get();
      database.close();
      return row?.foreign_keys;
    };
    expect(isOn(true)).toBe(1);
    expect(isOn(false)).toBe(0);
  });

  it("the good form runs, and keeps the rows that refer to the table", () => {
    const database = new DatabaseSync(":memory:");
    const { schema = "", sql } = sqlitePragmaInTransaction.good;
    database.exec(schema);
    database.exec("INSERT INTO users VALUES (1); INSERT INTO orders VALUES (1, 1)");
    database.exec(sql);
    expect(database.prepare("SELECT count(*) AS n FROM orders").get()?.n).toBe(1);
    database.close();
  });
});
