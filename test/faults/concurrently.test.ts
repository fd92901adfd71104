/** Indexes that are built concurrently, with many waiting, and with the process or the statement killed in the middle. */
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { figuresOf, full } from "./support/figures.ts";
import type { Scenario } from "./support/scenarios.ts";
import { activeSql, ask, hold, truth, until } from "./support/server.ts";
import { type ChildSettings, run, type Started, start } from "./support/start.ts";

const figures = figuresOf("concurrently");

let database: FreshDatabase;
let writer: pg.Client | undefined;
beforeEach(async () => {
  database = await freshDatabase();
  await ask(
    database.url,
    "create table big as select i as id, i::text as title from generate_series(1, 20000) i",
  );
});
afterEach(async () => {
  await writer?.end();
  writer = undefined;
  await database.drop();
});

const settings = (scenario: Scenario): ChildSettings => ({
  kind: "postgres",
  address: database.url,
  scenario,
});

/** A transaction that a concurrent build waits for. */
async function openWriter(): Promise<pg.Client> {
  writer = await hold(database.url, "begin; insert into big values (0, 'open')");
  return writer;
}

const building = `${activeSql} and query ilike 'create index concurrently%' and wait_event_type = 'Lock'`;
const built = "tables big; invalid 0; history 1; journal ";

/** Starts one and waits until the server waits in the middle of the build. */
async function startBuilding(scenario: Scenario): Promise<Started> {
  await openWriter();
  const child = await start(settings(scenario), ["migrate"]);
  await until(database.url, building);
  return child;
}

describe("an index built concurrently", () => {
  const waiting = full ? 50 : 20;

  it(`with ${waiting} processes waiting`, { timeout: 120_000 }, async () => {
    const [first] = await ask(
      database.url,
      "select deadlocks::int from pg_stat_database where datname = current_database()",
    );
    const builder = await startBuilding("index");
    const others = await Promise.all(
      Array.from({ length: waiting }, () => start(settings("index"), ["migrate"])),
    );
    await Promise.all(others.map((other) => other.said("waiting for the migration lock")));
    await writer?.query("commit");
    const [done, ...rest] = await Promise.all([builder, ...others].map((child) => child.ended));
    expect(done).toMatchObject({ code: 0 });
    const failed = rest.filter(({ code }) => code !== 0);
    expect(failed).toEqual([]);
    const idle = rest.filter(({ stderr }) => stderr.includes("Migrations already up"));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const [last] = await ask(
      database.url,
      "select deadlocks::int from pg_stat_database where datname = current_database()",
    );
    figures.must(
      `${waiting} waiting: deadlocks`,
      Number(last?.deadlocks) - Number(first?.deadlocks),
      0,
    );
    figures.must(`${waiting} waiting: failed`, failed.length, 0);
    figures.must(`${waiting} waiting: had nothing to do`, idle.length, waiting);
    figures.must(`${waiting} waiting: truth`, await truth(database.url), built);
  });
});

describe.each(["index", "indexSql"] as const)("a concurrent build of %s", (scenario) => {
  it("whose process is killed goes on at the server, which the next run says and waits for", async () => {
    const child = await startBuilding(scenario);
    child.kill("SIGKILL");
    expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
    const next = await start(settings(scenario), ["migrate"]);
    await next.said("the server still works for a run that was stopped");
    await writer?.query("commit");
    expect(await next.ended).toMatchObject({ code: 0 });
    figures.must(`${scenario}: process killed, run again`, await truth(database.url), built);
  });

  it("whose process and server process are killed leaves an index that the next run builds again", async () => {
    const child = await startBuilding(scenario);
    const { pid } = await until(database.url, building);
    child.kill("SIGKILL");
    await child.ended;
    await ask(database.url, `select pg_terminate_backend(${pid})`);
    await writer?.query("commit");
    expect(await truth(database.url)).toMatch(/invalid 1/);
    const next = await run(settings(scenario), ["migrate"]);
    expect(next).toMatchObject({ code: 0 });
    expect(next.stderr).toContain("clear away what the interrupted run left of:");
    figures.must(`${scenario}: both killed, run again`, await truth(database.url), built);
  });

  it("that SIGTERM stops is cancelled on the server, and built by the next run", async () => {
    const child = await startBuilding(scenario);
    const from = performance.now();
    child.kill("SIGTERM");
    const ended = await child.ended;
    const tookMs = ended.at - from;
    expect(await ask(database.url, activeSql)).toEqual([]);
    await writer?.query("commit");
    figures.must(`${scenario}: SIGTERM, exit code`, ended.code ?? -1, 143);
    figures.atMost(`${scenario}: SIGTERM, ms until the end`, Math.round(tookMs), 10_000);
    const next = await run(settings(scenario), ["migrate"]);
    expect(next).toMatchObject({ code: 0 });
    figures.must(`${scenario}: SIGTERM, run again`, await truth(database.url), built);
  });
});
