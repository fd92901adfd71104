/** A shop in the middle of its day: what has run, what is pending, what failed, two backfills and a queue at a table. */
import pg from "pg";
import type { Adapter } from "../../../src/adapters/adapter.ts";
import { defineBackfill, defineMigration, defineRelease, sql } from "../../../src/index.ts";

const migrations = {
  "20260105090000_create_customers": defineMigration({
    change: (m) =>
      m.createTable("customers", (t) => {
        t.id();
        t.column("name", "text", { null: false });
        t.column("email", "text");
      }),
  }),
  "20260112090000_create_orders": defineMigration({
    change: (m) =>
      m.createTable("orders", (t) => {
        t.id();
        t.column("customer_id", "bigint", { null: false });
        t.column("cents", "integer");
        t.column("state", "text");
      }),
  }),
  "20260120090000_create_invoices": defineMigration({
    change: (m) =>
      m.createTable("invoices", (t) => {
        t.id();
        t.column("order_id", "bigint", { null: false });
      }),
  }),
  "20260203090000_add_country_to_customers": defineMigration({
    change: (m) => m.alterTable("customers", (t) => t.add("country", "text")),
  }),
};

/** What has not run yet. */
const later = {
  "20260301090000_index_orders_by_customer": defineMigration({
    change: (m) => m.createIndex("orders", ["customer_id"], { concurrently: true }),
  }),
  "20260302090000_add_total_to_orders": defineMigration({
    change: (m) => m.alterTable("orders", (t) => t.add("total_cents", "integer")),
  }),
  "20260309090000_drop_state_of_orders": defineMigration({
    phase: "after",
    safe: { "drop-column": "no release reads it since 2.4" },
    up: (m) => m.alterTable("orders", (t) => t.remove("state")),
    down: (m) => m.alterTable("orders", (t) => t.add("state", "text")),
  }),
};

const dataMigrations = {
  "20260210090000_fill_country": defineBackfill({
    table: "customers",
    key: "id",
    set: { country: "nl" },
    where: sql`country is null`,
    batchSize: 100,
    maxBatchSize: 200,
  }),
  "20260215090000_orders_in_cents": defineBackfill({
    table: "orders",
    key: "id",
    columns: ["id", "customer_id"],
    each: ({ id }) => {
      if (Number(id) % 997 === 0) throw new Error(`no price list for order ${id}`);
      return { cents: 100 };
    },
    batchSize: 200,
    maxBatchSize: 400,
    pauseMs: 10,
    maxFailures: 1_000,
  }),
};

/** The release as it is deployed now. */
export function shop(adapter: Adapter) {
  return defineRelease({
    app: "shop",
    version: "2.5.0",
    repos: {
      main: { adapter, migrations: { ...migrations, ...later }, dataMigrations, safe: "warn" },
    },
  }).using({ emit: () => undefined, user: "ana", host: "deploy-7f9c" });
}

/** Fills the database: the migrations of earlier releases, some rows, one backfill that is done and one half-way. */
export async function fillShop(adapter: Adapter, url: string): Promise<void> {
  const earlier = defineRelease({
    app: "shop",
    version: "2.4.0",
    repos: { main: { adapter, migrations, dataMigrations, safe: "warn" } },
  }).using({ emit: () => undefined, user: "ana", host: "deploy-5b21" });
  await earlier.migrate({ step: 3 });
  await earlier.using({ user: "bo" }).migrate();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "insert into customers (name) select 'customer ' || n from generate_series(1, 2000) n",
  );
  await client.query(
    "insert into orders (customer_id, state) select n % 2000 + 1, 'paid' from generate_series(1, 40000) n",
  );
  await client.query("analyze customers, orders");
  await client.end();
  await earlier.migrateData({ step: 1 });
  await earlier.migrateData({ forMs: 1_200 });
  await earlier.backfills.pause(20260215090000);
}

/** A queue at a table: an open transaction, a change that waits for it, and a reader behind both. */
export async function queueAt(url: string, table: string) {
  const clients = await Promise.all(
    ["report of March", "psql", "shop web"].map(async (application_name) => {
      const client = new pg.Client({ connectionString: url, application_name });
      client.on("error", () => undefined);
      await client.connect();
      return client;
    }),
  );
  const [report, change, web] = clients as [pg.Client, pg.Client, pg.Client];
  await report.query("begin");
  await report.query(`select count(*) from ${table}`);
  const waiting = [
    change.query(`alter table ${table} add column note text`).catch(() => undefined),
  ];
  await until(report, 1);
  waiting.push(web.query(`select * from ${table} limit 1`).catch(() => undefined));
  await until(report, 2);
  return {
    end: async () => {
      await report.query("rollback");
      await Promise.all(waiting);
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

async function until(client: pg.Client, waiting: number): Promise<void> {
  for (;;) {
    await client.query("select pg_stat_clear_snapshot()");
    const { rows } = await client.query(
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (rows[0].n >= waiting) return;
    await new Promise((done) => setTimeout(done, 20));
  }
}
