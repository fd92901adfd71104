/** Backfills whose processes are killed, frozen and cut off: every row is changed exactly once, and nothing is stuck. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { freshDatabase } from "../support/postgres.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { type BackfillScenario, numbersSql } from "./support/backfills.ts";
import { figuresOf, full } from "./support/figures.ts";
import { ask } from "./support/server.ts";
import { type Ended, run, type Started, start } from "./support/start.ts";

const figures = figuresOf("backfill faults");
const batch = 200;
const rows = full ? 400_000 : 60_000;
const upstream = await freshDatabase();
const pooler = await startPgbouncer(upstream.url, { poolSize: 12 });
afterAll(async () => {
  await pooler?.stop();
  await upstream.drop();
});

const place = (url: string, scenario: BackfillScenario) =>
  ({ kind: "postgres", address: url, scenario, leaseMs: 2_000 }) as const;

/** From now on as fast as can be. */
async function hurry(url: string): Promise<void> {
  await ask(url, "update slowness set seconds = 0");
  const hurried = await run(place(url, "count"), [
    "backfill",
    "set",
    "1",
    "pause=0",
    "batch-size=5000",
  ]);
  expect(hurried).toMatchObject({ code: 0 });
}

async function finished(children: readonly Started[]): Promise<readonly Ended[]> {
  const ends = await Promise.all(children.map((child) => child.ended));
  for (const end of ends) expect(end, end.stderr).toMatchObject({ code: 0 });
  return ends;
}

/** What is to be true at the end, whatever happened. */
async function proveOnce(url: string, name: string): Promise<void> {
  const [row] = await ask(
    url,
    "select count(*) filter (where n = 0)::int as missed, count(*) filter (where n > 1)::int as twice from numbers",
  );
  figures.must(`${name}: rows missed`, Number(row?.missed), 0);
  figures.must(`${name}: rows changed twice`, Number(row?.twice), 0);
  const [state] = await ask(
    url,
    "select state, (select count(*)::int from slipway_backfill_ranges where state = 'open') as open, (select count(*)::int from data_migrations) as recorded from slipway_backfills",
  );
  expect(state).toEqual({ state: "finished", open: 0, recorded: 1 });
  const left = await ask(
    url,
    "select 1 from pg_stat_activity where datname = current_database() and application_name like 'slipway%' and xact_start is not null",
  );
  figures.must(`${name}: transactions left open`, left.length, 0);
}

/** How many visits there were beyond one for each row, for each of the faults. */
async function againForEach(url: string, faults: number, count: number): Promise<number> {
  const [row] = await ask(url, "select last_value::int as visits from visits");
  return Math.ceil((Number(row?.visits) - count) / faults);
}

const hasBegun = (child: Started) =>
  Promise.race([child.said("== "), child.ended.then(() => undefined)]);

async function storm(
  url: string,
  {
    workers,
    kills,
    scenario = "count",
  }: { readonly workers: number; readonly kills: number; readonly scenario?: BackfillScenario },
): Promise<void> {
  const begin = () => start(place(url, scenario), ["migrate-data"]);
  const children = await Promise.all(Array.from({ length: workers }, begin));
  for (let killed = 0; killed < kills; killed++) {
    const index = Math.floor(Math.random() * workers);
    const victim = children[index];
    if (victim === undefined) break;
    await hasBegun(victim);
    await sleep(Math.random() * 120);
    victim.kill("SIGKILL");
    await victim.ended;
    children[index] = await begin();
  }
  await Promise.all(children.map(hasBegun));
  // Or the last kills hit nobody at work.
  const [left] = await ask(
    url,
    "select state, (select count(*)::int from numbers where n = 0) as rows from slipway_backfills",
  );
  expect(left).toEqual({ state: "running", rows: expect.toSatisfy((count) => count > 0) });
  await hurry(url);
  await finished(children);
}

async function onDatabase(work: (url: string) => Promise<void>, count = rows): Promise<void> {
  const database = await freshDatabase();
  try {
    for (const sql of numbersSql(count).split("; ")) await ask(database.url, sql);
    await work(database.url);
  } finally {
    await database.drop();
  }
}

const limit = full ? 900_000 : 240_000;

describe("processes that are killed", () => {
  const storms = full
    ? [
        { workers: 1, kills: 60 },
        { workers: 2, kills: 70 },
        { workers: 8, kills: 70 },
      ]
    : [{ workers: 3, kills: 8 }];
  it.each(storms)(
    "$workers at work, $kills kills",
    ({ workers, kills }) =>
      onDatabase(async (url) => {
        await storm(url, { workers, kills });
        await proveOnce(url, `${workers} processes, ${kills} SIGKILLs`);
        const again = await againForEach(url, kills, rows);
        figures.atMost(`${workers} processes: rows visited again for each kill`, again, batch);
      }),
    limit,
  );

  it.runIf(full)(
    "through functions, two connections a process",
    () =>
      onDatabase(async (url) => {
        await storm(url, { workers: 3, kills: 20, scenario: "countEach" });
        await proveOnce(url, "each, 3 processes, 20 SIGKILLs");
      }),
    limit,
  );

  it.runIf(full && pooler !== undefined)(
    "through PgBouncer in transaction mode",
    () =>
      onDatabase(async (url) => {
        const through = new URL(url);
        through.host = new URL(pooler?.url ?? url).host;
        await storm(through.href, { workers: 3, kills: 20 });
        await proveOnce(url, "PgBouncer, 3 processes, 20 SIGKILLs");
      }),
    limit,
  );
});

describe("processes that are frozen", () => {
  it(
    "past every timeout: another one takes over, and the one that wakes changes nothing twice",
    () =>
      onDatabase(async (url) => {
        const count = full ? 6 : 2;
        const scenario = "count";
        const children = await Promise.all(
          [0, 1].map(() => start(place(url, scenario), ["migrate-data"])),
        );
        for (let i = 0; i < count; i++) {
          const child = children[i % 2];
          if (child === undefined) break;
          await hasBegun(child);
          await sleep(Math.random() * 200);
          child.kill("SIGSTOP");
          await sleep(2_500);
          child.kill("SIGCONT");
        }
        await hurry(url);
        await finished(children);
        await proveOnce(url, `${count} SIGSTOPs`);
      }),
    limit,
  );

  it(
    "in an effect, past its lease: what it returns is written once",
    () =>
      onDatabase(async (url) => {
        const children = await Promise.all(
          [0, 1].map(() => start(place(url, "countEffect"), ["migrate-data"])),
        );
        for (const child of children) {
          await hasBegun(child);
          await sleep(100 + Math.random() * 100);
          child.kill("SIGSTOP");
          await sleep(1_800);
          child.kill("SIGCONT");
        }
        await finished(children);
        await proveOnce(url, "effect, 2 SIGSTOPs");
      }, 1_000),
    limit,
  );
});

describe("connections that are lost", () => {
  it(
    "backends that are terminated: the same processes go on",
    () =>
      onDatabase(async (url) => {
        const children = await Promise.all(
          [0, 1].map(() => start(place(url, "countTwice"), ["migrate-data"])),
        );
        await Promise.all(children.map(hasBegun));
        const count = full ? 60 : 8;
        for (let i = 0; i < count; i++) {
          await sleep(60);
          await ask(
            url,
            "select pg_terminate_backend(pid) from (select pid from pg_stat_activity where datname = current_database() and application_name like 'slipway%' order by random() limit 1) x",
          );
        }
        await hurry(url);
        await finished(children);
        await proveOnce(url, `${count} backends terminated`);
        figures.atMost(
          "backends terminated: rows visited again for each",
          await againForEach(url, count, rows),
          batch,
        );
      }),
    limit,
  );

  it(
    "a server that crashes and comes back: the same processes go on",
    async () => {
      const server = await startPostgres({ durable: true });
      try {
        for (const sql of numbersSql(20_000).split("; ")) await ask(server.url, sql);
        const children = await Promise.all(
          [0, 1].map(() => start(place(server.url, "count"), ["migrate-data"])),
        );
        await Promise.all(children.map(hasBegun));
        const count = full ? 3 : 1;
        for (let i = 0; i < count; i++) {
          await sleep(300);
          server.restartImmediately();
        }
        await hurry(server.url);
        await finished(children);
        await proveOnce(server.url, `${count} restarts with -m immediate`);
      } finally {
        await server.stop();
      }
    },
    limit,
  );
});
