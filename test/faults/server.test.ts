/** The server breaks, or the way to it: the run stops, nothing half done stays, and the next run finishes. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { figuresOf } from "./support/figures.ts";
import { startProxy } from "./support/proxy.ts";
import type { Scenario } from "./support/scenarios.ts";
import { activeSql, ask, hold, truth, until } from "./support/server.ts";
import { type ChildSettings, type Ended, type Started, start } from "./support/start.ts";

const figures = figuresOf("server faults");
const leaseMs = 1_500;

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.drop());

const settings = (scenario: Scenario, address = database.url): ChildSettings => ({
  kind: "postgres",
  address,
  scenario,
  leaseMs,
});

const lockPid =
  "select pid from pg_stat_activity where datname = current_database() and query not like '%pg_stat_activity%' and pid in (select pid from pg_locks where locktype = 'advisory' and granted and objsubid = 1 and database = (select oid from pg_database where datname = current_database()))";
const workPid = `${activeSql} and query like '%pg_sleep%'`;
const after1 = "tables one; invalid 0; history 1; journal none";
const all = "tables one,three,two; invalid 0; history 1,2,3; journal none";

async function sleeping(address?: string): Promise<Started> {
  const child = await start(settings("sleep", address), ["migrate"]);
  await until(database.url, workPid);
  return child;
}

/** Finishes what was stopped: with the same versions, but without the long sleep. */
async function again(): Promise<Ended> {
  const child = await start(settings("hold"), ["migrate"]);
  child.tell("end");
  return child.ended;
}

describe("a backend that is terminated", () => {
  it("of the lock: the run stops with lock_lost and its statement is cancelled", async () => {
    const child = await sleeping();
    const { pid } = await until(database.url, lockPid);
    const from = performance.now();
    await ask(database.url, `select pg_terminate_backend(${pid})`);
    const ended = await child.ended;
    figures.must("lock terminated: exit code", ended.code ?? -1, 1);
    expect(ended.stderr).toContain("error: repo main: the migration lock was lost");
    figures.atMost("lock terminated: ms until the end", Math.round(ended.at - from), 3_000);
    const active = await ask(database.url, activeSql);
    figures.must("lock terminated: left active on the server", active.length, 0);
    figures.must("lock terminated: truth", await truth(database.url), after1);
    expect(await again()).toMatchObject({ code: 0 });
    figures.must("lock terminated: run again", await truth(database.url), all);
  });

  it("of the work: the migration fails and leaves nothing", async () => {
    const child = await sleeping();
    const { pid } = await until(database.url, workPid);
    await ask(database.url, `select pg_terminate_backend(${pid})`);
    const ended = await child.ended;
    figures.must("work terminated: exit code", ended.code ?? -1, 1);
    expect(ended.stderr).toMatch(/error: repo main: 2_sleep failed going up/);
    figures.must("work terminated: truth", await truth(database.url), after1);
    expect(await again()).toMatchObject({ code: 0 });
    figures.must("work terminated: run again", await truth(database.url), all);
  });
});

describe("a process that is killed", () => {
  it("in a transaction: the server notices and ends its statement, and the next run goes on", async () => {
    const child = await sleeping();
    child.kill("SIGKILL");
    await child.ended;
    const from = performance.now();
    expect(await again()).toMatchObject({ code: 0 });
    figures.atMost(
      "process killed in pg_sleep(60): ms until the next run is done",
      Math.round(performance.now() - from),
      10_000,
    );
    figures.must("process killed in pg_sleep(60): run again", await truth(database.url), all);
  });
});

describe("a connection that is cut without a word", () => {
  it("while the server works: the run ends by itself, and so does its statement", async () => {
    const proxy = await startProxy(database.url);
    const child = await sleeping(proxy.url);
    proxy.cut();
    const from = performance.now();
    const ended = await child.ended;
    figures.must("cut: exit code", ended.code ?? -1, 1);
    expect(ended.stderr).toContain("error: repo main: the migration lock was lost");
    figures.atMost(
      `cut: ms until the run ends, lease ${leaseMs}`,
      Math.round(ended.at - from),
      leaseMs + 7_000,
    );
    // The server does not know yet that nobody is there any more, but the lock is free.
    await proxy.stop();
    expect(await again()).toMatchObject({ code: 0 });
    figures.must("cut: run again", await truth(database.url), all);
  });

  it("while code runs: nobody waits longer than the lease", async () => {
    const proxy = await startProxy(database.url);
    const child = await start(settings("hold", proxy.url), ["migrate"]);
    await child.said("run code: hold");
    proxy.cut();
    const from = performance.now();
    expect(await again()).toMatchObject({ code: 0 });
    figures.atMost(
      `cut in code: ms until another run is done, lease ${leaseMs}`,
      Math.round(performance.now() - from),
      leaseMs + 3_000,
    );
    const after = await truth(database.url);
    child.tell("end");
    expect(await child.ended).toMatchObject({ code: 1 });
    await proxy.stop();
    figures.must("cut in code: truth after it", await truth(database.url), after);
    expect(after).toBe(all);
  });
});

/** What ends all of the server's processes at once, without a word to anybody. */
const crashes: readonly (readonly [string, (server: PostgresServer) => Promise<void>])[] = [
  ["pg_ctl restart -m immediate", async (server) => server.restartImmediately()],
  ["one of its processes killed", crash],
];

const moments: readonly (readonly [Scenario, string])[] = [
  ["sleep", workPid],
  ["index", `${activeSql} and query ilike 'create index concurrently%'`],
];

describe.each(crashes)("a server that ends in the middle, %s", { timeout: 60_000 }, (how, end) => {
  it.each(moments)("of %s: after its restart the next run finishes", async (scenario, sight) => {
    const server = await startPostgres({ durable: true });
    const big =
      "create table big as select i as id, i::text as title from generate_series(1, 1000) i";
    await ask(server.url, big);
    const writer =
      scenario === "index"
        ? await hold(server.url, "begin; insert into big values (0, 'open')")
        : undefined;
    const child = await start(settings(scenario, server.url), ["migrate"]);
    await until(server.url, sight);
    await end(server);
    const ended = await child.ended;
    await writer?.end().catch(() => undefined);
    figures.must(`${scenario}, ${how}: exit code`, ended.code ?? -1, 1);
    await answers(server.url);
    const next = await start(settings(scenario === "sleep" ? "hold" : scenario, server.url), [
      "migrate",
    ]);
    next.tell("end");
    const done = await next.ended;
    expect(done).toMatchObject({ code: 0 });
    figures.must(
      `${scenario}, ${how}: run again`,
      await truth(server.url),
      scenario === "sleep"
        ? "tables big,one,three,two; invalid 0; history 1,2,3; journal none"
        : "tables big; invalid 0; history 1; journal ",
    );
    await server.stop();
  });
});

/** Kills one process of the server, which then kills all the others and recovers from its log, as after a loss of power. */
async function crash({ url }: PostgresServer): Promise<void> {
  const [row] = await ask(
    url,
    "select pid from pg_stat_activity where backend_type = 'checkpointer'",
  );
  process.kill(Number(row?.pid), "SIGKILL");
}

async function answers(url: string): Promise<void> {
  for (;;) {
    try {
      await ask(url, "select 1");
      return;
    } catch {
      await sleep(100);
    }
  }
}
