/** Something was interrupted that no catalog can tell about: the next run asks, and `mark` answers. */
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { figuresOf } from "./support/figures.ts";
import type { Scenario } from "./support/scenarios.ts";
import { activeSql, ask, hold, truth, until } from "./support/server.ts";
import { type ChildSettings, run, start } from "./support/start.ts";

const figures = figuresOf("interrupted");

let database: FreshDatabase;
let writer: pg.Client | undefined;
beforeEach(async () => {
  database = await freshDatabase();
  await ask(database.url, "create table big as select 1 as id, 'one' as title");
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

const indexes = async () => {
  const [row] = await ask(
    database.url,
    "select count(*)::int as it from pg_index where indrelid = 'big'::regclass",
  );
  return Number(row?.it);
};

/** Kills the process in the middle of a build without a name, and lets the server come to its end. */
async function interruptedBuild(server: "finishes" | "is stopped too"): Promise<void> {
  writer = await hold(database.url, "begin; insert into big values (0, 'open')");
  const child = await start(settings("unknown"), ["migrate"]);
  const { pid } = await until(
    database.url,
    `${activeSql} and query ilike 'create index concurrently%' and wait_event_type = 'Lock'`,
  );
  child.kill("SIGKILL");
  await child.ended;
  if (server === "is stopped too") await ask(database.url, `select pg_terminate_backend(${pid})`);
  await writer.query("commit");
  await until(
    database.url,
    `select 1 where not exists (select from pg_stat_activity where pid = ${pid})`,
  );
}

/** It says what it runs a moment before the journal does. */
async function announced(): Promise<void> {
  await until(database.url, "select 1 from pg_class where relname = 'slipway_journal'");
  await until(database.url, "select 1 from slipway_journal where state = 'started'");
}

async function refuses(scenario: Scenario, version: string): Promise<void> {
  const refused = await run(settings(scenario), ["migrate"]);
  figures.must(`${scenario}: exit code of the next run`, refused.code ?? -1, 4);
  expect(refused.stderr).toContain("nobody but its author can tell whether that had its effect");
  expect(refused.stderr).toContain(`app mark main ${version} done`);
  expect(refused.stderr).toContain(`app mark main ${version} again`);
}

describe("a statement without a probe", () => {
  it("that had its effect is marked done, and not run again", async () => {
    await interruptedBuild("finishes");
    await refuses("unknown", "1");
    expect(await run(settings("unknown"), ["mark", "main", "1", "done"])).toMatchObject({
      code: 0,
    });
    expect(await run(settings("unknown"), ["migrate"])).toMatchObject({ code: 0 });
    figures.must("mark done: indexes", await indexes(), 1);
    figures.must(
      "mark done: truth",
      await truth(database.url),
      "tables big,one,three; invalid 0; history 1; journal ",
    );
    const nothing = await run(settings("unknown"), ["mark", "main", "1", "done"]);
    expect(nothing).toMatchObject({ code: 2 });
  });

  it("that had none is run again", async () => {
    await interruptedBuild("is stopped too");
    await refuses("unknown", "1");
    await ask(database.url, "drop index big_title_idx");
    expect(await run(settings("unknown"), ["mark", "main", "1", "again"])).toMatchObject({
      code: 0,
    });
    expect(await run(settings("unknown"), ["migrate"])).toMatchObject({ code: 0 });
    figures.must("mark again: indexes", await indexes(), 1);
    figures.must(
      "mark again: truth",
      await truth(database.url),
      "tables big,one,three; invalid 0; history 1; journal ",
    );
  });
});

describe("code outside of a transaction", () => {
  it.each([
    ["done", false],
    ["again", true],
  ] as const)("that is marked %s", async (as, runs) => {
    const child = await start(settings("code"), ["migrate"]);
    await announced();
    child.kill("SIGKILL");
    await child.ended;
    await refuses("code", "1");
    expect(await run(settings("code"), ["mark", "main", "1", as])).toMatchObject({ code: 0 });
    const next = await start(settings("code"), ["migrate"]);
    next.tell("end");
    const { code, stderr } = await next.ended;
    expect(code).toBe(0);
    expect(stderr.includes("run code: hold (done before)")).toBe(!runs);
    figures.must(
      `code, mark ${as}: truth`,
      await truth(database.url),
      "tables big,one,two; invalid 0; history 1,2; journal ",
    );
  });
});
