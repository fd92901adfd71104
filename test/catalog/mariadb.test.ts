/** A schema of MariaDB that is dumped and loaded is the same: by the bytes, and by mariadb-dump. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineRelease } from "slipway";
import { describe, expect, it } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { splitStatements } from "../../src/core/sql/statements.ts";
import { debianProgram } from "../support/debian.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";

const server = await mariadbOfRun();
const dumper = debianProgram("mariadb-dump", "mariadb-client");
const fixture = readFileSync(join(import.meta.dirname, "../fixtures/catalog/mariadb.sql"), "utf8");
const silent = { write: () => undefined, emit: () => undefined };

const releaseOn = ({ adapter }: MysqlDatabase) =>
  defineRelease({ app: "dumped", repos: { main: { adapter, migrations: [] } } }).using(silent);

async function dumpOf(database: MysqlDatabase): Promise<string> {
  const [dump] = await releaseOn(database).dump();
  expect(dump?.leftOut).toEqual([]);
  return dump?.sql ?? "";
}

/** As mariadb-dump writes it, but for where counting goes on, who made it, and its comments. */
function byMariadbDump(url: string): string {
  const { hostname, port, username, password, pathname } = new URL(url);
  const args = [
    ...["--no-defaults", `--host=${hostname}`, `--port=${port}`, `--user=${username}`],
    ...[
      `--password=${decodeURIComponent(password)}`,
      "--no-data",
      // Loading takes it.
      `--ignore-table=${pathname.slice(1)}.slipway_lock`,
      "--routines",
      "--triggers",
      "--events",
    ],
    ...["--skip-comments", "--skip-dump-date", pathname.slice(1)],
  ];
  const { status, stdout, stderr } = spawnSync(dumper ?? "", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .replace(/ AUTO_INCREMENT=\d+/g, "")
    .replace(/DEFINER=`[^`]*`@`[^`]*`/g, "DEFINER=x")
    .replace(/^.*(?:SETVAL|DO SETVAL).*\n/gm, "");
}

describe.runIf(server)("on MariaDB", () => {
  it("every kind of object comes back as it was", async () => {
    const [from, to] = [await freshMysql(server!.url), await freshMysql(server!.url)];
    try {
      for (const { sql } of splitStatements(fixture, "mysql")) await from.query(sql);
      const sql = await dumpOf(from);
      expect(sql).not.toMatch(/DEFINER=|AUTO_INCREMENT=/);
      await releaseOn(to).load("main", sql);
      expect(await dumpOf(to)).toBe(sql);
      const expected = byMariadbDump(from.url);
      expect(expected).toContain("PARTITION BY HASH");
      expect(byMariadbDump(to.url)).toBe(expected);
    } finally {
      await from.dispose();
      await to.dispose();
    }
  });

  it("nothing of it names the database, nor when it was made", async () => {
    const [from, to] = [await freshMysql(server!.url), await freshMysql(server!.url)];
    try {
      await from.query("CREATE SEQUENCE counter");
      await from.query(
        "CREATE TABLE a (id int PRIMARY KEY DEFAULT (NEXT VALUE FOR counter), b int)",
      );
      await from.query("CREATE VIEW v AS SELECT nextval(counter) AS n FROM a");
      await from.query("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM a");
      await from.query(
        "CREATE EVENT f ON SCHEDULE EVERY 1 DAY STARTS '2020-01-01' DO DELETE FROM a",
      );
      const sql = await dumpOf(from);
      expect(sql).not.toContain(new URL(from.url).pathname.slice(1));
      expect(sql.match(/STARTS '.*?'/g)).toEqual(["STARTS '2020-01-01 00:00:00'"]);
      await releaseOn(to).load("main", sql);
      expect(await dumpOf(to)).toBe(sql);
      await from.dispose();
      await to.query("INSERT INTO a (b) VALUES (7)");
      await expect(to.query("SELECT id FROM a")).resolves.toEqual([{ id: 1 }]);
    } finally {
      await from.dispose();
      await to.dispose();
    }
  });

  it("names a routine whose text it may not read", async () => {
    const database = await freshMysql(server!.url);
    const url = new URL(database.url);
    const user = `reader_${process.pid}`;
    const adminUrl = Object.assign(new URL(server!.url), { pathname: url.pathname }).href;
    const admin = await mysql({ url: adminUrl }).open({ role: "work", application: "test" });
    try {
      await database.query("CREATE FUNCTION one() RETURNS int DETERMINISTIC RETURN 1");
      await admin.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'secret'`);
      await admin.query(`GRANT SELECT, EXECUTE ON \`${url.pathname.slice(1)}\`.* TO ${user}@'%'`);
      Object.assign(url, { username: user, password: "secret" });
      const main = { adapter: mysql({ url: url.href }), migrations: [] };
      const reader = defineRelease({ app: "dumped", repos: { main } }).using(silent);
      const [dump] = await reader.dump();
      expect(dump?.leftOut).toEqual(["events", "function one", "triggers"]);
    } finally {
      await admin.query(`DROP USER IF EXISTS ${user}@'%'`);
      await admin.close();
      await database.dispose();
    }
  });

  it("a run does not wait for who has rows of what is kept", async () => {
    const database = await freshMysql(server!.url);
    const other = await database.adapter.open({ role: "work", application: "other" });
    const release = (migrations: Readonly<Record<string, string>>) =>
      defineRelease({
        app: "kept",
        repos: { main: { adapter: database.adapter, migrations } },
      }).using(silent);
    const first = { "1_a": "CREATE TABLE a (id int)" };
    const both = { ...first, "2_b": "CREATE TABLE b (id int)" };
    try {
      await release(first).migrate();
      await other.query("START TRANSACTION");
      const held = await other.query("SELECT * FROM slipway_schema FOR UPDATE");
      expect(held.length).toBeGreaterThan(0);
      // Longer than this test may take, where the server has its own way.
      const [row] = await other.query("SELECT @@global.innodb_lock_wait_timeout AS seconds");
      expect(Number(row?.seconds)).toBeGreaterThan(30);
      await release(both).migrate();
      await expect(release(both).verifySchema()).rejects.toMatchObject({ code: "schema_not_kept" });
      await other.query("COMMIT");
    } finally {
      await other.close();
      await database.dispose();
    }
  });

  it("two at once: one loads, and the other one waits for it", async () => {
    const database = await freshMysql(server!.url);
    try {
      const tables = Array.from({ length: 20 }, (_, i) => `CREATE TABLE t${i} (id int);`);
      const release = () =>
        defineRelease({
          app: "dumped",
          repos: { main: { adapter: database.adapter, migrations: [] } },
        }).using(silent);
      const sql = `${tables.join("\n")}
CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at datetime);
INSERT INTO schema_migrations (version) VALUES (1);`;
      const both = await Promise.all(
        [1, 2].map(() => release().load("main", sql, { skipIfLoaded: true })),
      );
      expect(both.map(({ loaded }) => loaded).toSorted()).toEqual([false, true]);
      const [found] = await database.query(
        "SELECT count(*) AS n FROM information_schema.tables WHERE table_schema = database() AND table_name LIKE 't%'",
      );
      expect(Number(found?.n)).toBe(20);
    } finally {
      await database.dispose();
    }
  });

  it("tells that what was loaded before a failure stays", async () => {
    const database = await freshMysql(server!.url);
    try {
      const text = "CREATE TABLE a (id int);\nCREATE TABLE a (id int);";
      await expect(releaseOn(database).load("main", text)).rejects.toMatchObject({
        code: "load_failed",
        hint: "What stands before it was loaded and stays: drop the database before you try again.",
      });
    } finally {
      await database.dispose();
    }
  });
});
