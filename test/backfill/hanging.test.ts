/** Code of the user's that does not come back: it is given up, and can write no more. */
import { beforeEach, describe, expect, it } from "vitest";
import { defineBackfill, sql } from "../../src/index.ts";
import { describeOn, refusal, releaseOn } from "../conformance/support/release.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { type Place, pause, until } from "./support/hold.ts";

const rows = 40;
const never = new Promise<never>(() => undefined);

async function numbers(place: Place): Promise<void> {
  await place.query("create table numbers (id integer primary key, n integer not null default 0)");
  await place.query(
    `insert into numbers (id) values ${Array.from({ length: rows }, (_, i) => `(${i + 1})`).join(", ")}`,
  );
}

/** How many rows there are of each value. */
async function values(place: Place): Promise<unknown> {
  const found = await place.query("select n, count(*) as amount from numbers group by n");
  return Object.fromEntries(found.map(({ n, amount }) => [String(n), Number(amount)]));
}

type Definition = Parameters<typeof defineBackfill>[0];
type Batch = NonNullable<Definition["batch"]>;
type Db = Parameters<Batch>[1];

const base = { table: "numbers", key: "id", batchSize: 8, maxBatchSize: 8 } as const;
const patient = { timeoutMs: 600_000 };
const hasty = { timeoutMs: 300 };

const run = (place: Place, more: object) =>
  releaseOn(
    place,
    {},
    { dataMigrations: { "1_count": defineBackfill({ ...base, ...more } as never) } },
  ).release;

const count = (db: Db, found: readonly { readonly id?: unknown }[]) =>
  db.execute(
    `update numbers set n = n + 1 where id in (${found.map(({ id }) => Number(id)).join(", ")})`,
  );

function hangingTests(place: () => Place): void {
  beforeEach(() => numbers(place()));

  it("a batch is halved down to the row at which it hangs, and that is a dead letter", async () => {
    const batch: Batch = async (found, db) => {
      await count(db, found);
      if (found.some(({ id }) => Number(id) === 17)) await never;
    };
    const release = run(place(), { batch, ...hasty, parallel: 1 });
    expect((await refusal(release.migrateData())).code).toBe("backfill_failed");
    expect((await release.backfills.show(1)).dead).toMatchObject([
      { key: ["17"], error: "batch took more than 300 ms" },
    ]);
    expect(await values(place())).toEqual({ 0: 1, 1: rows - 1 });
  });

  it("a batch that wakes up late can write nothing on the connection that others have now", async () => {
    let late: Promise<unknown> | undefined;
    const batch: Batch = async (found, db) => {
      if (late !== undefined) return count(db, found);
      late = pause(700).then(() => db.execute("update numbers set n = 100").catch(String));
      await late;
    };
    const release = run(place(), { batch, ...hasty, parallel: 1, pauseMs: 250 });
    await release.migrateData();
    expect(await late).toBe("Error: batch is over and may send nothing");
    expect(await values(place())).toEqual({ 1: rows });
  });

  it("what a batch did not wait for is waited for, and nothing comes after it", async () => {
    const kept: Db[] = [];
    const batch = (found: Parameters<Batch>[0], db: Db) => {
      kept.push(db);
      void count(db, found);
    };
    await run(place(), { batch }).migrateData();
    expect(await values(place())).toEqual({ 1: rows });
    for (const db of kept) await expect(db.query("select 1")).rejects.toThrow("batch is over");
  });

  it("an effect that hangs hears that, and its row is a dead letter", async () => {
    let heard = 0;
    const effect: NonNullable<Definition["effect"]> = async ({ id }, { signal }) => {
      if (Number(id) !== 17) return { n: 1 };
      signal.addEventListener("abort", () => {
        heard += 1;
      });
      return never;
    };
    const release = run(place(), { effect, ...hasty, leaseMs: 5_000 });
    expect((await refusal(release.migrateData())).code).toBe("backfill_failed");
    expect((await release.backfills.show(1)).dead).toMatchObject([
      { key: ["17"], kind: "error", error: "effect took more than 300 ms" },
    ]);
    expect([heard, await values(place())]).toEqual([1, { 0: 1, 1: rows - 1 }]);
  });

  it("a check that hangs cannot be read: it holds, or goes when told to", async () => {
    const throttle = { check: () => never };
    const set = { n: sql`n + 1` };
    const { release, events } = releaseOn(
      place(),
      {},
      { dataMigrations: { "1_count": defineBackfill({ ...base, set, throttle, ...hasty }) } },
    );
    const [held] = await release.migrateData({ forMs: 900 });
    expect(held?.resume).toBeDefined();
    expect(events.find((event) => event.type === "backfill_held")).toMatchObject({
      reason: "throttle.check cannot be read: it took more than 300 ms",
    });
    expect(await values(place())).toEqual({ 0: rows });
    await release.backfills.set(1, { throttle: { unreadable: "go", checkEveryMs: 60_000 } });
    await release.migrateData();
    expect(await values(place())).toEqual({ 1: rows });
  });

  it.each(["batch", "effect", "check"])("a signal stops it while its %s hangs", async (what) => {
    let hangs = 0;
    let wait: Promise<unknown> = never;
    const hang = async () => {
      hangs += 1;
      await wait;
    };
    const ways: { readonly [what: string]: object } = {
      batch: {
        batch: (found: Parameters<Batch>[0], db: Db) => hang().then(() => count(db, found)),
      },
      effect: { effect: () => hang().then(() => ({ n: 1 })), leaseMs: 600_000 },
      check: { set: { n: sql`n + 1` }, throttle: { check: hang } },
    };
    const release = run(place(), { ...ways[what], ...patient });
    const controller = new AbortController();
    const working = refusal(release.using({ signal: controller.signal }).migrateData());
    await until(() => hangs > 0);
    controller.abort("SIGINT");
    expect((await working).code).toBe("interrupted");
    expect(await values(place())).toEqual({ 0: rows });
    wait = Promise.resolve();
    await release.migrateData();
    expect(await values(place())).toEqual({ 1: rows });
  });
}

describeOn(["pglite", "sqlite", "postgres"], (database, kind) => {
  hangingTests(database);

  it.runIf(kind === "postgres")("what hangs on the server is cancelled", async () => {
    const batch: Batch = async (found, db) => {
      if (found.some(({ id }) => Number(id) === 17)) {
        void db
          .query("set local statement_timeout = 0; select pg_sleep(600)")
          .catch(() => undefined);
        await never;
      }
      await count(db, found);
    };
    const release = run(database(), { batch, ...hasty });
    expect((await refusal(release.migrateData())).code).toBe("backfill_failed");
    expect(await values(database())).toEqual({ 0: 1, 1: rows - 1 });
  });
});

const server = await mariadbOfRun();

describe.skipIf(server === undefined)("on MariaDB", () => {
  let database: MysqlDatabase;
  beforeEach(async () => {
    database = await freshMysql(server?.url ?? "");
    return () => database.dispose();
  });
  hangingTests(() => database);
});
