/** Releases on a real MariaDB: the history, what is logged, and going on after a failure. */
import { defineMigration, defineRelease, type ReleaseConfig } from "slipway";
import { describe, expect, it } from "vitest";
import { freshMysql, type MysqlDatabase, mariadbOfFile } from "../support/mysql.ts";
import { recorder } from "../support/recorder.ts";

const server = await mariadbOfFile();
const serverUrl = server?.url ?? "";

const createPosts = defineMigration({
  change(m) {
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "string", { null: false });
    });
  },
});

describe.skipIf(server === undefined)("on MariaDB", () => {
  it("migrates, tells the status and rolls back, from the stored plan too", () =>
    withDatabase(async (database) => {
      const name = "20210718153339_create_posts";
      const { release, output } = releaseOn(database, { [name]: createPosts });
      const [migrated] = await release.migrate();
      expect(migrated?.migrations.map(({ version }) => version)).toEqual(["20210718153339"]);
      expect(await release.migrate()).toMatchObject([{ migrations: [] }]);
      await release.migrationStatus();
      expect(output.join("")).toContain("  up        20210718153339  create_posts\n");
      const [row] = await database.query(
        "SELECT version, name, inserted_at FROM schema_migrations",
      );
      expect(row).toEqual({
        version: 20210718153339,
        name: "create_posts",
        inserted_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      });
      await releaseOn(database, {}).release.rollback("main", 20210718153339);
      expect(await tables(database)).toEqual([]);
    }));

  it("takes over a history that Ecto wrote", () =>
    withDatabase(async (database) => {
      await database.query(
        "CREATE TABLE schema_migrations (version bigint NOT NULL, inserted_at datetime, PRIMARY KEY (version)) ENGINE = INNODB",
      );
      await database.query("INSERT INTO schema_migrations VALUES (1, '2021-07-18 15:33:39')");
      const { release } = releaseOn(database, {
        "1_create_posts": createPosts,
        "2_more": "-- migrate:up\nCREATE TABLE more (id int);\n-- migrate:down\nDROP TABLE more;",
      });
      const [status] = await release.migrationStatus();
      expect(status?.migrations.map((row) => row.status)).toEqual(["up", "down"]);
      await release.migrate();
      expect(await tables(database)).toEqual(["more"]);
    }));

  it("keeps who did what, with the number of the lock", () =>
    withDatabase(async (database) => {
      const { release } = releaseOn(database, {
        "1_create_posts": createPosts,
        "2_bad": "-- migrate:up\nINSERT INTO nowhere VALUES (1);\n-- migrate:down\nDO 1;",
      });
      await expect(release.migrate()).rejects.toMatchObject({ code: "migration_failed" });
      const rows = await database.query("SELECT fence FROM schema_migrations");
      expect(rows).toEqual([{ fence: 1 }]);
      const [main] = await release.history();
      expect(main?.events).toMatchObject([
        { version: "2", result: "failed", reason: expect.stringMatching(/nowhere/), fence: "1" },
        { version: "1", result: "applied", durationMs: expect.any(Number), fence: "1" },
      ]);
    }));

  it("goes on where a migration stopped, for DDL cannot be undone", () =>
    withDatabase(async (database) => {
      await stopInTheMiddle(database);
      expect(await tables(database)).toEqual(["one"]);
      const second = releaseOn(database, { "1_three": threeSteps("INSERT INTO one VALUES (8)") });
      await second.release.migrate();
      expect(await database.query("SELECT id FROM one")).toEqual([{ id: 7 }, { id: 8 }]);
      expect(second.lines.join("\n")).toContain("create table one (done before)");
    }));

  it.each([
    ["that had its effect is not repeated", "DO 1", /was done when the last run stopped/],
    ["that had none is repeated", "DROP TABLE one", /^create table one$/m],
  ])("a statement cut off %s", (_, meanwhile, said) =>
    withDatabase(async (database) => {
      await stopInTheMiddle(database);
      await database.query("UPDATE slipway_journal SET state = 'started' WHERE position = 0");
      await database.query("DELETE FROM slipway_journal WHERE position > 0");
      await database.query("DELETE FROM one");
      await database.query(meanwhile);
      const { release, lines } = releaseOn(database, { "1_three": threeSteps("DO 1") });
      await release.migrate();
      expect(lines.join("\n")).toMatch(said);
      expect(await database.query("SELECT id FROM one")).toEqual([{ id: 7 }]);
    }),
  );

  it("two migrators at once do it once", () =>
    withDatabase(async (database) => {
      const migrations = { "1_create_posts": createPosts, "2_two": createTable("two") };
      const runs = [1, 2, 3].map(() => releaseOn(database, migrations).release.migrate());
      const outcomes = await Promise.all(runs);
      const done = outcomes.flatMap(([repo]) => repo?.migrations ?? []);
      expect(done.map(({ version }) => version).toSorted()).toEqual(["1", "2"]);
    }));

  it("a prefix is another database", () =>
    withDatabase(async (database) => {
      const prefix = `${new URL(database.url).pathname.slice(1)}_tenant`;
      const { release } = releaseOn(database, { "1_create_posts": createPosts });
      await database.query(`CREATE DATABASE ${prefix}`);
      await release.migrate({ prefix });
      expect(await database.query(`SHOW TABLES FROM ${prefix} LIKE 'posts'`)).toHaveLength(1);
      expect(await tables(database)).toEqual([]);
      await release.rollback("main", 1, { prefix });
      await database.query(`DROP DATABASE ${prefix}`);
    }));

  it("68, ours: the server hears GET_LOCK and RELEASE_LOCK, and the log has no SQL of the lock", () =>
    withDatabase(async (database) => {
      await database.query("SET GLOBAL log_output = 'TABLE'");
      await database.query("SET GLOBAL general_log = 1");
      const { release, events } = releaseOn(database, { "1_create_posts": createPosts });
      await release.migrate();
      await database.query("SET GLOBAL general_log = 0");
      const heard = await database.query(
        "SELECT REGEXP_SUBSTR(argument, '(GET|RELEASE)_LOCK\\\\(.slipway:[0-9a-f]{48}.(, 0)?\\\\)') AS text FROM mysql.general_log WHERE argument REGEXP '^SELECT (GET|RELEASE)_LOCK' ORDER BY event_time",
      );
      const name = expect.stringMatching(/^(GET|RELEASE)_LOCK\('slipway:\w+'(, 0)?\)$/);
      expect(heard).toEqual([{ text: name }, { text: name }]);
      expect(heard.map(({ text }) => String(text).split("_")[0])).toEqual(["GET", "RELEASE"]);
      const sql = events.flatMap((event) => (event.type === "sql" ? [event.sql] : []));
      expect(sql.filter((text) => /_LOCK\(/.test(text))).toEqual([]);
    }));

  it("settings of a migration do not reach the next one", () =>
    withDatabase(async (database) => {
      const { release } = releaseOn(database, {
        "1_mode":
          "-- migrate:up\nSET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES';\n-- migrate:down\nDO 1;",
        "2_seen": defineMigration({
          up(m) {
            m.execute("CREATE TABLE modes AS SELECT @@sql_mode LIKE '%ANSI_QUOTES%' AS kept");
          },
          down() {},
        }),
      });
      await release.migrate();
      expect(await database.query("SELECT kept FROM modes")).toEqual([{ kept: 0 }]);
    }));
});

function threeSteps(last: string) {
  return defineMigration({
    up(m) {
      m.createTable("one", (t) => t.id());
      m.execute("INSERT INTO one (id) VALUES (7)");
      m.execute(last);
    },
    down() {},
  });
}

async function stopInTheMiddle(database: MysqlDatabase): Promise<void> {
  const { release } = releaseOn(database, {
    "1_three": threeSteps("INSERT INTO missing VALUES (1)"),
  });
  await expect(release.migrate()).rejects.toMatchObject({ code: "migration_failed" });
}

function createTable(name: string) {
  return defineMigration({ change: (m) => m.createTable(name, (t) => t.id()) });
}

type Migrations = NonNullable<ReleaseConfig["repos"][string]["migrations"]>;

function releaseOn({ adapter }: MysqlDatabase, migrations: Migrations) {
  const { world, ...heard } = recorder();
  const release = defineRelease({ app: "blog", repos: { main: { adapter, migrations } } });
  return { release: release.using(world), ...heard };
}

async function tables({ query }: MysqlDatabase): Promise<readonly string[]> {
  const names = (await query("SHOW TABLES")).map((row) => String(Object.values(row)[0]));
  return names.filter((name) => !/^(slipway_|schema_migrations$)/.test(name));
}

async function withDatabase(work: (database: MysqlDatabase) => Promise<void>): Promise<void> {
  const database = await freshMysql(serverUrl);
  try {
    await work(database);
  } finally {
    await database.dispose();
  }
}
