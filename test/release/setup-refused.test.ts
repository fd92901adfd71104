/** What keeps Slipway from its own tables, its lock or a connection: one error with the repo, what it is and what lets it in. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { defineMigration, defineRelease, isReleaseError } from "../../src/index.ts";
import type { RepoConfig } from "../../src/release/config.ts";
import { freshMysql, mariadbOfFile } from "../support/mysql.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { freshDatabase } from "../support/postgres.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { recorder } from "../support/recorder.ts";

const users = defineMigration({ change: (m) => m.createTable("users", (t) => t.id()) });

async function refused(adapter: RepoConfig["adapter"], options: Partial<RepoConfig> = {}) {
  const main = { migrations: { "1_users": users }, lockWaitMs: 0, ...options, adapter };
  const release = defineRelease({ app: "app", repos: { main } }).using(recorder().world);
  try {
    await release.migrate();
  } catch (error) {
    if (!isReleaseError(error)) throw error;
    const { code, message, hint, exitCode } = error;
    return { code, message, hint, exitCode };
  }
  throw new Error("nothing was refused");
}

describe("on PostgreSQL", () => {
  let server: PostgresServer;
  let root: pg.Client;
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  const standing: { stop(): Promise<void> }[] = [];
  const db = () => new URL(database.url).pathname.slice(1);

  beforeAll(async () => {
    const settings = { wal_level: "replica", max_prepared_transactions: "5" };
    server = await startPostgres({ connections: 40, settings });
    database = await freshDatabase(server.url);
    root = new pg.Client({ connectionString: database.url });
    await root.connect();
  });
  afterAll(async () => {
    for (const one of standing) await one.stop();
    await root.end();
    await server.stop();
  });

  /** A user who may make tables, and what else is said of it. */
  async function user(name: string, ...sqls: readonly string[]) {
    await root.query(`CREATE ROLE ${name} LOGIN PASSWORD 'sesame'`);
    await root.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${name}`);
    for (const sql of sqls) await root.query(sql);
    const url = new URL(database.url);
    url.username = name;
    url.password = "sesame";
    return { url: url.href, adapter: postgres({ url: url.href }) };
  }

  const settings = (name: string): readonly (readonly [string, string, string])[] => [
    [
      "a user who only reads",
      `ALTER ROLE ${name} SET default_transaction_read_only = on`,
      `ALTER ROLE ${name} SET default_transaction_read_only = off;`,
    ],
    [
      "a search_path without a schema",
      `ALTER ROLE ${name} SET search_path = ''`,
      `Make the schema, or let ${name} find one: GRANT USAGE, CREATE ON SCHEMA public TO ${name}; ALTER ROLE ${name} SET search_path = public;`,
    ],
  ];
  it.each([0, 1])("%i: a setting of the user is named with its statement", async (index) => {
    const name = `set_${index}`;
    const [, sql, hint] = settings(name)[index] ?? ["", "", ""];
    const { adapter } = await user(name, sql);
    const found = await refused(adapter);
    expect(found).toMatchObject({ code: "setup_refused", exitCode: 2, hint });
    expect(found.message).toMatch(/^repo main: cannot /);
  });

  it("a database that only reads is named as such", async () => {
    const { adapter } = await user("of_database");
    await root.query(`ALTER DATABASE ${db()} SET default_transaction_read_only = on`);
    const found = await refused(adapter);
    await root.query("SET default_transaction_read_only = off");
    await root.query(`ALTER DATABASE ${db()} RESET default_transaction_read_only`);
    expect(found).toMatchObject({
      code: "setup_refused",
      hint: `ALTER DATABASE ${db()} SET default_transaction_read_only = off;`,
    });
  });

  it("a prefix whose schema may not be used, and one that is not there", async () => {
    await root.query("CREATE SCHEMA app");
    const { adapter } = await user("no_usage");
    const place = { migrations: { "1_users": users }, adapter };
    const release = defineRelease({ app: "app", repos: { main: place } }).using(recorder().world);
    const hintOf = async (prefix: string) => {
      const error = await release.migrate({ prefix }).catch((reason: unknown) => reason);
      return isReleaseError(error) ? [error.exitCode, error.hint] : error;
    };
    expect(await hintOf("app")).toEqual([2, "GRANT USAGE ON SCHEMA app TO no_usage;"]);
    expect(await hintOf("nowhere")).toEqual([2, expect.stringContaining("Make the schema")]);
  });

  it("a table of another owner that lacks a column", async () => {
    await root.query(
      "CREATE SCHEMA theirs; CREATE TABLE theirs.schema_migrations (version bigint, inserted_at timestamp)",
    );
    const { adapter } = await user("guest", "GRANT USAGE, CREATE ON SCHEMA theirs TO guest");
    await root.query("GRANT ALL ON theirs.schema_migrations TO guest");
    await root.query("ALTER ROLE guest SET search_path = theirs");
    expect(await refused(adapter)).toMatchObject({
      code: "setup_refused",
      message:
        "repo main: cannot make or complete schema_migrations and slipway_events: must be owner of table schema_migrations",
      exitCode: 2,
    });
  });

  it("an event trigger that refuses tables, and one that is slow for a short statement_timeout", async () => {
    await root.query("CREATE SCHEMA watched");
    const { adapter } = await user("watched", "GRANT ALL ON SCHEMA watched TO watched");
    await root.query("ALTER ROLE watched SET search_path = watched");
    const trigger = async (body: string) =>
      root.query(
        `CREATE FUNCTION public.guard() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN IF current_user = ''watched'' THEN ${body} END IF; END'; CREATE EVENT TRIGGER guard ON ddl_command_start EXECUTE FUNCTION public.guard()`,
      );
    await trigger("RAISE EXCEPTION ''no tables on a Friday'';");
    const friday = await refused(adapter);
    await root.query("DROP EVENT TRIGGER guard; DROP FUNCTION public.guard()");
    expect(friday).toEqual({
      code: "setup_refused",
      message: "repo main: cannot take the migration lock: no tables on a Friday",
      hint: "Let a DBA run what slipway tables --sql prints, with this event trigger off: guard",
      exitCode: 2,
    });
    await root.query("ALTER ROLE watched SET statement_timeout = '30ms'");
    await trigger("PERFORM pg_sleep(0.2);");
    const slow = await refused(adapter);
    await root.query("DROP EVENT TRIGGER guard; DROP FUNCTION public.guard()");
    // On a slow machine reading the history takes longer than 30 ms too.
    expect(slow).toMatchObject({
      code: expect.stringMatching(/^(setup_refused|history_unreadable)$/),
      hint: "The statement_timeout of 30 ms is too short. ALTER ROLE watched SET statement_timeout = 0;",
      exitCode: 2,
    });
  });

  it("a history that somebody else keeps locked, within 30 ms", async () => {
    await root.query(
      "CREATE SCHEMA locked; CREATE TABLE locked.schema_migrations (version bigint, inserted_at timestamp)",
    );
    const { adapter } = await user("hasty", "GRANT ALL ON SCHEMA locked TO hasty");
    await root.query("ALTER ROLE hasty SET search_path = locked");
    await root.query("GRANT ALL ON locked.schema_migrations TO hasty");
    await root.query("ALTER ROLE hasty SET statement_timeout = '30ms'");
    await root.query("BEGIN; LOCK TABLE locked.schema_migrations");
    const found = await refused(adapter);
    await root.query("ROLLBACK");
    expect(found).toMatchObject({
      code: "history_unreadable",
      hint: "The statement_timeout of 30 ms is too short. ALTER ROLE hasty SET statement_timeout = 0;",
      exitCode: 2,
    });
  });

  it("a user, or a database, with one connection hears that two are needed", async () => {
    const { adapter } = await user("lonely", "ALTER ROLE lonely CONNECTION LIMIT 1");
    expect(await refused(adapter)).toEqual({
      code: "connection_failed",
      message: expect.stringContaining('too many connections for role "lonely"'),
      hint: 'Slipway needs two connections at once: ALTER ROLE "lonely" CONNECTION LIMIT -1; Slipway needs two connections at once, and this was the second.',
      exitCode: 2,
    });
  });

  it("a prepared transaction in the way is named by its gid, with what ends it", async () => {
    await root.query("CREATE TABLE busy (id int)");
    await root.query("BEGIN; LOCK TABLE busy; PREPARE TRANSACTION 'left, by o''nobody'");
    try {
      const found = await refused(postgres({ url: database.url }), {
        migrations: { "5_busy": "alter table busy add column a int" },
        policy: { lockTimeoutMs: 400, onBlocked: "fail" },
        safe: "off",
      });
      expect(found.code).toBe("blocked");
      expect(found.message).toContain(
        "in the way: the prepared transaction left, by o'nobody, user ",
      );
      expect(found.hint).toContain("end them: ROLLBACK PREPARED 'left, by o''nobody';");
    } finally {
      await root.query("ROLLBACK PREPARED 'left, by o''nobody'");
    }
  });

  it("a standby says that it only reads", async () => {
    const replica = await server.startReplica();
    standing.push(replica);
    const url = new URL(replica.url);
    url.pathname = `/${db()}`;
    // The standby begins before it has followed to the end.
    await expect
      .poll(() => refused(postgres({ url: url.href }), { historyTable: "of_standby" }), {
        timeout: 20_000,
      })
      .toMatchObject({
        code: "setup_refused",
        message: expect.stringContaining("in a read-only transaction"),
        hint: "This server is a standby, which only reads: give the address of the primary.",
        exitCode: 2,
      });
  });

  it.each(["statement", "transaction"] as const)(
    "PgBouncer in %s mode with too little",
    async (mode) => {
      const pooler = await startPgbouncer(database.url, {
        mode,
        poolSize: 1,
        more: mode === "transaction" ? ["query_wait_timeout = 1"] : [],
      });
      if (pooler === undefined) return;
      standing.push(pooler);
      const found = await refused(postgres({ url: pooler.url }), { historyTable: "pooled" });
      expect(found).toMatchObject({ code: "setup_refused", exitCode: 2 });
      expect(found.hint).toMatch(
        mode === "statement"
          ? /^A pooler in statement mode allows no transactions/
          : /^Slipway needs two connections at once: raise pool_size/,
      );
    },
  );
});

describe("on SQLite", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-setup-"));
  });
  afterEach(() => chmodSync(folder, 0o700));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Root may write everything. */
  async function asNobody<Result>(work: () => Promise<Result>): Promise<Result> {
    if (process.getuid?.() !== 0) return work();
    process.seteuid?.(65_534);
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
    }
  }

  function made(name: string, ...sqls: readonly string[]): { path: string; db: DatabaseSync } {
    const path = join(folder, name);
    const db = new DatabaseSync(path);
    db.exec("CREATE TABLE a (id INTEGER)");
    for (const sql of sqls) db.exec(sql);
    return { path, db };
  }

  it("a file that may not be written", async () => {
    const { path, db } = made("read-only.db");
    db.close();
    chmodSync(folder, 0o755);
    chmodSync(path, 0o444);
    const found = await asNobody(() => refused(sqlite({ path })));
    expect(found).toEqual({
      code: "setup_refused",
      message: `repo main: cannot take the migration lock: ${path}: attempt to write a readonly database`,
      hint: `Let the user of this process write the file and its folder, where the journal is made: chmod u+rw ${path}`,
      exitCode: 2,
    });
  });

  it("a disk that is full", async () => {
    const { path, db } = made("full.db");
    db.close();
    const adapter = sqlite({ path });
    const full: typeof adapter = {
      ...adapter,
      open: async (options) => {
        const session = await adapter.open(options);
        await session.query("PRAGMA max_page_count = 2");
        return session;
      },
    };
    const found = await refused(full);
    expect(found).toMatchObject({
      code: "setup_refused",
      message: expect.stringContaining("database or disk is full"),
      hint: "The disk is full, or PRAGMA max_page_count is reached: make room.",
      exitCode: 2,
    });
  });

  it("a file that another program writes to is not said to be locked by a migration", async () => {
    const { path, db } = made("busy.db", "BEGIN IMMEDIATE");
    const found = await refused(sqlite({ path, busyTimeoutMs: 50 }));
    db.exec("ROLLBACK");
    expect(found).toMatchObject({ code: "lock_held", exitCode: 5 });
    expect(found.message).toContain(
      "held by a transaction of another program, which keeps the file busy;",
    );
    db.exec("BEGIN EXCLUSIVE");
    const shut = await refused(sqlite({ path, busyTimeoutMs: 50 }));
    db.close();
    expect(shut).toMatchObject({
      code: "history_unreadable",
      hint: `Another program keeps the file busy: wait until its transaction ends, or find it with: fuser ${path}`,
    });
  });
});

const mariadb = await mariadbOfFile();

describe.skipIf(mariadb === undefined)("on MariaDB", () => {
  it("one connection for a user, and a server that only reads", async () => {
    const database = await freshMysql(mariadb?.url ?? "");
    const root = await mysql({ url: mariadb?.url ?? "" }).open({
      role: "work",
      application: "test",
    });
    const url = new URL(database.url);
    const db = url.pathname.slice(1);
    url.username = "lonely";
    url.password = "sesame";
    await root.query(
      "CREATE USER lonely@'127.0.0.1' IDENTIFIED BY 'sesame' WITH MAX_USER_CONNECTIONS 1",
    );
    await root.query(`GRANT ALL ON ${db}.* TO lonely@'127.0.0.1'`);
    const adapter = mysql({ url: url.href });
    expect(await refused(adapter)).toMatchObject({
      code: "connection_failed",
      hint: expect.stringMatching(
        /^Slipway needs two connections at once: raise max_user_connections/,
      ),
      exitCode: 2,
    });
    await root.query("ALTER USER lonely@'127.0.0.1' WITH MAX_USER_CONNECTIONS 0");
    await root.query("SET GLOBAL read_only = 1");
    const found = await refused(adapter);
    await root.query("SET GLOBAL read_only = 0");
    expect(found).toMatchObject({ code: "setup_refused", exitCode: 2 });
    expect(found.hint).toContain("give the address of the primary, or SET GLOBAL read_only = 0;");
    await root.close();
    await database.dispose();
  });
});
