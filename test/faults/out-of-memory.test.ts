/** A process that is out of memory is ended by V8 in the middle of its work: as after a kill, the next run finishes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { type Ground, proveOnce } from "./support/backfill-storm.ts";
import { numbersSql } from "./support/backfills.ts";
import { figuresOf, full } from "./support/figures.ts";
import { activeSql, ask, truth, until } from "./support/server.ts";
import { type ChildSettings, type Ended, run } from "./support/start.ts";

const figures = figuresOf("out of memory");

function proveDead(name: string, dead: Ended): void {
  expect(dead.stderr).toContain("heap out of memory");
  figures.must(`${name}: ended by`, dead.signal ?? `${dead.code}`, "SIGABRT");
}

describe("on PostgreSQL", { timeout: 120_000 }, () => {
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(() => database.drop());

  const settings = (
    scenario: ChildSettings["scenario"],
    more: Partial<ChildSettings> = {},
  ): ChildSettings => ({ kind: "postgres", address: database.url, scenario, ...more });
  const quiet = () => until(database.url, `select 1 where not exists (${activeSql})`);

  it("in code of a transaction: nothing of it stays", async () => {
    proveDead("transaction", await run(settings("greedy", { greedy: true }), ["migrate"]));
    await quiet();
    const left = "tables one; invalid 0; history 1; journal none";
    figures.must("transaction: truth", await truth(database.url), left);
    const next = await run(settings("greedy"), ["migrate", "--lock-wait", "20"]);
    figures.must("transaction: exit code of the next run", next.code ?? -1, 0);
    const all = "tables one,three,two; invalid 0; history 1,2,3; journal none";
    figures.must("transaction, run again: truth", await truth(database.url), all);
  });

  it("in code outside of a transaction: what was done stays, and a person is asked", async () => {
    const alone = (more: Partial<ChildSettings> = {}) => settings("greedyAlone", more);
    proveDead("no transaction", await run(alone({ greedy: true }), ["migrate"]));
    await quiet();
    const left = "tables one,two; invalid 0; history 1; journal 0 done,1 started";
    figures.must("no transaction: truth", await truth(database.url), left);
    const asked = await run(alone(), ["migrate", "--lock-wait", "20"]);
    figures.must("no transaction: exit code of the next run", asked.code ?? -1, 4);
    expect(asked.stderr).toContain("mark main 2 again");
    for (const words of [["mark", "main", "2", "again"], ["migrate"]])
      expect(await run(alone(), words)).toMatchObject({ code: 0 });
    const all = "tables one,three,two; invalid 0; history 1,2,3; journal ";
    figures.must("no transaction, marked, run again: truth", await truth(database.url), all);
  });

  const modes = full
    ? (["greedyEach", "greedyBatch", "greedyEffect"] as const)
    : (["greedyEach"] as const);
  it.each(modes)("in the middle of a batch of a backfill: %s", async (scenario) => {
    for (const sql of numbersSql(4_000).split("; ")) await ask(database.url, sql);
    const ground: Ground = {
      settings: settings(scenario),
      query: (sql) => ask(database.url, sql),
      hurry: async () => undefined,
    };
    proveDead(scenario, await run({ ...ground.settings, greedy: true }, ["migrate-data"]));
    await quiet();
    const [half] = await ask(database.url, "select sum(n)::int as it, max(n) as most from numbers");
    figures.must(`${scenario}: rows of whole batches`, Number(half?.it), 1_000);
    figures.must(`${scenario}: changes of a row`, Number(half?.most), 1);
    const next = await run(ground.settings, ["migrate-data", "--lock-wait", "20"]);
    figures.must(`${scenario}: exit code of the next run`, next.code ?? -1, 0);
    await proveOnce(ground, figures, { name: scenario, faults: 1 });
  });
});

describe("on SQLite", { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-memory-"));
  const address = join(folder, "test.db");
  let db: DatabaseSync;
  beforeAll(() => {
    db = new DatabaseSync(address, { timeout: 60_000 });
  });
  afterAll(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const tables = () =>
    db
      .prepare(
        "select name from sqlite_master where name in ('one', 'two', 'three') order by rootpage",
      )
      .all()
      .map(({ name }) => name)
      .join();

  it("in code of a transaction: nothing of it stays, and the lock is nobody's", async () => {
    const settings = { kind: "sqlite", address, scenario: "greedy" } as const;
    proveDead("SQLite", await run({ ...settings, greedy: true }, ["migrate"]));
    figures.must("SQLite: tables", tables(), "one");
    const next = await run(settings, ["migrate", "--lock-wait", "0"]);
    figures.must("SQLite: exit code of the next run", next.code ?? -1, 0);
    figures.must("SQLite, run again: tables", tables(), "one,two,three");
  });
});
