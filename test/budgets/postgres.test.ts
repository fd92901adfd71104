/**
 * What commands cost on PostgreSQL: counted, not timed. A budget is what it costs today, and five in a hundred more fail.
 * Whoever makes something cheaper lowers it.
 */
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineMigration, defineRelease, type MigrationsOption } from "../../src/index.ts";
import { type CountingProxy, countingProxy, type Wired } from "../support/counting-proxy.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";
import { within } from "./within.ts";

let database: FreshDatabase;
let proxy: CountingProxy;

beforeAll(async () => {
  database = await freshDatabase();
  proxy = await countingProxy(database.url);
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

const migrations = Object.fromEntries(
  Array.from({ length: 41 }, (_, i) => [
    `${100 + i}_table_${100 + i}`,
    defineMigration({
      change(m) {
        m.createTable(`table_${100 + i}`, (t) => {
          t.id();
          t.column("title", "text", { null: false });
        });
      },
    }),
  ]),
);

function release(upTo: number) {
  const some = Object.entries(migrations).slice(0, upTo);
  const repos = {
    main: {
      adapter: postgres({ url: () => proxy.url }),
      migrations: Object.fromEntries(some) as MigrationsOption,
      dataMigrations: {},
    },
  };
  return defineRelease({ app: "app", repos }).using(recorder().world);
}

/**
 * In this order: each finds what the one before has left. Six round trips of a run that does something, and the two
 * questions for a whole schema of 27 kB each, are for the schema that it keeps; whoever does nothing has none of them.
 */
const commands: readonly (readonly [string, () => Promise<unknown>, Omit<Wired, "connections">])[] =
  [
    // Where ours is empty, its events and a table of another name are asked for: in bytes, in no round trip more.
    [
      "status before anything ran",
      () => release(1).migrationStatus({ plain: true }),
      { roundTrips: 3, statements: 2, bytes: 2162 },
    ],
    ["plan of one", () => release(1).plan(), { roundTrips: 5, statements: 2, bytes: 2560 }],
    ["the first run", () => release(1).migrate(), { roundTrips: 25, statements: 43, bytes: 27783 }],
    ["nothing to do", () => release(1).migrate(), { roundTrips: 1, statements: 2, bytes: 522 }],
    [
      "status with all that is known",
      () => release(1).migrationStatus(),
      { roundTrips: 1, statements: 6, bytes: 2919 },
    ],
    ["verify", () => release(1).verify(), { roundTrips: 1, statements: 2, bytes: 601 }],
    ["readiness", () => release(1).readiness(), { roundTrips: 1, statements: 2, bytes: 601 }],
    ["a run of 10", () => release(11).migrate(), { roundTrips: 24, statements: 120, bytes: 49597 }],
    ["a run of 30", () => release(41).migrate(), { roundTrips: 44, statements: 280, bytes: 72981 }],
    [
      "a rollback",
      () => release(41).rollback("main", { step: 1 }),
      { roundTrips: 16, statements: 45, bytes: 39065 },
    ],
    ["history", () => release(41).history(), { roundTrips: 1, statements: 1, bytes: 816 }],
  ];

const costs = new Map<string, Wired>();

it.each(commands)("%s", async (name, work, budget) => {
  const cost = await proxy.count(work);
  costs.set(name, cost);
  console.log(`${name}: ${JSON.stringify(cost)}`);
  within(cost, budget);
});

it("a migration in a transaction is one round trip, and so many statements", () => {
  const [ten, thirty] = [costs.get("a run of 10"), costs.get("a run of 30")];
  const each = (what: keyof Wired) => ((thirty?.[what] ?? 0) - (ten?.[what] ?? 0)) / 20;
  expect(each("connections")).toBe(0);
  expect(each("roundTrips")).toBe(1);
  within({ statements: each("statements"), bytes: each("bytes") }, { statements: 8, bytes: 1168 });
});

it("costs nothing for connections to other databases of the server", async () => {
  const first = async () => {
    const other = await freshDatabase();
    const between = await countingProxy(other.url);
    try {
      const main = {
        adapter: postgres({ url: () => between.url }),
        migrations: { "1_t": "CREATE TABLE t (id bigint);" },
      };
      const one = defineRelease({ app: "app", repos: { main } }).using(recorder().world);
      return await between.count(() => one.migrate());
    } finally {
      await between.stop();
      await other.drop();
    }
  };
  const alone = await first();
  const others = Array.from({ length: 5 }, () => new pg.Client({ connectionString: database.url }));
  await Promise.all(others.map((client) => client.connect()));
  try {
    // The ids of processes may be longer by a digit.
    expect(Math.abs((await first()).bytes - alone.bytes)).toBeLessThan(50);
  } finally {
    await Promise.all(others.map((client) => client.end()));
  }
});

it("keeps so many bytes of a migration", async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query(
      "SELECT (SELECT avg(octet_length(h::text)) FROM schema_migrations h)::float AS history, (SELECT avg(octet_length(e::text)) FROM slipway_events e)::float AS event",
    );
    console.log(`kept of a migration, in bytes: ${JSON.stringify(rows[0])}`);
    within(rows[0], { history: 819, event: 131 });
  } finally {
    await client.end();
  }
});

it("keeps a third of a long one", async () => {
  const columns = Array.from({ length: 200 }, (_, i) => `note_${i} text`);
  const sql = `CREATE TABLE long_one (id bigint, ${columns.join(", ")});`;
  const main = {
    adapter: postgres({ url: database.url }),
    migrations: { "1_long": sql },
    dataMigrations: {},
    historyTable: "long_migrations",
  };
  await defineRelease({ app: "app", repos: { main } }).using(recorder().world).migrate();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query(
      "SELECT octet_length(plan::text) AS plan, octet_length(h::text) AS history FROM long_migrations h",
    );
    console.log(`kept of ${sql.length} bytes of SQL: ${JSON.stringify(rows[0])}`);
    within(rows[0], { plan: 941, history: 1107 });
  } finally {
    await client.end();
  }
});
