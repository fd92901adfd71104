/** Migrations behind real blockers: short tries, blockers named, nothing left behind; directly and through PgBouncer. */
import {
  defineMigration,
  defineRelease,
  isReleaseError,
  type MigrationDefinition,
  type RunEvent,
} from "slipway";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import type { LockPolicySettings } from "../../src/core/model/lock-policy.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";
import { ask, hold, until } from "./support/server.ts";

const upstream = await freshDatabase();
const pooler = await startPgbouncer(upstream.url, { poolSize: 4 });
afterAll(async () => {
  await pooler?.stop();
  await upstream.drop();
});

let database: FreshDatabase;
const held: { end(): Promise<void> }[] = [];
beforeEach(async () => {
  database = await freshDatabase();
  await ask(
    database.url,
    "create table posts (id int, title text); create table users (id int); insert into posts select i, 'x' from generate_series(1, 100) i",
  );
});
afterEach(async () => {
  await Promise.all(held.splice(0).map((client) => client.end()));
  await database.drop();
});

/** An application's connection that stays open. */
async function open(sql: string) {
  const client = await hold(database.url, sql);
  held.push(client);
  return client;
}

type Migrations = { readonly [id: string]: MigrationDefinition | string };

const addSlug = {
  "1_slug": defineMigration({
    change(m) {
      m.createTable("tags", (t) => t.id());
      m.alterTable("posts", (t) => t.add("slug", "text"));
    },
  }),
};

const columns =
  "select count(*)::int as it from information_schema.columns where table_name = 'posts'";
const state = `select (${columns.replace(" as it", "")}) || ' columns, tags ' || coalesce(to_regclass('tags')::text, 'none') || ', invalid ' || (select count(*) from pg_index where not indisvalid) as it`;

async function truth(): Promise<string> {
  const [row] = await ask(database.url, state);
  const [there] = await ask(
    database.url,
    "select to_regclass('schema_migrations') is not null as it",
  );
  const rows = there?.it
    ? await ask(database.url, "select version::text as it from schema_migrations order by 1")
    : [];
  return `${row?.it}, history ${rows.map(({ it }) => it).join(",") || "empty"}`;
}

type Blocked = Extract<RunEvent, { type: "blocked" }>;

describe.each([
  ["directly", true],
  ["through PgBouncer", pooler !== undefined],
] as const)("%s", (way, isThere) => {
  const through = () => {
    const url = new URL(database.url);
    if (way !== "directly") url.host = new URL(pooler?.url ?? "").host;
    return url.href;
  };

  function started(migrations: Migrations, policy: LockPolicySettings = {}) {
    const { world, events, lines } = recorder();
    const heard: ((event: RunEvent) => void)[] = [];
    const emit = (event: RunEvent) => {
      world.emit?.(event);
      for (const hear of heard) hear(event);
    };
    const adapter = postgres({ url: through() });
    const release = defineRelease({
      app: "blog",
      repos: { main: { adapter, migrations, policy, safe: "off" } },
    }).using({ ...world, emit });
    const told = <Type extends RunEvent["type"]>(type: Type) =>
      new Promise<Extract<RunEvent, { type: Type }>>((resolve) => {
        heard.push((event) => {
          if (event.type === type) resolve(event as Extract<RunEvent, { type: Type }>);
        });
      });
    return { release, events, lines, told };
  }

  const blockedIn = (events: readonly RunEvent[]) =>
    events.filter((event): event is Blocked => event.type === "blocked");

  async function failure(work: Promise<unknown>) {
    try {
      await work;
    } catch (error) {
      if (isReleaseError(error)) return error;
      throw error;
    }
    throw new Error("it did not fail");
  }

  it.skipIf(!isThere)(
    "an open transaction is named at the first try, and the try after its end works",
    async () => {
      const reader = await open("begin; select count(*) from posts /* reading */");
      const { release, events, lines, told } = started(addSlug, { lockTimeoutMs: 1_500 });
      const first = told("blocked");
      const run = release.migrate();
      await until(
        database.url,
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'slipway%' and datname = current_database()",
      );
      // It queues behind the ALTER TABLE, and goes on although the transaction stays open.
      const [queued] = await ask(database.url, "select count(*)::int as posts from posts");
      expect(queued).toEqual({ posts: 100 });
      const event = await first;
      expect(event).toMatchObject({
        operation: "alter table posts",
        attempt: 1,
        reason: "lock_timeout",
        wanted: { mode: "AccessExclusiveLock", on: "posts" },
        blockers: [
          {
            user: "postgres",
            application: "faults",
            state: "idle in transaction",
            query: "begin; select count(*) from posts /* reading */",
          },
        ],
      });
      expect(event.blockers[0]?.transactionMs).toBeGreaterThan(400);
      const [lock] = await ask(
        database.url,
        "select backend_xmin::text as xmin, wait_event from pg_stat_activity join pg_locks using (pid) where locktype = 'advisory' and datname = current_database()",
      );
      expect(lock, "the look at the blockers keeps no snapshot").toEqual({
        xmin: null,
        wait_event: "ClientRead",
      });
      expect(await truth()).toBe("2 columns, tags none, invalid 0, history empty");
      await reader.query("commit");
      await run;
      expect(await truth()).toBe("3 columns, tags tags, invalid 0, history 1");
      expect(events.filter(({ type }) => type === "operation")).toHaveLength(2);
      expect(lines.join("\n")).toMatch(
        /try 1 waited \S+ m?s for AccessExclusiveLock on posts; in the way: pid \d+, faults, user postgres, on 127\.0\.0\.1, idle in transaction for .*, transaction open for .*: begin; select count\(\*\) from posts/,
      );
    },
  );

  it.skipIf(!isThere)(
    "no try is without a timeout, and when the time is over nothing is left and one line says why",
    async () => {
      const reader = await open("begin; select count(*) from posts");
      const { release, events } = started(addSlug, { lockTimeoutMs: 400, retryForMs: 2_000 });
      const error = await failure(release.migrate({ logMigratorSql: true }));
      const tries = blockedIn(events);
      expect(tries.length).toBeGreaterThan(1);
      expect(tries.at(-1)?.nextInMs).toBeUndefined();
      const sql = events.flatMap((event) => (event.type === "sql" ? [event.sql] : []));
      const begins = sql.flatMap((text, i) => (text === "BEGIN" ? [sql.slice(i + 1, i + 3)] : []));
      expect(begins).toEqual(
        tries.map(() => ["SET LOCAL lock_timeout = 400", "SET LOCAL statement_timeout = 3600000"]),
      );
      expect(error).toMatchObject({
        code: "blocked",
        exitCode: 1,
        details: { tries: tries.length, blockers: [{ state: "idle in transaction" }] },
      });
      expect(error.message).toMatch(
        /^repo main: 1_slug failed going up at "alter table posts": .*lock timeout; it waited for AccessExclusiveLock on posts; in the way: pid \d+, faults, .*; gave up after \d tries in /,
      );
      expect(await truth()).toBe("2 columns, tags none, invalid 0, history empty");
      await reader.query("commit");
      await release.migrate();
      expect(await truth()).toBe("3 columns, tags tags, invalid 0, history 1");
    },
  );

  it.skipIf(!isThere)("onBlocked fail gives up after one try", async () => {
    await open("begin; select count(*) from posts");
    const { release, events } = started(addSlug);
    const error = await failure(release.migrate({ policy: { onBlocked: "fail" } }));
    expect(error).toMatchObject({ code: "blocked", details: { tries: 1 } });
    expect(blockedIn(events)).toHaveLength(1);
    expect(await truth()).toBe("2 columns, tags none, invalid 0, history empty");
  });

  it.skipIf(!isThere)(
    "what is idle in its transaction is ended when that is asked for, and what is active is not",
    async () => {
      const other = await open("begin; select pg_advisory_xact_lock(7)");
      const active = await open("begin");
      const working = active.query("select count(*), pg_advisory_xact_lock(7) from posts");
      const idle = await open("begin; lock table posts in access share mode");
      const gone = new Promise<Error>((resolve) => idle.on("error", resolve));
      const { release, told, events } = started(addSlug, {
        endIdleBlockersAfterMs: 1,
        lockTimeoutMs: 1_500,
      });
      const ended = told("blocker_ended");
      const run = release.migrate();
      expect((await ended).blocker).toMatchObject({ state: "idle in transaction" });
      expect(String(await gone)).toMatch(/terminat/i);
      await other.query("commit");
      await expect(working).resolves.toMatchObject({ rowCount: 1 });
      await active.query("commit");
      await run;
      expect(events.filter(({ type }) => type === "blocker_ended")).toHaveLength(1);
      expect(blockedIn(events)[0]?.blockers).toHaveLength(2);
      expect(await truth()).toBe("3 columns, tags tags, invalid 0, history 1");
    },
  );

  it.skipIf(!isThere)("one that has been idle for less is not ended", async () => {
    const idle = await open("begin; lock table posts in access share mode");
    const policy = { endIdleBlockersAfterMs: 600_000, retryForMs: 300, lockTimeoutMs: 100 };
    const { release } = started(addSlug, policy);
    expect(await failure(release.migrate())).toMatchObject({ code: "blocked" });
    await expect(idle.query("commit")).resolves.toBeDefined();
  });

  it.skipIf(!isThere)(
    "code in a transaction is held to the same, and runs again as a whole",
    async () => {
      const reader = await open("begin; select count(*) from posts");
      let times = 0;
      const { release, told } = started({
        "1_slug": defineMigration({
          up(m) {
            m.run(async (db) => {
              times += 1;
              await db.query("insert into users values (1)");
              await db.query("alter table posts add slug text");
            });
          },
          down: () => {},
        }),
      });
      const blocked = told("blocked");
      const run = release.migrate();
      await blocked;
      await reader.query("commit");
      await run;
      expect(times).toBeGreaterThan(1);
      expect(await ask(database.url, "select count(*)::int as it from users")).toEqual([{ it: 1 }]);
      expect(await truth()).toBe("3 columns, tags none, invalid 0, history 1");
    },
  );

  it.skipIf(!isThere)(
    "an SQL file says its own, the command says more, and a migration that is undone by its plan keeps to its own",
    async () => {
      const { release, events } = started({
        "1_slug":
          "-- slipway: lock-timeout=150 statement-timeout=0\n-- migrate:up\nalter table posts add slug text;\n-- migrate:down\nalter table posts drop slug;",
      });
      await release.migrate({ logMigratorSql: true });
      await release.rollback("main", 1, { policy: { lockTimeoutMs: 70 }, logMigratorSql: true });
      const sql = events.flatMap((event) => (event.type === "sql" ? [event.sql] : []));
      expect(sql.filter((text) => /_timeout = \d+$/.test(text) && !/idle/.test(text))).toEqual([
        "SET LOCAL lock_timeout = 150",
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL lock_timeout = 70",
        "SET LOCAL statement_timeout = 0",
      ]);
      const { release: empty, events: later } = started({ ...addSlug, "0_none": "select 1" });
      await release.migrate();
      await empty.rollback("main", 1, { logMigratorSql: true });
      expect(later.some((e) => e.type === "sql" && e.sql === "SET LOCAL lock_timeout = 150")).toBe(
        true,
      );
    },
  );

  it.skipIf(!isThere)(
    "code of a data migration waits for its rows, and SQL in it does not wait for tables",
    async () => {
      const { world, events } = recorder();
      const main = {
        adapter: postgres({ url: through() }),
        migrations: {},
        dataMigrations: {
          "1_fill": defineMigration({
            up: (m) => m.run(async (db) => void (await db.query("update posts set title = 'y'"))),
          }),
          "2_tidy": "truncate users",
        },
        safe: "off",
      } as const;
      const release = defineRelease({ app: "blog", repos: { main } }).using(world);
      await release.migrateData({ logMigratorSql: true });
      const limits = events.flatMap((event) =>
        event.type === "migration_started"
          ? [event.migration.name]
          : event.type === "sql" && /SET LOCAL lock_timeout/.test(event.sql)
            ? [event.sql]
            : [],
      );
      expect(limits).toEqual(["fill", "tidy", "SET LOCAL lock_timeout = 500"]);
    },
  );

  it.skipIf(!isThere)("a signal ends it between two tries, and nothing is left", async () => {
    await open("begin; select count(*) from posts");
    const stop = new AbortController();
    const { release, told } = started(addSlug, { lockTimeoutMs: 100 });
    const blocked = told("blocked");
    const run = failure(release.using({ signal: stop.signal }).migrate());
    await blocked;
    stop.abort("SIGTERM");
    expect(await run).toMatchObject({ code: "interrupted", exitCode: 143 });
    expect(await truth()).toBe("2 columns, tags none, invalid 0, history empty");
  });

  it.skipIf(!isThere)("what holds its lock for too long is cancelled, once", async () => {
    const { release, events } = started(
      { "1_long": "alter table posts add slug text; select pg_sleep(20);" },
      { statementTimeoutMs: 300 },
    );
    const error = await failure(release.migrate());
    expect(error).toMatchObject({ code: "statement_timed_out", exitCode: 1 });
    expect(error.message).toBe(
      'repo main: 1_long failed going up at "execute file 1_long" line 1, statement 2 of 2, near select pg_sleep(20): it took longer than 300 ms, for which others may have waited',
    );
    expect(blockedIn(events)).toEqual([]);
    expect(await truth()).toBe("2 columns, tags none, invalid 0, history empty");
  });

  it.skipIf(!isThere)("after a deadlock it is tried again", async () => {
    // Whoever looks for a deadlock first is the one that it ends.
    const app = await open(
      "set deadlock_timeout = '60s'; begin; lock table posts in access share mode",
    );
    const { release, told, events } = started(
      {
        "1_two":
          "set local deadlock_timeout = '2s'; alter table users add email text; alter table posts add slug text;",
      },
      { lockTimeoutMs: 30_000 },
    );
    const blocked = told("blocked");
    const run = release.migrate();
    await until(
      database.url,
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    const other = app.query("select count(*) from users");
    expect(await blocked).toMatchObject({ reason: "deadlock", attempt: 1 });
    await other;
    await app.query("commit");
    await run;
    expect(blockedIn(events)).toHaveLength(1);
    expect(await truth()).toBe("3 columns, tags none, invalid 0, history 1");
  });

  it.skipIf(!isThere)("what takes long and holds a strong lock is told", async () => {
    const { release, events } = started({
      "1_long": "alter table posts add slug text; select pg_sleep(1);",
    });
    await release.migrate();
    expect(events.find(({ type }) => type === "locks_held")).toMatchObject({
      attempt: 1,
      held: [{ mode: "AccessExclusiveLock", on: "posts" }],
    });
  });
});
