/**
 * Servers that speak PostgreSQL's protocol and lack its locks: PostgreSQL itself, whose advisory functions answer as
 * those engines document it. What else such an engine does differently is not in here.
 */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Session } from "../../src/adapters/adapter.ts";
import { type PostgresOptions, postgres } from "../../src/adapters/postgres/index.ts";
import { engineOf } from "../../src/adapters/postgres/lock-unfit.ts";
import { defineMigration, defineRelease, isReleaseError } from "../../src/index.ts";
import { lockName } from "../../src/release/lock-name.ts";
import { freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";

const versions = {
  cockroach:
    "CockroachDB CCL v23.2.4 (x86_64-pc-linux-gnu, built 2024/04/08 21:57:06, go1.21.8 X:nocoverageredesign)",
  yugabyte: "PostgreSQL 11.2-YB-2.20.1.3-b0 on x86_64-pc-linux-gnu, compiled by clang, 64-bit",
  redshift: "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc, Redshift 1.0.12103",
  postgres: "PostgreSQL 18.0 on x86_64-pc-linux-gnu, compiled by gcc, 64-bit",
};

it.each([
  [versions.cockroach, "CockroachDB 23.2.4"],
  [versions.yugabyte, "YugabyteDB 2.20.1.3"],
  [versions.redshift, "Redshift 1.0.12103"],
  [versions.postgres, "PostgreSQL 18.0"],
  ["Materialize v0.99.1 (c123)", "Materialize v0.99.1"],
  ["", "this server"],
])("%s is %s", (version, engine) => expect(engineOf(version)).toBe(engine));

const grantsAll = "SELECT true";
const unsupported =
  "BEGIN RAISE EXCEPTION 'advisory locks are not yet implemented' USING ERRCODE = '0A000'; END";

/** A database whose server says this version, and whose lock does this. */
async function engine(version: string, lock: string | undefined) {
  const database = await freshDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const language = lock?.startsWith("BEGIN") ? "plpgsql" : "sql";
  await client.query(`
ALTER FUNCTION pg_catalog.pg_try_advisory_xact_lock(bigint) RENAME TO its_own_lock;
ALTER FUNCTION pg_catalog.version() RENAME TO its_own_version;
CREATE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql AS $$ SELECT '${version}'::text $$;
${lock === undefined ? "" : `CREATE FUNCTION pg_catalog.pg_try_advisory_xact_lock(bigint) RETURNS boolean LANGUAGE ${language} AS $$ ${lock} $$`}`);
  return {
    url: database.url,
    ask: async (sql: string) => (await client.query(sql)).rows,
    stop: async () => {
      await client.end();
      await database.drop();
    },
  };
}

const users = defineMigration({ change: (m) => m.createTable("users", (t) => t.id()) });

function release(options: PostgresOptions) {
  const main = { adapter: postgres(options), migrations: { "1_users": users }, lockWaitMs: 0 };
  return defineRelease({ app: "app", repos: { main } }).using(recorder().world);
}

async function refused(options: PostgresOptions) {
  try {
    await release(options).migrate();
  } catch (error) {
    if (!isReleaseError(error)) throw error;
    return `${error.exitCode} ${error.message}\n${error.hint}`;
  }
  throw new Error("nothing was refused");
}

const byRow =
  'Give the adapter of each release that migrates this database lockBy: "row", and read docs/neighbours.md for what that promises.';

describe("a server that keeps nobody out", () => {
  const locks: readonly (readonly [string, string, string | undefined, string])[] = [
    [
      "gives the lock to everybody",
      versions.cockroach,
      grantsAll,
      "CockroachDB 23.2.4 gave it to two connections at once",
    ],
    [
      "gives the lock to everybody, where it was told not to complain",
      versions.yugabyte,
      grantsAll,
      "YugabyteDB 2.20.1.3 gave it to two connections at once",
    ],
    [
      "does not support the lock",
      versions.yugabyte,
      unsupported,
      "YugabyteDB 2.20.1.3 has no advisory locks: advisory locks are not yet implemented",
    ],
    [
      "has no such function",
      versions.redshift,
      undefined,
      "Redshift 1.0.12103 has no advisory locks: function pg_try_advisory_xact_lock(bigint) does not exist",
    ],
  ];

  it.each(locks)("%s: it is refused before anything ran", async (_, version, lock, reason) => {
    const { url, ask, stop } = await engine(version, lock);
    const expected = `2 repo main: cannot take the migration lock: ${reason}\n${byRow}`;
    expect((await refused({ url })).replace(/-?\d{9,}/, "bigint")).toBe(expected);
    const tables = "SELECT relname AS name, reltuples FROM pg_class WHERE relname = 'users'";
    expect(await ask(tables)).toEqual([]);
    await stop();
  });

  it("takes no number from a holder that has one", async () => {
    const { url, ask, stop } = await engine(versions.cockroach, grantsAll);
    await release({ url, lockBy: "row" }).migrate();
    const numbers = "SELECT name, fence FROM slipway_lock ORDER BY name";
    const before = await ask(numbers);
    expect(before).toHaveLength(2);
    await ask("DELETE FROM schema_migrations");
    await refused({ url });
    expect(await ask(numbers)).toEqual(before);
    await stop();
  });
});

it("two connections that reach two databases are refused", async () => {
  const [one, two] = [await freshDatabase(), await freshDatabase()];
  let opened = 0;
  // The first connection asks, the second one is for the lock.
  const url = () => [one, two][opened++ % 2]?.url ?? "";
  expect(await refused({ url })).toMatch(
    /^2 repo main: cannot take the migration lock: PostgreSQL [\d.]+ gave it to two connections at once\nTwo connections reached two servers/,
  );
  await Promise.all([one.drop(), two.drop()]);
});

it("two connections that reach two databases are refused also where the lock is a row", async () => {
  const [one, two] = [await freshDatabase(), await freshDatabase()];
  let opened = 0;
  const url = () => [one, two][opened++ % 2]?.url ?? "";
  expect(await refused({ url, lockBy: "row" })).toBe(
    "2 repo main: cannot take the migration lock: the connection that works does not see the row of the lock\nTwo connections reached two servers: give the adapter directUrl, the address of one server.",
  );
  await Promise.all([one.drop(), two.drop()]);
});

it("a lock that is lost while it is proven is told as that", async () => {
  const database = await freshDatabase();
  const adapter = postgres({ url: database.url });
  const main = {
    adapter: {
      ...adapter,
      open: async (options: Parameters<typeof adapter.open>[0]) => {
        const session = await adapter.open(options);
        return options.role === "lock" ? endedBehindLock(session, database.url) : session;
      },
    },
    migrations: { "1_users": users },
  };
  const app = defineRelease({ app: "app", repos: { main } }).using(recorder().world);
  await expect(app.migrate()).rejects.toThrow(
    /cannot take the migration lock: (terminating connection|Connection terminated)/,
  );
  await database.drop();
});

/** Another one ends its connection as soon as it has the lock. */
function endedBehindLock(session: Session, url: string): Session {
  const tryLock = session.tryLock.bind(session);
  return Object.assign(session, {
    tryLock: async (...given: Parameters<Session["tryLock"]>) => {
      const [row] = await session.query("SELECT pg_backend_pid() AS pid");
      const attempt = await tryLock(...given);
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`SELECT pg_terminate_backend(${row?.pid}, 5000)`);
      await client.end();
      return attempt;
    },
  });
}

describe("a lock that is a row", async () => {
  const server = await engine(versions.cockroach, grantsAll);
  const open: Session[] = [];
  afterEach(async () => {
    for (const session of open.splice(0)) await session.close();
  });
  afterAll(() => server.stop());
  const name = lockName({ name: "schema_migrations" });

  async function session(lockLeaseMs = 30_000): Promise<Session> {
    const adapter = postgres({ url: server.url, lockBy: "row", lockLeaseMs });
    const opened = await adapter.open({ role: "lock", application: "app" });
    open.push(opened);
    return opened;
  }

  it("is one's alone, is named to the others, and is free afterwards", async () => {
    const [one, two] = [await session(), await session()];
    const { lease } = await one.tryLock(name);
    expect(lease).toBeDefined();
    expect((await two.tryLock(name)).lease).toBeUndefined();
    expect(await two.lockHolder?.(name)).toMatchObject({ application: "app" });
    expect((await two.runAtWork?.(name))?.holder).toMatchObject({ application: "app" });
    await lease?.release();
    expect(await two.lockHolder?.(name)).toBeUndefined();
    const next = await two.tryLock(name);
    expect(next.lease).toBeDefined();
    await next.lease?.release();
  });

  it("of 20 that try at once one has it", { timeout: 60_000 }, async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, () => session()));
    for (let round = 0; round < 5; round += 1) {
      const tried = await Promise.all(sessions.map((one) => one.tryLock(name)));
      const leases = tried.flatMap(({ lease }) => lease ?? []);
      expect(leases).toHaveLength(1);
      await leases[0]?.release();
    }
  });

  it("outlives its connection until the lease is over, and then is another's", async () => {
    const [dead, other] = [await session(), await session()];
    await dead.tryLock(name);
    await dead.close();
    expect((await other.tryLock(name)).lease).toBeUndefined();
    const passed = "UPDATE slipway_lock SET taken_at = taken_at - interval '29 s'";
    await server.ask(passed);
    expect((await other.tryLock(name)).lease).toBeUndefined();
    await server.ask(passed);
    expect((await other.tryLock(name)).lease).toBeDefined();
  });

  it("is lost when another one has it, and says so", async () => {
    const one = await session(3_000);
    await server.ask("UPDATE slipway_lock SET worker = NULL");
    const { lease } = await one.tryLock(name);
    await server.ask("UPDATE slipway_lock SET worker = 'another' WHERE name LIKE 'lease of %'");
    await expect.poll(() => lease?.lost.aborted, { timeout: 10_000 }).toBe(true);
    expect(String(lease?.lost.reason)).toContain("does not know of the lock");
    await server.ask("UPDATE slipway_lock SET worker = NULL");
  });

  it("is not lost by a beat that another transaction was in the way of", async () => {
    await server.ask("UPDATE slipway_lock SET worker = NULL");
    const one = await session(3_000);
    await one.query("SET lock_timeout = '50ms'");
    const { lease } = await one.tryLock(name);
    const beat = "SELECT taken_at FROM slipway_lock WHERE name LIKE 'lease of %'";
    await server.ask(`BEGIN; ${beat} FOR UPDATE`);
    await sleep(1_200);
    await server.ask("COMMIT");
    const before = await server.ask(beat);
    await expect.poll(() => server.ask(beat), { timeout: 10_000 }).not.toEqual(before);
    expect(lease?.lost.aborted).toBe(false);
    await lease?.release();
  });

  it("a run takes it, and a holder makes another run wait", async () => {
    const holder = await session();
    const { lease } = await holder.tryLock(name);
    expect(await refused({ url: server.url, lockBy: "row" })).toMatch(/^\d .*lock/);
    await lease?.release();
    await release({ url: server.url, lockBy: "row" }).migrate();
    expect(await server.ask("SELECT version::text FROM schema_migrations")).toEqual([
      { version: "1" },
    ]);
    expect(await server.ask("SELECT FROM slipway_lock WHERE worker IS NOT NULL")).toEqual([]);
  });

  it("has two ways, and a misspelled one is refused before anything runs", async () => {
    const adapter = postgres({ url: "postgres://127.0.0.1:1/none", lockBy: "rows" as never });
    await expect(adapter.open({ role: "work", application: "test" })).rejects.toMatchObject({
      name: "ConnectionFailed",
      message: 'the option lockBy is "rows"',
      hint: 'Give lockBy "advisory" or "row". Nothing has run.',
    });
  });
});
