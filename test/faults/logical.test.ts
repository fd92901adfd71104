/**
 * Between a publisher and its subscriber: one release with two repos, the subscriber first; what is published is named
 * before it changes; a backfill holds while the slot of a slow subscriber grows.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Release } from "../../examples/logical-replication/release.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineBackfill, defineRelease, sql } from "../../src/index.ts";
import { freshDatabase } from "../support/postgres.ts";
import { startPostgres15With } from "../support/postgres-15.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { recorder } from "../support/recorder.ts";
import { ask, until } from "./support/server.ts";

const settings = { wal_level: "logical", wal_retrieve_retry_interval: "100ms" };
let publisher: PostgresServer;
let subscriber: PostgresServer;
beforeAll(async () => {
  [publisher, subscriber] = (await Promise.all(
    [1, 2].map(() => startPostgres({ connections: 40, settings })),
  )) as [PostgresServer, PostgresServer];
}, 60_000);
afterAll(() => Promise.all([publisher.stop(), subscriber.stop()]));

/** Where one server finds another one, as libpq reads it. */
function conninfo(url: string): string {
  const { port, password, pathname } = new URL(url);
  return `host=127.0.0.1 port=${port} user=postgres password=${password} dbname=${pathname.slice(1)}`;
}

/** Two databases of the example. */
async function pair() {
  const [from, to] = [await freshDatabase(publisher.url), await freshDatabase(subscriber.url)];
  const adapters = {
    publisher: postgres({ url: from.url }),
    subscriber: postgres({ url: to.url }),
  };
  const release = Release.using({ ...recorder().world, adapters });
  const subscribe = async () => {
    const name = `s${new URL(from.url).pathname.slice(-6)}`;
    await ask(
      to.url,
      `CREATE SUBSCRIPTION ${name} CONNECTION '${conninfo(from.url)}' PUBLICATION shop`,
    );
    return name;
  };
  const unsubscribe = (name: string) => ask(to.url, `DROP SUBSCRIPTION ${name}`);
  return { from: from.url, to: to.url, release, subscribe, unsubscribe };
}

describe("a publisher and its subscriber", () => {
  it("one release migrates the subscriber first, and no row is lost", {
    timeout: 60_000,
  }, async () => {
    const { from, to, release, subscribe, unsubscribe } = await pair();
    await release.migrate({ to: 20261101090200 });
    const subscription = await subscribe();
    await ask(from, "INSERT INTO orders (total) SELECT g FROM generate_series(1, 5) g");
    await until(to, "SELECT 1 FROM orders HAVING count(*) = 5");
    const ran = await release.migrate({ phase: "before" });
    expect(ran.map(({ repo, migrations }) => [repo, migrations.length])).toEqual([
      ["subscriber", 2],
      ["publisher", 3],
    ]);
    await ask(from, "INSERT INTO orders (total, note) VALUES (6, 'six')");
    await until(to, "SELECT 1 FROM orders WHERE note = 'six'");
    // A table that joins the publication is not sent before the subscriber asks again.
    await ask(from, "INSERT INTO parts (name) VALUES ('bolt')");
    await ask(to, `ALTER SUBSCRIPTION ${subscription} REFRESH PUBLICATION`);
    await until(to, "SELECT 1 FROM parts WHERE name = 'bolt'");
    // Values of sequences are not sent.
    const next = "SELECT last_value::int AS value FROM orders_id_seq";
    expect([await ask(from, next), await ask(to, next)]).toEqual([[{ value: 6 }], [{ value: 1 }]]);
    await unsubscribe(subscription);
  });

  it("the publisher first would stop the subscriber, and is refused by name", {
    timeout: 60_000,
  }, async () => {
    const { from, release, subscribe, unsubscribe } = await pair();
    await release.migrate({ to: 20261101090200 });
    const subscription = await subscribe();
    await ask(from, "INSERT INTO orders (total) VALUES (1)");
    const hasty = one(from, { "1_more": "ALTER TABLE orders ADD COLUMN more text;" });
    await expect(hasty.migrate()).rejects.toThrow(
      /subscribers of shop that have no orders\.more stop/,
    );
    await unsubscribe(subscription);
  });

  it("a refresh of a subscription runs outside of a transaction by itself", {
    timeout: 60_000,
  }, async () => {
    const { to, release, subscribe, unsubscribe } = await pair();
    await release.migrate({ to: 20261101090200 });
    const subscription = await subscribe();
    const refresh = one(to, {
      "1_refresh": `ALTER SUBSCRIPTION ${subscription} REFRESH PUBLICATION;`,
    });
    expect(await refresh.migrate()).toMatchObject([{ migrations: [{ version: "1" }] }]);
    await unsubscribe(subscription);
  });

  it("a backfill holds while the slot of a subscriber grows, and finishes behind it", {
    timeout: 60_000,
  }, async () => {
    const { from, to, release, subscribe, unsubscribe } = await pair();
    await release.migrate({ phase: "before" });
    await ask(from, "INSERT INTO orders (total) SELECT g FROM generate_series(1, 2000) g");
    const subscription = await subscribe();
    await until(to, "SELECT 1 FROM orders HAVING count(*) = 2000");
    await ask(to, `ALTER SUBSCRIPTION ${subscription} DISABLE`);
    const idle = `SELECT 1 FROM pg_replication_slots WHERE slot_name = '${subscription}' AND NOT active`;
    await until(from, idle);
    const held = Promise.withResolvers<string>();
    const { world } = recorder();
    const app = defineRelease({
      app: "shop",
      repos: {
        main: {
          adapter: postgres({ url: from }),
          migrations: {},
          historyTable: "backfilled",
          otherHistories: "ignore",
          dataMigrations: {
            "1_notes": defineBackfill({
              table: "orders",
              key: "id",
              where: sql`note is null`,
              set: { note: sql`'order ' || id` },
              batchSize: 100,
              throttle: { slotBytes: 40_000, checkEveryMs: 1 },
            }),
          },
        },
      },
    }).using({
      ...world,
      emit: (event) => {
        if (JSON.stringify(event).includes(`replication slot ${subscription} keeps`))
          held.resolve(event.type);
      },
    });
    const running = app.migrateData();
    running.then(() => held.reject(new Error("it was never held")), held.reject);
    await held.promise;
    const done = await ask(from, "SELECT count(*)::int AS n FROM orders WHERE note IS NULL");
    expect(Number(done[0]?.n)).toBeGreaterThan(0);
    await ask(to, `ALTER SUBSCRIPTION ${subscription} ENABLE`);
    let ended = false;
    const end = running.finally(() => {
      ended = true;
    });
    // The server lets go of log at such a record, which it writes by itself every 15 seconds.
    while (!ended) {
      await ask(from, "SELECT pg_log_standby_snapshot()");
      await sleep(100);
    }
    await end;
    await until(to, "SELECT 1 FROM orders WHERE note = 'order ' || id HAVING count(*) = 2000");
    await unsubscribe(subscription);
  });
});

function one(url: string, migrations: Readonly<Record<string, string>>) {
  const main = {
    ...{ adapter: postgres({ url }), migrations, historyTable: "others" },
    otherHistories: "ignore" as const,
  };
  return defineRelease({ app: "shop", repos: { main } }).using(recorder().world);
}

const old = await startPostgres15With(
  { pglogical: "postgresql-15-pglogical" },
  { connections: 40, settings: { ...settings, shared_preload_libraries: "pglogical" } },
);
afterAll(() => old?.stop());

describe.skipIf(old === undefined)("pglogical", () => {
  it("tables of its replication sets count as published", { timeout: 60_000 }, async () => {
    const url = old?.url ?? "";
    await ask(
      url,
      "CREATE EXTENSION pglogical; CREATE TABLE orders (id int PRIMARY KEY, total int); INSERT INTO orders VALUES (1, 1)",
    );
    await ask(url, `SELECT pglogical.create_node('here', '${conninfo(url)}')`);
    const hasty = { "1_more": "ALTER TABLE orders ADD COLUMN more text;" };
    expect(await one(url, { "0_first": "SELECT 1;" }).migrate()).toHaveLength(1);
    await ask(url, "SELECT pglogical.replication_set_add_table('default', 'orders')");
    await expect(one(url, { "0_first": "SELECT 1;", ...hasty }).migrate()).rejects.toThrow(
      /subscribers of pglogical set default that have no orders\.more stop/,
    );
    const { repos } = await one(url, { "0_first": "SELECT 1;" }).facts();
    expect(repos.main?.publications.find(({ name }) => name === "pglogical set default")).toEqual({
      ...{ name: "pglogical set default", allTables: false },
      publishes: ["insert", "update", "delete", "truncate"],
      tables: [{ table: "orders" }],
    });
  });
});
