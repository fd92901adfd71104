/** A publisher and a subscriber: two servers, and for each test two databases with a real subscription between them. */
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { freshDatabase } from "../../support/postgres.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres-server.ts";

const settings = {
  wal_level: "logical",
  max_logical_replication_workers: "20",
  max_worker_processes: "40",
  // After an error the subscriber tries again.
  wal_retrieve_retry_interval: "100ms",
};

let publisher: PostgresServer;
let subscriber: PostgresServer;

/** Starts both servers for the file that asks. */
export function startPair(): void {
  beforeAll(async () => {
    [publisher, subscriber] = await Promise.all([
      startPostgres({ settings }),
      startPostgres({ settings }),
    ]);
  });
  afterAll(() => Promise.all([subscriber?.stop(), publisher?.stop()]));
}

/** Both sides of a subscription, with a table of one row on each. */
export type Pair = {
  readonly here: pg.Client;
  readonly there: pg.Client;
  /** The address of the publisher, and of the subscriber. */
  readonly url: string;
  readonly thereUrl: string;
  /** The name of the subscription. */
  readonly name: string;
  /** The next row has arrived. */
  arrives(sql: string): Promise<void>;
  /** The subscriber has met an error. */
  stops(): Promise<void>;
  errors(): Promise<number>;
  end(): Promise<void>;
};

/** The table of both. */
export const table =
  "CREATE TABLE orders (id integer PRIMARY KEY, state text NOT NULL, amount integer)";

/** `options`: what is published of the table, and how. */
export async function pair(options = ""): Promise<Pair> {
  const [one, two] = [await freshDatabase(publisher.url), await freshDatabase(subscriber.url)];
  const [here, there] = await Promise.all([one.url, two.url].map(connect));
  if (here === undefined || there === undefined) throw new Error("no connection");
  const name = `s_${new URL(one.url).pathname.slice(1)}`;
  await here.query(`${table}; INSERT INTO orders VALUES (1, 'new', 1)`);
  await here.query(`CREATE PUBLICATION feed FOR TABLE orders${options}`);
  await there.query(table);
  await there.query(`CREATE SUBSCRIPTION ${name} CONNECTION '${one.url}' PUBLICATION feed`);
  const errors = async () => {
    const { rows } = await there.query(
      "SELECT apply_error_count::int AS n FROM pg_stat_subscription_stats WHERE subname = $1",
      [name],
    );
    return rows[0].n as number;
  };
  const arrives = (sql: string) =>
    until(async () => (await there.query(sql)).rows.length > 0, `arrives: ${sql}`);
  await arrives("SELECT 1 FROM orders WHERE id = 1");
  await until(async () => {
    const { rows } = await there.query("SELECT srsubstate FROM pg_subscription_rel");
    return rows.every(({ srsubstate }) => srsubstate === "r");
  }, "the first copy is over");
  return {
    ...{ here, there, errors, arrives, name, url: one.url, thereUrl: two.url },
    stops: () => until(async () => (await errors()) > 0, "the subscriber meets an error"),
    async end() {
      await there.query(`ALTER SUBSCRIPTION ${name} DISABLE`);
      await there.query(`ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`);
      await there.query(`DROP SUBSCRIPTION ${name}`);
      await Promise.all([here.end(), there.end()]);
      // The server ends the sender a moment after the subscriber has gone.
      const server = await connect(publisher.url);
      await until(async () => {
        const { rows } = await server.query(
          "SELECT active FROM pg_replication_slots WHERE slot_name = $1",
          [name],
        );
        return rows[0]?.active === false;
      }, "the slot is free");
      await server.query("SELECT pg_drop_replication_slot($1)", [name]);
      await server.end();
      await one.drop();
      await two.drop();
    },
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** Waits for a minute at most. */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited a minute until ${what}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}
