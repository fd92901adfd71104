/** SIGTERM and SIGINT while the server works: cancelled there, rolled back, released. */
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { figuresOf } from "./support/figures.ts";
import type { Scenario } from "./support/scenarios.ts";
import { activeSql, ask, hold, truth, until } from "./support/server.ts";
import { type ChildSettings, start } from "./support/start.ts";

const figures = figuresOf("signals");

let database: FreshDatabase;
let other: pg.Client;
beforeEach(async () => {
  database = await freshDatabase();
  await ask(database.url, "create table big (id int, title text)");
  other = await hold(database.url, "begin; select * from big");
});
afterEach(async () => {
  await other.end();
  await database.drop();
});

const settings = (scenario: Scenario): ChildSettings => ({
  kind: "postgres",
  address: database.url,
  scenario,
});

/** What the server does when the signal comes, and what is true afterwards. */
const cases: readonly (readonly [string, Scenario, string, string])[] = [
  [
    "in pg_sleep",
    "sleep",
    "query like '%pg_sleep%'",
    "tables big,one; invalid 0; history 1; journal none",
  ],
  [
    "in an ALTER TABLE that waits",
    "alter",
    "query like '%ALTER TABLE%' and wait_event_type = 'Lock'",
    "tables big; invalid 0; history ; journal none",
  ],
  [
    "in code of a transaction",
    "hold",
    "state = 'idle in transaction' and query not like '%pg_try%' and query not like 'SELECT 1' and query not like 'SHOW %'",
    "tables big,one; invalid 0; history 1; journal none",
  ],
];

describe.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const)("%s", (signal, code) => {
  it.each(cases)("%s", async (what, scenario, sight, expected) => {
    const child = await start(settings(scenario), ["migrate"]);
    if (scenario === "hold") await child.said("run code: hold");
    else await until(database.url, `${activeSql} and ${sight}`);
    const from = performance.now();
    child.kill(signal);
    // Code cannot be cancelled; the next thing that it asks of the database is.
    if (scenario === "hold") {
      await child.said("stopping");
      child.tell("end");
    }
    const ended = await child.ended;
    figures.atMost(`${signal} ${what}: ms until the end`, Math.round(ended.at - from), 5_000);
    figures.must(`${signal} ${what}: exit code`, ended.code ?? -1, code);
    expect(ended.stderr).toContain(`error: stopped by ${signal}`);
    figures.must(
      `${signal} ${what}: left active on the server`,
      (await ask(database.url, activeSql)).length,
      0,
    );
    figures.must(`${signal} ${what}: truth`, await truth(database.url), expected);
    const again = await start(settings(scenario), ["migrate", "--lock-wait", "0"]);
    again.kill("SIGTERM");
    expect((await again.ended).stderr).not.toContain("lock is held");
  });

  it("twice ends at once", async () => {
    const child = await start(settings("hold"), ["migrate"]);
    await child.said("run code: hold");
    const from = performance.now();
    child.kill(signal);
    await child.said("stopping");
    child.kill(signal);
    const ended = await child.ended;
    figures.must(`${signal} twice: exit code`, ended.code ?? -1, code);
    figures.atMost(`${signal} twice: ms until the end`, Math.round(ended.at - from), 1_000);
  });

  it("between two statements: the next one is not begun", async () => {
    const child = await start(settings("code"), ["migrate"]);
    await child.said("run code: hold");
    child.kill(signal);
    await child.said("stopping");
    child.tell("end");
    const ended = await child.ended;
    expect(ended).toMatchObject({ code });
    expect(await truth(database.url)).toMatch(/tables big,one; invalid 0; history (1)?;/);
  });
});
