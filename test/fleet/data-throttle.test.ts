/** A throttle over many tenants: each server is asked once, and holds all of its tenants and no others. */
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineBackfill, sql, type Throttle } from "../../src/index.ts";
import { until } from "../backfill/support/hold.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { freshDatabase } from "../support/postgres.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { firstTwo, placesRelease } from "./places-support.ts";

type Opened = { readonly url: string; readonly adapter: Adapter; dispose(): Promise<void> };

const names = ["acme", "bolt", "core", "dune"];

const fill = (throttle: Throttle) =>
  defineBackfill({
    ...{ table: "posts", key: "id", set: { body: sql`'full'` } },
    ...{ batchSize: 1, maxBatchSize: 1, throttle },
  });

/** The adapter, and every query that was sent to a tenant with it. */
function heard(adapter: Adapter) {
  const queries: string[] = [];
  const hearing = (one: Adapter): Adapter => ({
    ...one,
    open: async (options) => {
      const session = await one.open(options);
      const query = session.query.bind(session);
      session.query = (text, parameters) => {
        queries.push(text);
        return query(text, parameters);
      };
      return session;
    },
  });
  return { queries, adapter: { ...adapter, at: (place: string) => hearing(adapter.at!(place)) } };
}

async function run(adapter: Adapter, text: string) {
  const session = await adapter.open({ role: "work", application: "test" });
  try {
    return await session.query(text);
  } finally {
    await session.close();
  }
}

function releaseOver(adapter: Adapter, databases: Record<string, string>, throttle: Throttle) {
  const more = { tenantDataMigrations: { "20_fill": fill(throttle) } };
  return placesRelease(adapter, { databases }, firstTwo, more);
}

const mariadb = await mariadbOfRun();

const kinds: readonly (readonly [string, RegExp, () => Promise<Opened>])[] = [
  [
    "PostgreSQL",
    /xact_start/,
    async () => {
      const { url, drop } = await freshDatabase();
      return { url, adapter: postgres({ url }), dispose: drop };
    },
  ],
  ...(mariadb === undefined
    ? []
    : ([["MariaDB", /trx_started/, () => freshMysql(mariadb.url)]] as const)),
];

describe.each(kinds)("a throttle over databases of one server, on %s", (_kind, oldest, fresh) => {
  it("asks the server once for all of them, and each database what it says of itself", async () => {
    const all = await Promise.all(["shared", ...names].map(() => fresh()));
    try {
      const [shared, ...own] = all as [Opened, ...Opened[]];
      const databases = Object.fromEntries(own.map(({ url }, i) => [names[i]!, url]));
      const { adapter, queries } = heard(shared.adapter);
      // A limit that nothing passes, asked once an hour.
      const throttle = {
        ...{ longTransactionMs: 1e12, checkEveryMs: 3_600_000 },
        sql: sql`SELECT 1 FROM posts WHERE title = 'hold'`,
      };
      const { release } = releaseOver(adapter, databases, throttle);
      await release.migrate();
      for (const one of own)
        await run(one.adapter, "INSERT INTO posts (title) VALUES ('a'), ('b')");
      queries.length = 0;
      await release.migrateData({ tenants: { concurrency: 3 } });
      expect(queries.filter((text) => oldest.test(text))).toHaveLength(1);
      expect(queries.filter((text) => text.includes("'hold'"))).toHaveLength(names.length);
      for (const one of own)
        expect(await run(one.adapter, "SELECT DISTINCT body FROM posts")).toEqual([
          { body: "full" },
        ]);
    } finally {
      await Promise.all(all.map((one) => one.dispose()));
    }
  });
});

describe("a throttle over databases of two servers", () => {
  let servers: readonly PostgresServer[] = [];
  beforeAll(async () => {
    servers = await Promise.all([startPostgres(), startPostgres()]);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });

  it("holds all tenants of the one that is busy and none of the other, and says so", async () => {
    const [busy, calm] = servers as [PostgresServer, PostgresServer];
    const shared = await freshDatabase(calm.url);
    const own = await Promise.all([busy, busy, calm, calm].map(({ url }) => freshDatabase(url)));
    const databases = Object.fromEntries(own.map(({ url }, i) => [names[i]!, url]));
    const throttle = { longTransactionMs: 200, checkEveryMs: 100 };
    const { adapter } = heard(postgres({ url: shared.url }));
    const { release, heard: said } = releaseOver(adapter, databases, throttle);
    await release.migrate();
    const places = own.map(({ url }) => postgres({ url }));
    for (const place of places) await run(place, "INSERT INTO posts (title) VALUES ('a'), ('b')");
    const filled = async (i: number) => {
      const [row] = await run(
        places[i]!,
        "SELECT count(*)::int AS n FROM posts WHERE body = 'full'",
      );
      return row?.n;
    };
    const held = () =>
      said.events.flatMap((event) => (event.type === "backfill_held" ? [event.reason] : []));
    const other = new pg.Client({ connectionString: own[0]!.url });
    await other.connect();
    await other.query("BEGIN");
    await other.query("SELECT pg_sleep(0.3)");
    const running = release.migrateData({ tenants: { concurrency: 4 } });
    try {
      await until(async () => (await filled(2)) === 2 && (await filled(3)) === 2);
      await until(() => held().length > 0);
      expect(await Promise.all([0, 1].map(filled))).toEqual([0, 0]);
    } finally {
      await other.query("ROLLBACK");
      await other.end();
    }
    expect(await running).toMatchObject([{ tenants: { tenants: 4, migrated: 4, failed: [] } }]);
    expect(await Promise.all([0, 1, 2, 3].map(filled))).toEqual([2, 2, 2, 2]);
    expect(held()[0]).toMatch(/^a transaction is open for \d+ ms, longer than 200 ms$/);
    expect(held().at(-1)).toBeUndefined();
    // Once for both tenants: nothing is said twice in a row.
    expect(held().filter((reason, i, all) => reason === all[i + 1] && i + 1 < all.length)).toEqual(
      [],
    );
  });
});
