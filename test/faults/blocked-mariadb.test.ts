/** MariaDB: short waits for the lock of a table, and no copy that keeps writers away unless that is allowed. */
import { createConnection } from "mysql2/promise";
import { defineMigration, defineRelease, isReleaseError, type RunEvent } from "slipway";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LockPolicySettings } from "../../src/core/model/lock-policy.ts";
import type { MigrationMap } from "../../src/release/config.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { recorder } from "../support/recorder.ts";

const server = await mariadbOfRun();
const serverUrl = server?.url ?? "";

describe.skipIf(server === undefined)("on MariaDB", () => {
  let database: MysqlDatabase;
  beforeEach(async () => {
    database = await freshMysql(serverUrl);
    await database.query("CREATE TABLE posts (id int PRIMARY KEY, title varchar(20), views int)");
    await database.query("INSERT INTO posts VALUES (1, 'one', 1), (2, 'two', 2)");
  });
  afterEach(() => database.dispose());

  function releaseOf(migrations: MigrationMap, policy: LockPolicySettings = {}) {
    const { world, ...heard } = recorder();
    const listeners: ((event: RunEvent) => void)[] = [];
    const emit = (event: RunEvent) => {
      world.emit?.(event);
      for (const listener of listeners) listener(event);
    };
    const main = { adapter: database.adapter, migrations, policy };
    const release = defineRelease({ app: "blog", repos: { main } }).using({ ...world, emit });
    const blocked = new Promise<Extract<RunEvent, { type: "blocked" }>>((resolve) => {
      listeners.push((event) => {
        if (event.type === "blocked") resolve(event);
      });
    });
    return { release, blocked, ...heard };
  }

  async function failure(work: Promise<unknown>) {
    try {
      await work;
    } catch (error) {
      if (isReleaseError(error)) return error;
      throw error;
    }
    throw new Error("it did not fail");
  }

  const columns = async () =>
    (await database.query("SHOW COLUMNS FROM posts")).map((row) => `${row.Field} ${row.Type}`);

  const addSlug = {
    "1_slug": defineMigration({
      change: (m) => m.alterTable("posts", (t) => t.add("slug", "string")),
    }),
  };

  it("an open transaction is named, perhaps, and the try after its end works", async () => {
    const reader = await createConnection(database.url);
    await reader.query("START TRANSACTION");
    await reader.query("SELECT COUNT(*) FROM posts");
    const { release, blocked, events } = releaseOf(addSlug);
    const run = release.migrate({ logMigratorSql: true });
    const event = await blocked;
    expect(event).toMatchObject({
      operation: "alter table posts",
      reason: "lock_timeout",
      wanted: { mode: "metadata lock", on: "`posts`" },
    });
    expect(event.blockers).toContainEqual(
      expect.objectContaining({ pid: String(reader.threadId), state: "idle", perhaps: true }),
    );
    await reader.query("COMMIT");
    await run;
    await reader.end();
    expect(await columns()).toContain("slug varchar(255)");
    const sql = events.flatMap((one) => (one.type === "sql" ? [one.sql] : []));
    const settings = sql.filter((text) => /lock_wait_timeout/.test(text));
    expect(settings.slice(0, 2)).toEqual([
      "SET SESSION lock_wait_timeout = 1",
      "SET SESSION lock_wait_timeout = DEFAULT",
    ]);
    expect(settings.length % 2).toBe(0);
  });

  it("when the time is over it fails, nothing has changed, and running again works", async () => {
    const reader = await createConnection(database.url);
    await reader.query("START TRANSACTION");
    await reader.query("SELECT COUNT(*) FROM posts");
    const { release } = releaseOf(addSlug, { retryForMs: 1_500 });
    expect(await failure(release.migrate())).toMatchObject({ code: "blocked", exitCode: 1 });
    expect(await columns()).toHaveLength(3);
    await reader.end();
    await release.migrate();
    expect(await columns()).toHaveLength(4);
  });

  const widen = {
    "1_widen": defineMigration({
      up: (m) => m.alterTable("posts", (t) => t.modify("views", "bigint")),
      down: () => undefined,
    }),
  };
  const widenSql = { "1_widen": "ALTER TABLE posts /* wider */ MODIFY views bigint -- so it is" };

  describe.each<[string, MigrationMap]>([
    ["the builder", widen],
    ["an SQL file", widenSql],
  ])("a change by %s that only a copy can make", (_, migrations) => {
    it("is refused by the server, says so, and has changed nothing", async () => {
      const error = await failure(releaseOf(migrations).release.migrate());
      expect(error).toMatchObject({ code: "copy_refused", exitCode: 4 });
      expect(error.message).toMatch(/only while nobody writes to the table: .*ALGORITHM/);
      expect(await columns()).toContain("views int(11)");
    });

    it("is made when that is allowed", async () => {
      await releaseOf(migrations).release.migrate({ policy: { onlineDdl: "allow-copy" } });
      expect(await columns()).toContain("views bigint(20)");
    });

    it("is made on an empty table", async () => {
      await database.query("DELETE FROM posts");
      await releaseOf(migrations).release.migrate();
      expect(await columns()).toContain("views bigint(20)");
    });
  });

  it.each<[string, MigrationMap]>([
    [
      "the builder",
      {
        "1_widen": defineMigration({
          safe: { "mysql-copy-blocks-writes": "nobody writes yet" },
          up: (m) => m.alterTable("posts", (t) => t.modify("views", "bigint")),
          down: () => undefined,
        }),
      },
    ],
    [
      "an SQL file",
      {
        "1_widen":
          '-- slipway: safe mysql-copy-blocks-writes "nobody writes yet"\nALTER TABLE posts MODIFY views bigint',
      },
    ],
  ])("an answer in %s allows the copy too", async (_, migrations) => {
    await releaseOf(migrations).release.migrate();
    expect(await columns()).toContain("views bigint(20)");
  });

  it("a table that the same run made may be copied, with rows in it", async () => {
    await releaseOf({
      "1_tags": "CREATE TABLE tags (id int PRIMARY KEY, size int); INSERT INTO tags VALUES (1, 1)",
      "2_wider": "ALTER TABLE tags MODIFY size bigint",
    }).release.migrate();
    const [size] = await database.query("SHOW COLUMNS FROM tags LIKE 'size'");
    expect(size?.Type).toBe("bigint(20)");
  });

  it.each([
    ["a new column", "ALTER TABLE posts ADD slug text", "slug"],
    ["an index", "CREATE INDEX by_title ON posts (title) COMMENT 'x' -- fast", "KEY `by_title`"],
    ["an index that goes", "CREATE INDEX a ON posts (title); DROP INDEX a ON posts", "title"],
    ["a longer varchar", "ALTER TABLE `posts` MODIFY title varchar(40)", "varchar(40)"],
    ["another name", "ALTER TABLE posts RENAME COLUMN views TO seen", "`seen`"],
    [
      "how it is done, in the user's words",
      "ALTER TABLE posts MODIFY views bigint, ALGORITHM=COPY",
      "bigint",
    ],
    [
      "a partition",
      '-- slipway: safe mysql-copy-blocks-writes "nobody writes yet"\nALTER TABLE posts PARTITION BY HASH (id) PARTITIONS 2',
      "PARTITION BY HASH",
    ],
    [
      "two columns, and a comment with a word in it",
      "ALTER TABLE posts ADD a int, ADD b int -- ALGORITHM",
      "`b`",
    ],
  ])("%s is made", async (_, sql, expected) => {
    await releaseOf({ "1_it": sql }).release.migrate();
    const [row] = await database.query("SHOW CREATE TABLE posts");
    expect(row?.["Create Table"]).toContain(expected);
  });
});
