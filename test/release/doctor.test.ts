/** `doctor` on real servers: each fault is made for real, is found by its name, and is gone after what is advised. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { mysql } from "slipway/mysql";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import type { Checked, Diagnosis } from "../../src/core/model/diagnosis.ts";
import { defineRelease } from "../../src/index.ts";
import { freshMysql, type MysqlDatabase, mariadbOfFile } from "../support/mysql.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { startPostgres } from "../support/postgres-server.ts";
import type { Server } from "../support/server.ts";

const migrations = { "1_posts": "CREATE TABLE posts (id integer PRIMARY KEY);" };

function releaseOn(adapter: Adapter) {
  const log = { write: () => undefined, emit: () => undefined };
  return defineRelease({ app: "my_app", repos: { main: { adapter, migrations } } }).using(log);
}

async function lookAt(adapter: Adapter): Promise<readonly Diagnosis[]> {
  const [one] = await releaseOn(adapter).doctor();
  return one?.found ?? [];
}

async function the(check: Checked, adapter: Adapter): Promise<Diagnosis | undefined> {
  return (await lookAt(adapter)).find(
    (one) => one.check === check && (check !== "transactions" || one.state !== "good"),
  );
}

describe("on PostgreSQL", () => {
  let server: Server;
  let database: FreshDatabase;
  let superuser: pg.Client;
  let role: string;
  let asRole: () => Adapter;
  const sql = (text: string) => superuser.query(text);

  beforeAll(async () => {
    server = await startPostgres({
      settings: { max_prepared_transactions: "5", wal_level: "logical", max_connections: "20" },
    });
  });
  afterAll(() => server.stop());

  beforeEach(async () => {
    database = await freshDatabase(server.url);
    superuser = new pg.Client({ connectionString: database.url });
    await superuser.connect();
    role = `m_${randomBytes(4).toString("hex")}`;
    await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT CREATE ON SCHEMA public TO ${role}`);
    const url = Object.assign(new URL(database.url), { username: role, password: "x" });
    asRole = () => postgres({ url: url.href });
  });
  afterEach(async () => {
    await superuser.end();
    await database.drop();
  });

  it("finds nothing on a database that is as it should be, and changes nothing there", async () => {
    const tables = async () => (await sql("SELECT count(*) FROM pg_class")).rows;
    const before = await tables();
    const found = await lookAt(asRole());
    expect(found.filter(({ state }) => state !== "good")).toEqual([]);
    expect(found.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["connection", "server", "primary", "pooler", "rights", "history"]),
    );
    expect(found.at(-1)).toEqual({
      check: "history",
      state: "good",
      found: "0 migrations have run, 1 pending",
    });
    expect(await tables()).toEqual(before);
  });

  const faults: readonly {
    readonly claim: string;
    readonly check: Checked;
    readonly state: Diagnosis["state"];
    readonly make: () => string;
    readonly found: () => string | RegExp;
    readonly mend?: () => string;
  }[] = [
    {
      claim: "a role that may make no tables",
      check: "rights",
      state: "bad",
      make: () => `REVOKE CREATE ON SCHEMA public FROM ${role}`,
      found: () => /may not make/,
    },
    {
      claim: "a role that only reads",
      check: "primary",
      state: "bad",
      make: () => `ALTER ROLE ${role} SET default_transaction_read_only = on`,
      found: () =>
        `the primary, but ${role} may only read here: default_transaction_read_only is on`,
    },
    {
      claim: "tables of somebody else",
      check: "owners",
      state: "warning",
      make: () => 'CREATE TABLE "Theirs" (id int)',
      found: () => "1 table belongs to postgres, and this role may not alter them: Theirs",
    },
    {
      claim: "a timeout of whole transactions",
      check: "settings",
      state: "warning",
      make: () => `ALTER ROLE ${role} SET transaction_timeout = '5min'`,
      found: () => "transaction_timeout is 5 min",
    },
    {
      claim: "a role with one connection",
      check: "connections",
      state: "bad",
      make: () => `ALTER ROLE ${role} CONNECTION LIMIT 1`,
      found: () => "0 free of those that this role allows",
      mend: () => `ALTER ROLE ${role} CONNECTION LIMIT -1`,
    },
    {
      claim: "a replication slot that nobody reads",
      check: "replicas",
      state: "warning",
      make: () => "SELECT pg_create_logical_replication_slot('old_reader', 'pgoutput')",
      found: () => /^nobody reads the replication slot old_reader \(keeps \d+ bytes\)$/,
      mend: () => "SELECT pg_drop_replication_slot('old_reader')",
    },
  ];

  it.each(faults)("finds $claim, and what it advises mends it", async (fault) => {
    await sql(fault.make());
    const seen = await the(fault.check, asRole());
    const { found } = { found: fault.found() };
    expect(seen).toEqual({
      check: fault.check,
      state: fault.state,
      found: typeof found === "string" ? found : expect.stringMatching(found),
      advice: expect.any(String),
    });
    const [advice = ""] = /[A-Z]{4,}[^;]*;/.exec(seen?.advice ?? "") ?? [];
    await sql(fault.mend?.() ?? advice);
    expect((await the(fault.check, asRole()))?.state).toBe("good");
  });

  it("finds an index whose build failed", async () => {
    await sql("CREATE TABLE twice (n int)");
    await sql("INSERT INTO twice VALUES (1), (1)");
    await expect(sql("CREATE UNIQUE INDEX CONCURRENTLY twice_n ON twice (n)")).rejects.toThrow();
    const seen = await the("indexes", postgres({ url: database.url }));
    expect(seen?.found).toBe("twice_n is invalid: a build that did not end, or is at work");
    await sql("DROP INDEX CONCURRENTLY twice_n");
    expect((await the("indexes", postgres({ url: database.url })))?.state).toBe("good");
  });

  it("names a pooler and its mode", async (context) => {
    const pooler = await startPgbouncer(database.url);
    if (pooler === undefined) return context.skip("PgBouncer is not installed");
    try {
      const seen = await the("pooler", postgres({ url: pooler.url }));
      expect(seen?.found).toMatch(/^one in transaction mode/);
    } finally {
      await pooler.stop();
    }
  });

  it("says what failed and what has run that is not here", async () => {
    const adapter = postgres({ url: database.url });
    const log = { write: () => undefined, emit: () => undefined };
    const broken = { ...migrations, "2_broken": "SELECT 1/0;" };
    const repos = { main: { adapter, migrations: broken } };
    const release = defineRelease({ app: "my_app", repos }).using(log);
    await expect(release.migrate()).rejects.toMatchObject({ code: "migration_failed" });
    const [failed] = await release.doctor();
    expect(failed?.found.at(-1)).toEqual({
      check: "history",
      state: "warning",
      found: "the last try failed: 2_broken",
      advice: "To see why, run: slipway history --failed. Mend it and migrate again.",
    });
    const older = defineRelease({ app: "my_app", repos: { main: { adapter, migrations: {} } } });
    const [behind] = await older.using(log).doctor();
    expect(behind?.found.at(-1)?.found).toBe("has run, and is not in this release: 1_posts");
  });

  it("says in its own line that there is no way in", async () => {
    const url = Object.assign(new URL(database.url), { password: "wrong", username: role });
    const found = await lookAt(postgres({ url: url.href }));
    expect(found).toEqual([
      {
        check: "connection",
        state: "bad",
        found: expect.stringContaining("password authentication failed"),
        advice: `Check the user ${role} and the password in the URL.`,
      },
    ]);
    expect(JSON.stringify(found)).not.toContain("wrong");
  });
});

describe("on MariaDB", async () => {
  const server = await mariadbOfFile();
  let database: MysqlDatabase;
  beforeEach(async () => {
    if (server !== undefined) database = await freshMysql(server.url);
  });
  afterEach(() => database?.dispose());

  it.skipIf(server === undefined)("finds what is set there", async () => {
    const adapter = mysql({ url: database.url });
    const well = await lookAt(adapter);
    expect(well.filter(({ state }) => state === "bad" || state === "unknown")).toEqual([]);
    const root = mysql({ url: server?.url ?? "" });
    const session = await root.open({ role: "work", application: "test" });
    try {
      await session.query("SET GLOBAL read_only = 1");
      await session.query("SET GLOBAL wait_timeout = 5");
      expect(await the("primary", adapter)).toEqual({
        check: "primary",
        state: "bad",
        found: "this server takes no writes: read_only is on",
        advice: "Give the address of the primary.",
      });
      expect((await the("settings", adapter))?.found).toBe("wait_timeout is 5 s");
    } finally {
      await session.query("SET GLOBAL read_only = 0");
      await session.query("SET GLOBAL wait_timeout = 28800");
      await session.close();
    }
  });
});

describe("on SQLite", () => {
  it("says of a file in memory that it can be written", async () => {
    const found = await lookAt(sqlite({ path: ":memory:" }));
    expect(found.filter(({ state }) => state !== "good")).toEqual([]);
  });
});
