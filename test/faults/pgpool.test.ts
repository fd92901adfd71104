/**
 * Through Pgpool-II, which sends reads to a standby that is behind: a run asks for the address of the primary before
 * anything ran. Where Pgpool-II balances nothing, everything works.
 */
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresOptions, postgres } from "../../src/adapters/postgres/index.ts";
import {
  defineBackfill,
  defineMigration,
  defineRelease,
  isReleaseError,
  sql,
} from "../../src/index.ts";
import { pgpoolIsThere, startPgpool } from "../support/pgpool.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { recorder } from "../support/recorder.ts";
import type { Server } from "../support/server.ts";
import { ask, until } from "./support/server.ts";

let primary: PostgresServer;
let standby: Server;
let paused: pg.Client | undefined;
const pools = await opened();

/** Both are there, or Pgpool-II is not installed. */
async function opened() {
  if (!pgpoolIsThere()) return undefined;
  primary = await startPostgres({ connections: 60, settings: { wal_level: "replica" } });
  standby = await primary.startReplica();
  const balancing = await startPgpool(primary.url, standby.url);
  const plain = await startPgpool(primary.url, standby.url, ["load_balance_mode = off"]);
  return balancing && plain && { balancing, plain };
}

const urls = () => ({ balancing: pools?.balancing.url ?? "", plain: pools?.plain.url ?? "" });

beforeAll(async () => {
  if (pools === undefined) return;
  paused = new pg.Client({ connectionString: standby.url });
  await paused.connect();
});
afterAll(async () => {
  if (pools === undefined) return;
  await paused?.end();
  await Promise.all([pools.balancing.stop(), pools.plain.stop()]);
  await standby.stop();
  await primary.stop();
});

const table = (name: string) =>
  defineMigration({ change: (m) => m.createTable(name, (t) => t.id()) });

function release(count: number, options: PostgresOptions) {
  const all = ["one", "two", "three"].map((name, i) => [`${i + 1}_${name}`, table(name)] as const);
  const migrations = Object.fromEntries(all.slice(0, count));
  const main = { adapter: postgres(options), migrations };
  return defineRelease({ app: "app", repos: { main } }).using(recorder().world);
}

async function refused(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isReleaseError(error)) throw new Error("nothing was refused", { cause: error });
  return `${error.exitCode} ${error.message}\n${error.hint}`;
}

const directUrlNeeded =
  "2 repo main: cannot take the migration lock: a load balancer stands between, and sends reads of this connection to a standby\nGive the adapter directUrl, the address of the primary: what Slipway and your migrations read must not be older than what they write.";

describe.skipIf(pools === undefined)("through Pgpool-II", () => {
  it("that balances: runs ask for directUrl, and have it", { timeout: 60_000 }, async () => {
    const { balancing: url } = urls();
    const direct = { url, directUrl: primary.url };
    await release(1, direct).migrate();
    await until(standby.url, "select 1 where to_regclass('one') is not null");
    await paused?.query("SELECT pg_wal_replay_pause()");
    await release(2, direct).migrate();
    // Nothing to do: the history is read from the primary, which knows of the second one.
    expect(await release(2, { url }).migrate()).toMatchObject([{ migrations: [] }]);
    expect(await refused(release(3, { url }).migrate())).toBe(directUrlNeeded);
    expect(await refused(release(2, { url }).rollback("main", { step: 1 }))).toBe(directUrlNeeded);
    const history =
      "select string_agg(version::text, ',' order by version) as ran from schema_migrations";
    expect(await ask(primary.url, history)).toEqual([{ ran: "1,2" }]);
    const [doctor] = await release(2, { url }).doctor();
    expect(doctor?.found.find(({ check }) => check === "primary")).toMatchObject({ state: "bad" });
    const [well] = await release(2, direct).doctor();
    expect(well?.found.find(({ check }) => check === "primary")).toMatchObject({ state: "good" });
  });

  it("that balances: a worker of a backfill, which takes no lock, asks for directUrl too", {
    timeout: 60_000,
  }, async () => {
    const { balancing: url } = urls();
    await ask(primary.url, "create table rows (id int primary key, n int, by int)");
    await ask(primary.url, "insert into rows select g, 1, 0 from generate_series(1, 20) g");
    const backfilled = (options: PostgresOptions) => {
      const rows = defineBackfill({ table: "rows", key: "id", set: { n: sql`n / "by"` } });
      const repo = { adapter: postgres(options), dataMigrations: { "9_rows": rows } };
      return defineRelease({ app: "app", repos: { main: repo } }).using(recorder().world);
    };
    // It has begun, and waits for somebody who continues it.
    const direct = backfilled({ url, directUrl: primary.url });
    await expect(direct.backfills.work(9n)).rejects.toMatchObject({ code: "backfill_failed" });
    await paused?.query("SELECT pg_wal_replay_resume()");
    await until(standby.url, "select 1 from slipway_backfills where state = 'failed'");
    expect(await refused(backfilled({ url }).backfills.work(9n))).toMatch(
      /^2 repo main: cannot work on a backfill: a load balancer stands between, .*\nGive the adapter directUrl/,
    );
  });

  it("that balances nothing: it migrates, waits for the lock and rolls back", {
    timeout: 60_000,
  }, async () => {
    const { plain: url } = urls();
    const both = await Promise.all([release(3, { url }).migrate(), release(3, { url }).migrate()]);
    const ran = both.flat().flatMap(({ migrations }) => migrations.map(({ version }) => version));
    expect(ran.filter((version) => version === "3")).toHaveLength(1);
    await release(3, { url }).rollback("main", { step: 1 });
    expect(await ask(primary.url, "select to_regclass('three') as it")).toEqual([{ it: null }]);
  });

  it("the lock is kept while its holder says nothing else", { timeout: 60_000 }, async () => {
    const { balancing: url } = urls();
    const adapter = postgres({ url, lockLeaseMs: 3_000 });
    const session = await adapter.open({ role: "lock", application: "app" });
    const { lease } = await session.tryLock("kept");
    const silent =
      "select 1 from pg_stat_activity where application_name = 'app' and state = 'idle in transaction' and xact_start < clock_timestamp() - interval '7 s'";
    await until(primary.url, silent);
    expect(lease?.lost.aborted).toBe(false);
    await lease?.release();
    await session.close();
  });
});
