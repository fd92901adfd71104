/** A process that stands still past its lease, as a paused virtual machine does: others go on, and it can change nothing. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { figuresOf, full } from "./support/figures.ts";
import { ask, history, truth, until } from "./support/server.ts";
import { type ChildSettings, callsIn, run, start } from "./support/start.ts";

const figures = figuresOf("freeze");
const leaseMs = 600;

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.drop());

const settings = (scenario: ChildSettings["scenario"], url = database.url): ChildSettings => ({
  kind: "postgres",
  address: url,
  scenario,
  leaseMs,
});

describe("a frozen holder", () => {
  it("in code inside its transaction: another finishes, and nothing of the first one comes after", async () => {
    const zombie = await start(settings("hold"), ["migrate"]);
    await zombie.said("run code: hold");
    zombie.kill("SIGSTOP");
    await zombie.frozen();
    const before = performance.now();
    // The other one stands in the same code, so the word is there before it begins.
    const other = await start(settings("hold"), ["migrate"]);
    other.tell("end");
    const done = await other.ended;
    figures.tell(
      "in a transaction: the other one is done after",
      `${((performance.now() - before) / 1000).toFixed(1)} s, lease ${leaseMs / 1000} s`,
    );
    expect(done).toMatchObject({ code: 0 });
    const after = await truth(database.url);
    zombie.tell("end");
    zombie.kill("SIGCONT");
    const ended = await zombie.ended;
    expect(ended.stderr).toMatch(/error: repo main: the migration lock was lost/);
    figures.must("in a transaction: exit code of the zombie", ended.code ?? -1, 1);
    figures.must("in a transaction: truth after it", await truth(database.url), after);
    expect(after).toBe("tables one,three,two; invalid 0; history 1,2,3; journal none");
  });
});

const calls = await callsOfOne();
const boundaries = Array.from({ length: calls }, (_, i) => i + 1);
const chosen = full ? boundaries : boundaries.filter((at) => [6, 9, 11, 13, 15].includes(at));

describe("frozen before any call", () => {
  const counts = { frozen: 0, late: 0, twice: 0, untrue: 0 };

  it.each(chosen)("call %i", { timeout: 60_000 }, async (freezeAt) => {
    await ask(database.url, "create table ran (version int)");
    const zombie = await start({ ...settings("freeze"), freezeAt }, ["migrate"]);
    await zombie.said(`call ${freezeAt}\n`);
    await zombie.frozen();
    counts.frozen += 1;
    await sleep(leaseMs + 100);
    expect(await run(settings("freeze"), ["migrate"])).toMatchObject({ code: 0 });
    const rows = "select string_agg(version::text, ',' order by version) as it from ran";
    const [before] = await ask(database.url, rows);
    const runs = "select string_agg(run_id, ',' order by version) as it from schema_migrations";
    const [recorded] = await ask(database.url, runs);
    zombie.kill("SIGCONT");
    await zombie.ended;
    const [after] = await ask(database.url, rows);
    if (String(after?.it) !== String(before?.it)) counts.late += 1;
    if (String((await ask(database.url, runs))[0]?.it) !== String(recorded?.it)) counts.late += 1;
    if (String(after?.it) !== "1,2,4") counts.twice += 1;
    const is = await truth(database.url);
    if (is !== "tables ran,two; invalid 0; history 1,2,3,4; journal ") counts.untrue += 1;
    expect(counts).toMatchObject({ late: 0, twice: 0, untrue: 0 });
    expect(await history(database.url)).toBe("1,2,3,4");
  });

  it("changes nothing", () => {
    figures.atLeast("calls of the work session", calls, 15);
    figures.must("frozen before calls of the work session", counts.frozen, chosen.length);
    figures.must("of these: commits by the zombie", counts.late, 0);
    figures.must("of these: a migration run twice", counts.twice, 0);
    figures.must("of these: catalog or history untrue", counts.untrue, 0);
  });
});

describe("frozen just before a statement that no transaction protects", () => {
  it("cannot send it any more: the next holder has ended its connection", async () => {
    await ask(database.url, "create table big as select 1 as id, 'one' as title");
    const zombie = await start(
      { ...settings("index"), freezeBefore: "CREATE INDEX CONCURRENTLY" },
      ["migrate"],
    );
    await until(
      database.url,
      "select 1 where exists (select from pg_class where relname = 'slipway_journal')",
    );
    await zombie.frozen();
    await sleep(leaseMs + 100);
    expect(await run(settings("index"), ["migrate"])).toMatchObject({ code: 0 });
    expect(await run(settings("index"), ["rollback", "main", "1", "--yes"])).toMatchObject({
      code: 0,
    });
    const before = await truth(database.url);
    zombie.kill("SIGCONT");
    const ended = await zombie.ended;
    await sleep(500);
    figures.must("before a concurrent build: exit code of the zombie", ended.code ?? -1, 1);
    expect(ended.stderr).toMatch(/error: repo main: the migration lock was lost/);
    const indexes = "select count(*)::int as it from pg_index where indrelid = 'big'::regclass";
    const [made] = await ask(database.url, indexes);
    figures.must("before a concurrent build: indexes made by the zombie", Number(made?.it), 0);
    figures.must("before a concurrent build: truth after it", await truth(database.url), before);
    expect(before).toBe("tables big; invalid 0; history ; journal ");
  });
});

/** How often a run that nothing disturbs calls its work session: that many moments there are to freeze it. */
async function callsOfOne(): Promise<number> {
  const { url, drop } = await freshDatabase();
  await ask(url, "create table ran (version int)");
  const { code, stdout } = await run({ ...settings("freeze", url), freezeAt: 0 }, ["migrate"]);
  expect(code).toBe(0);
  await drop();
  return callsIn(stdout);
}
