/**
 * What a tenant with a database costs: counted, not timed. A budget is what it costs today, and five in a hundred more
 * fail. Whoever makes something cheaper lowers it.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import type { MigrationsOption } from "../../src/index.ts";
import { firstTwo, placesRelease, three } from "../fleet/places-support.ts";
import { type CountingProxy, countingProxy, type Wired } from "../support/counting-proxy.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { within } from "./within.ts";

let databases: readonly FreshDatabase[] = [];
let proxies: readonly CountingProxy[] = [];

beforeAll(async () => {
  databases = await Promise.all(Array.from({ length: 3 }, () => freshDatabase()));
  // The second tenant: the run looks at the first one before all others.
  proxies = await Promise.all(databases.slice(1).map(({ url }) => countingProxy(url)));
});
afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  await Promise.all(databases.map((database) => database.drop()));
});

const migrate = (migrations: MigrationsOption) => {
  const places = Object.fromEntries(proxies.map(({ url }, i) => [["acme", "bolt"][i]!, url]));
  const adapter = postgres({ url: databases[0]!.url });
  return placesRelease(adapter, { databases: places }, migrations).release.migrate();
};

/**
 * In this order. A column: what is there, its history, rights, replication; the lock, who is alive, the fence; under the
 * lock the history, the journal and the tables again; the transaction; the fence and the lock given back.
 */
const runs: readonly (readonly [string, MigrationsOption, Omit<Wired, "bytes" | "statements">])[] =
  [
    ["the first run", firstTwo, { connections: 2, roundTrips: 25 }],
    ["nothing to do", firstTwo, { connections: 1, roundTrips: 1 }],
    ["one column", three, { connections: 2, roundTrips: 13 }],
  ];

it.each(runs)("%s", async (name, migrations, budget) => {
  const [, bolt] = proxies;
  const { connections, roundTrips } = await bolt!.count(() => migrate(migrations));
  console.log(`${name}: ${JSON.stringify({ connections, roundTrips })}`);
  within({ connections, roundTrips }, budget);
  expect(connections).toBe(budget.connections);
});
