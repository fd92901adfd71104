/** Every signal of a throttle on a PostgreSQL of the tests' own: it holds while the cause lasts, and no longer. */
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import type { Throttle } from "../../src/index.ts";
import { refusal } from "../conformance/support/release.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { freshDatabase } from "../support/postgres.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import type { Server } from "../support/server.ts";
import { counted, counting, holding, type Place, rows, until } from "./support/hold.ts";

let server: PostgresServer;
let replica: Server;
let url = "";
let place: Place;
const clients: pg.Client[] = [];

beforeAll(async () => {
  server = await startPostgres({ durable: true });
  const client = await connected(server.url);
  await client.query("alter system set max_prepared_transactions = 10");
  await client.query("alter system set idle_replication_slot_timeout = '1s'");
  await client.query("create role plain login password 'plain'");
  await disconnect();
  server.restartImmediately();
  replica = await server.startReplica();
});
afterAll(async () => {
  await replica.stop();
  await server.stop();
});

beforeEach(async () => {
  const database = await freshDatabase(server.url);
  url = database.url;
  const client = await connected();
  place = { adapter: postgres({ url }), query: async (sql) => (await client.query(sql)).rows };
  // A few rows to a page: so that a vacuum takes a while.
  await place.query(
    "create table numbers (id integer primary key, n integer not null default 0) with (fillfactor = 10)",
  );
  await place.query(`insert into numbers select generate_series(1, ${rows})`);
  return async () => {
    await disconnect();
    await database.drop();
  };
});

/** Another connection, which ends with the test. */
async function connected(to = url): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: to });
  client.on("error", () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

async function disconnect(): Promise<void> {
  await Promise.all(clients.splice(0).map((client) => client.end()));
}

type End = () => Promise<unknown>;

/** Runs a statement that ends only when it is cancelled. */
async function running(sql: string, settings = "select 1"): Promise<End> {
  const client = await connected();
  await client.query(settings);
  const [backend] = (await client.query("select pg_backend_pid() as pid")).rows;
  const ended = client.query(sql).then(
    () => "by itself",
    (error) => error.code,
  );
  return async () => {
    await place.query(`select pg_cancel_backend(${backend.pid})`);
    expect(await ended).toBe("57014");
  };
}

const slowly =
  "select set_config(name, value, false) from (values ('vacuum_cost_delay', '100'), ('vacuum_cost_limit', '1')) as settings(name, value)";

async function vacuuming(table: string): Promise<End> {
  await place.query(`update ${table} set n = n`);
  const end = await running(`vacuum ${table}`, slowly);
  await until(async () => (await place.query("select 1 from pg_stat_progress_vacuum")).length > 0);
  return end;
}

async function openFor(ms: number, sql: string, age: string): Promise<pg.Client> {
  const client = await connected();
  await client.query(sql);
  await until(async () => (await place.query(`select 1 where ${age} > interval '${ms} ms'`))[0]);
  return client;
}

const oldest =
  "clock_timestamp() - (select min(xact_start) from pg_stat_activity where state = 'idle in transaction')";
const prepared = "clock_timestamp() - (select min(prepared) from pg_prepared_xacts)";
const writing =
  "do $$ begin loop perform pg_logical_emit_message(false, 'x', repeat('x', 200000)); perform pg_sleep(0.01); end loop; end $$";

/** Stops the replay of the log on the replica. */
async function lagging(): Promise<End> {
  const client = await connected(replica.url);
  await client.query("select pg_wal_replay_pause()");
  await place.query("select pg_logical_emit_message(false, 'x', 'x', true)");
  return () => client.query("select pg_wal_replay_resume()");
}

async function unreadSlot(): Promise<End> {
  await place.query("select pg_create_physical_replication_slot('unread', true)");
  await place.query("select pg_logical_emit_message(false, 'x', repeat('x', 2000000))");
  return () => place.query("select pg_drop_replication_slot('unread')");
}

const causes: readonly [string, Throttle, RegExp, () => Promise<End>][] = [
  [
    "connections at work",
    { activeConnections: 1 },
    /^[23] connections are at work, more than 1$/,
    async () => {
      const ends = [await running("select pg_sleep(600)"), await running("select pg_sleep(600)")];
      return () => Promise.all(ends.map((end) => end()));
    },
  ],
  [
    "a transaction that is open",
    { longTransactionMs: 300 },
    /^a transaction is open for \d+ ms, longer than 300 ms$/,
    async () => {
      const client = await openFor(300, "begin; select 1", oldest);
      return () => client.query("rollback");
    },
  ],
  [
    "a transaction that was prepared and left",
    { longTransactionMs: 300 },
    /^a transaction is open for \d+ ms, longer than 300 ms$/,
    async () => {
      const sql = "begin; create table left_over (n integer); prepare transaction 'left'";
      const client = await openFor(300, sql, prepared);
      return () => client.query("rollback prepared 'left'");
    },
  ],
  [
    "a vacuum of the table",
    { autovacuum: true },
    /^numbers is being vacuumed \((initializing|scanning heap)\)$/,
    () => vacuuming("numbers"),
  ],
  [
    "a replica that is behind",
    { replicaLagMs: 500 },
    /^replica replica is \d{3,} ms behind, more than 500 ms$/,
    lagging,
  ],
  [
    "a slot that nobody reads",
    { slotBytes: 1_000_000 },
    /^replication slot unread keeps \d{7,} bytes of log, more than 1000000$/,
    unreadSlot,
  ],
  [
    "log that others write",
    { walBytesPerSecond: 5_000_000 },
    /^the server writes \d{7,} bytes of log a second, more than 5000000$/,
    () => running(writing),
  ],
];

it.each(causes)(
  "holds because of %s, says so, and goes on after it",
  async (_, throttle, reason, begin) => {
    const end = await begin();
    const { release, held } = counting(place, throttle);
    const working = release.migrateData();
    await holding(place, held, reason);
    await release.backfills.set(1, { pauseMs: 0 });
    await end();
    await working;
    expect(held()).toBe(undefined);
    expect(await counted(place)).toBe(rows);
  },
);

it("knows the partitions of a table", async () => {
  await place.query("drop table numbers");
  await place.query(
    "create table numbers (id integer primary key, n integer not null default 0) partition by range (id)",
  );
  await place.query(
    "create table numbers_1 partition of numbers for values from (0) to (10000) with (fillfactor = 10)",
  );
  await place.query(`insert into numbers select generate_series(1, ${rows})`);
  const end = await vacuuming("numbers_1");
  const { release, held } = counting(place, { autovacuum: true });
  const working = release.migrateData();
  await holding(place, held, /^numbers is being vacuumed/);
  await end();
  await working;
  expect(await counted(place)).toBe(rows);
});

it("a slot that is lost holds nobody: it keeps nothing any more", async () => {
  const end = await unreadSlot();
  await until(async () => {
    await place.query("checkpoint");
    const [slot] = await place.query("select wal_status, restart_lsn from pg_replication_slots");
    return slot?.wal_status === "lost" && slot.restart_lsn !== null;
  });
  const { release, everHeld } = counting(place, { slotBytes: 0 }, { pauseMs: 0 });
  await release.migrateData();
  expect(everHeld()).toBe(false);
  await end();
});

describe("our own connections are no others", () => {
  const nobody = { activeConnections: 0, longTransactionMs: 0, checkEveryMs: 1 };

  it("whatever the URL says", async () => {
    const named = { ...place, adapter: postgres({ url: `${url}?application_name=shop` }) };
    const { release, everHeld } = counting(named, nobody, { pauseMs: 0 });
    await Promise.all([release.migrateData(), release.migrateData()]);
    expect([everHeld(), await counted(place)]).toEqual([false, rows]);
  });

  it("through PgBouncer in transaction mode", async ({ skip }) => {
    const pooler = await startPgbouncer(url);
    if (pooler === undefined) return skip();
    const pooled = { ...place, adapter: postgres({ url: pooler.url }) };
    const { release, everHeld } = counting(pooled, nobody, { pauseMs: 0 });
    await release.migrateData();
    expect([everHeld(), await counted(place)]).toEqual([false, rows]);
    await pooler.stop();
  });
});

describe("while it holds", () => {
  it.each<[string, Throttle | null]>([
    ["a limit", { slotBytes: 1e12 }],
    ["the throttle", null],
  ])("%s can be lifted, and it goes on", async (_, throttle) => {
    const end = await unreadSlot();
    const { release, held } = counting(place, { slotBytes: 1_000_000 });
    const working = release.migrateData();
    await holding(place, held, /^replication slot unread/);
    await release.backfills.set(1, { throttle, pauseMs: 0 } as never);
    await working;
    expect(held()).toBe(undefined);
    await end();
  });

  it("it can be paused, and interrupted", async () => {
    const { release, held } = counting(place, { check: () => "not now" });
    const working = refusal(release.migrateData());
    await holding(place, held, /^not now$/);
    await release.backfills.pause(1);
    expect((await working).code).toBe("backfill_stopped");
    await release.backfills.resume(1);
    const controller = new AbortController();
    const again = refusal(release.using({ signal: controller.signal }).migrateData());
    await until(() => held());
    controller.abort("SIGINT");
    expect((await again).code).toBe("interrupted");
  });
});

describe("a user without pg_monitor", () => {
  beforeEach(async () => {
    await place.query("revoke pg_monitor from plain");
    const [row] = await place.query("select current_database() as name");
    await place.query(`alter database ${row?.name} owner to plain`);
    await place.query("alter table numbers owner to plain");
    const plain = new URL(url);
    plain.username = "plain";
    plain.password = "plain";
    place = { ...place, adapter: postgres({ url: plain.href }) };
  });

  it.each<[string, Throttle, RegExp, () => Promise<End>]>([
    [
      "which replicas there are",
      { replicaLagMs: 60_000 },
      /^replicaLagMs cannot be read: this user may not see all of it \(grant pg_monitor\)$/,
      async () => async () => undefined,
    ],
    [
      "what others do",
      { activeConnections: 1 },
      /^activeConnections cannot be read: this user may not see all of it \(grant pg_monitor\)$/,
      () => running("select pg_sleep(600)"),
    ],
    [
      "since when others have a transaction",
      { longTransactionMs: 600_000 },
      /^longTransactionMs cannot be read: this user may not see all of it \(grant pg_monitor\)$/,
      async () => async () => undefined,
    ],
    [
      "what others vacuum",
      { autovacuum: true },
      /^autovacuum cannot be read: this user may not see all of it \(grant pg_monitor\)$/,
      async () => {
        await place.query("create table elsewhere (n integer) with (fillfactor = 10)");
        await place.query(`insert into elsewhere select generate_series(1, ${rows})`);
        return vacuuming("elsewhere");
      },
    ],
  ])(
    "does not know %s: it holds until that is granted, or goes when told to",
    async (_, throttle, reason, begin) => {
      const end = await begin();
      const first = counting(place, throttle);
      const working = first.release.migrateData();
      await holding(place, first.held, reason);
      await first.release.backfills.set(1, { pauseMs: 0 });
      await place.query("grant pg_monitor to plain");
      await working;
      expect(await counted(place)).toBe(rows);
      await place.query("revoke pg_monitor from plain");
      await place.query("update numbers set n = 0");
      await first.release.rollback("main", 1, { data: true });
      const second = counting(place, { ...throttle, unreadable: "go" }, { pauseMs: 0 });
      await second.release.migrateData();
      expect(second.everHeld()).toBe(false);
      expect(await counted(place)).toBe(rows);
      await end();
    },
  );
});
