/** SIGINT and SIGTERM, once and twice, wherever a run may stand: it ends in time, and leaves nothing behind. */
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { numbersSql } from "./support/backfills.ts";
import { figuresOf, full } from "./support/figures.ts";
import { startProxy } from "./support/proxy.ts";
import { activeSql, ask, hold, truth, until } from "./support/server.ts";
import { type ChildSettings, run, type Started, start } from "./support/start.ts";

const figures = figuresOf("signals in each phase");

let database: FreshDatabase;
/** What holds a phase up, and is ended before the run after it. */
let inTheWay: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(async () => {
  await clear();
  await database.drop();
});

async function clear(): Promise<void> {
  await Promise.all(inTheWay.map((end) => end()));
  inTheWay = [];
}

async function holding(url: string, sql: string): Promise<pg.Client> {
  const client = await hold(url, sql);
  inTheWay.push(() => client.end());
  return client;
}

const settings = (
  scenario: ChildSettings["scenario"],
  more: Partial<ChildSettings> = {},
): ChildSettings => ({ kind: "postgres", address: database.url, scenario, ...more });

/** A moment in which a signal may come. */
type Phase = {
  readonly name: string;
  /** Starts a run, and resolves when it stands there. */
  reach(): Promise<Started>;
  /** The same command again, when nothing is in the way. */
  again(): Promise<{ readonly code: number | null }>;
  /** What is true after the signal, and after the run that follows it. */
  readonly stopped: string;
  readonly finished: string;
  /** Whether what is in the way of the run is in the way of a look at the truth, too. */
  readonly hidesTruth?: true;
};

const waitsForLock = (sql: string) =>
  `select 1 from pg_stat_activity where datname = current_database() and application_name like 'slipway%' and query ilike '${sql}' and wait_event_type = 'Lock'`;
const asBefore = "tables ; invalid 0; history none; journal none";
const old = "tables one; invalid 0; history 1; journal none";

const phases: readonly Phase[] = [
  {
    name: "connecting",
    async reach() {
      const proxy = await startProxy(database.url);
      inTheWay.push(() => proxy.stop());
      proxy.cut();
      const asked = proxy.sentInVain();
      const child = await start(settings("older", { address: proxy.url }), ["migrate"]);
      await asked;
      return child;
    },
    again: () => run(settings("older"), ["migrate"]),
    stopped: asBefore,
    finished: old,
  },
  {
    name: "waiting for the lock",
    async reach() {
      const holder = await start(settings("hold"), ["migrate"]);
      await holder.said("run code: hold");
      inTheWay.push(async () => {
        holder.tell("end");
        await holder.ended;
      });
      const child = await start(settings("hold"), ["migrate"]);
      await child.said("waiting for the migration lock");
      return child;
    },
    again: () => run(settings("hold"), ["migrate"]),
    stopped: old,
    finished: "tables one,three,two; invalid 0; history 1,2,3; journal none",
  },
  {
    name: "planning",
    async reach() {
      expect(await run(settings("older"), ["migrate"])).toMatchObject({ code: 0 });
      await holding(database.url, "begin; lock table schema_migrations");
      const child = await start(settings("older"), ["migrate"]);
      await until(database.url, waitsForLock("%schema_migrations%"));
      return child;
    },
    again: () => run(settings("older"), ["migrate"]),
    stopped: old,
    finished: old,
    hidesTruth: true,
  },
  {
    name: "in a transactional migration",
    async reach() {
      await ask(database.url, "create table big (id int, title text)");
      await holding(database.url, "begin; select * from big");
      const child = await start(settings("alter"), ["migrate", "--lock-timeout", "60000"]);
      await until(database.url, waitsForLock("%ALTER TABLE%"));
      return child;
    },
    again: () => run(settings("alter"), ["migrate"]),
    stopped: "tables big; invalid 0; history ; journal none",
    finished: "tables big; invalid 0; history 1; journal none",
  },
  {
    name: "in a concurrent index",
    async reach() {
      await ask(database.url, "create table big as select 1 as id, 'one' as title");
      await holding(database.url, "begin; insert into big values (0, 'open')");
      const child = await start(settings("index"), ["migrate"]);
      await until(database.url, waitsForLock("create index concurrently%"));
      return child;
    },
    again: () => run(settings("index"), ["migrate"]),
    // The next run clears the index away and builds it.
    stopped: "tables big; invalid 1; history ; journal 0 started",
    finished: "tables big; invalid 0; history 1; journal ",
  },
  {
    name: "in a batch of a backfill",
    async reach() {
      for (const sql of numbersSql(1_000).split("; ")) await ask(database.url, sql);
      await ask(database.url, "update slowness set seconds = 60");
      const child = await start(settings("countSlowly"), ["migrate-data"]);
      await until(database.url, `${activeSql} and wait_event = 'PgSleep'`);
      inTheWay.push(() => ask(database.url, "update slowness set seconds = 0"));
      return child;
    },
    again: () => run(settings("countSlowly"), ["migrate-data"]),
    stopped: "tables numbers,slowness; invalid 0; history none; journal none",
    finished: "tables data_migrations,numbers,slowness; invalid 0; history none; journal none",
  },
];

/** The holder's heartbeat is active for a moment now and then: what is left stays active. */
async function leftActive() {
  const seen = `${activeSql} and state = 'active'`;
  let left = await ask(database.url, seen);
  for (let looks = 0; looks < 20 && left.length > 0; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const pids = left.map(({ pid }) => String(pid)).join(", ");
    left = await ask(database.url, `${seen} and pid in (${pids})`);
  }
  return left;
}

const signals = [
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const;
const times = [
  ["once", 1],
  ["twice", 2],
] as const;
/** In the short form each phase once: by one of the signals, in turn. */
const cases = phases.flatMap((phase, i) =>
  signals.flatMap(([signal, code], j) =>
    times
      .filter(([, count]) => full || (count === 1 && i % 2 === j))
      .map(([words, count]) => ({ phase, signal, code, words, count, name: phase.name })),
  ),
);

describe("a signal", { timeout: 240_000 }, () => {
  it.each(cases)("$name, $signal $words", async ({ phase, signal, code, words, count }) => {
    const name = `${phase.name}, ${signal} ${words}`;
    const child = await phase.reach();
    let from = 0;
    for (let sent = 0; sent < count; sent++) {
      from = performance.now();
      child.kill(signal);
      if (sent === 0 && count > 1) await child.said("stopping");
    }
    const ended = await child.ended;
    figures.must(`${name}: exit code`, ended.code ?? -1, code);
    const limit = count > 1 ? 1_000 : 10_000;
    figures.atMost(
      `${name}: ms from the last signal to the end`,
      Math.round(ended.at - from),
      limit,
    );
    if (count === 1) expect(ended.stderr).toContain(`error: stopped by ${signal}`);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    // After a second signal the server notices by itself that nobody is there.
    if (count === 1) {
      figures.must(`${name}: left active`, (await leftActive()).length, 0);
    }
    const look = async () =>
      figures.must(`${name}: truth`, await truth(database.url), phase.stopped);
    if (count === 1 && !phase.hidesTruth) await look();
    await clear();
    if (count === 1 && phase.hidesTruth) await look();
    figures.must(`${name}: exit code of the next run`, (await phase.again()).code ?? -1, 0);
    figures.must(`${name}: truth after it`, await truth(database.url), phase.finished);
  });
});
