/** Patroni changes the leader in a migration, a rollback, a concurrent build and a backfill; directly, and through a PgBouncer that follows it. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { startPatroni } from "../support/patroni.ts";
import { finished } from "./support/backfill-storm.ts";
import { type BackfillScenario, numbersSql } from "./support/backfills.ts";
import { figuresOf, full, progress } from "./support/figures.ts";
import type { Scenario } from "./support/scenarios.ts";
import { activeSql, ask, hold, truth, until } from "./support/server.ts";
import { type ChildSettings, callsIn, run, start } from "./support/start.ts";

const figures = figuresOf("Patroni, at work");
const cluster = full ? await startPatroni() : undefined;
const pooler = await cluster?.startPooler();
afterAll(async () => {
  await pooler?.stop();
  await cluster?.stop();
});
if (cluster === undefined)
  figures.tell("Patroni", full ? "not done: it is not installed" : "only in the full form");

const ways = [
  ["both hosts", cluster?.address],
  ["PgBouncer", pooler?.url],
] as const;
let rounds = 0;

describe.skipIf(cluster === undefined).each(ways)("%s", { timeout: 1_200_000 }, (way, address) => {
  /** A database of its own, on the leader that is there when it asks. */
  async function freshAt(setup: readonly string[]) {
    await cluster!.isWhole();
    rounds += 1;
    const name = `work_${rounds}`;
    const at = (url: string) => url.replace(/\/postgres$/, `/${name}`);
    await ask(await cluster!.leader(), `create database ${name}`);
    const here = async () => at(await cluster!.leader());
    for (const sql of setup) await ask(await here(), sql);
    const settings = (scenario: Scenario | BackfillScenario): ChildSettings => ({
      kind: "postgres",
      address: at(address ?? ""),
      scenario,
    });
    return { here, settings };
  }

  async function change(index: number): Promise<string> {
    const isCrash = index % 3 === 2;
    await (isCrash ? cluster!.crash() : cluster!.switchOver());
    return isCrash ? "crash" : "switchover";
  }

  const runs = [
    ["migration", ["migrate"], "tables ran,two; invalid 0; history 1,2,3,4; journal ; ran 1,2,4"],
    [
      "rollback",
      ["rollback", "main", "1", "--yes"],
      "tables ran; invalid 0; history ; journal ; ran null",
    ],
  ] as const;

  it.each(runs)("in the middle of a %s", async (word, argv, wanted) => {
    const times = 9;
    const found = { repairs: 0, wrong: [] as string[] };
    let calls = 0;
    for (let i = 0; i <= times; i++) {
      const { here, settings } = await freshAt(["create table ran (version int)"]);
      const plain = settings("freezeBack");
      if (word === "rollback") expect(await run(plain, ["migrate"])).toMatchObject({ code: 0 });
      if (i === 0) {
        const whole = await run({ ...plain, freezeAt: 0 }, argv);
        expect(whole).toMatchObject({ code: 0 });
        calls = callsIn(whole.stdout);
        continue;
      }
      const freezeAt = 1 + Math.floor(((i - 0.5) * calls) / times);
      const child = await start({ ...plain, freezeAt }, argv);
      await child.frozen();
      const how = await change(i - 1);
      child.kill("SIGCONT");
      const first = await child.ended;
      const next = await run(plain, argv);
      if (next.code !== 0) found.repairs += 1;
      const url = await here();
      const [ran] = await ask(
        url,
        "select string_agg(version::text, ',' order by version) as it from ran",
      );
      const is = `${await truth(url)}; ran ${ran?.it}`;
      if (is !== wanted) found.wrong.push(`call ${freezeAt}: ${is}: ${next.stderr}`);
      progress(`${way}, ${word} ${i}, ${how}: call ${freezeAt}: ${first.code}, ${next.code}`);
    }
    expect(found.wrong).toEqual([]);
    const name = `${way}: ${times} changes of the leader in a ${word}`;
    figures.must(`${name}: untrue histories`, found.wrong.length, 0);
    figures.must(`${name}: manual repairs`, found.repairs, 0);
  });

  it("in the middle of a concurrent build", async () => {
    const times = 6;
    const found = { repairs: 0, wrong: [] as string[] };
    for (let i = 0; i < times; i++) {
      const { here, settings } = await freshAt([
        "create table big as select i as id, i::text as title from generate_series(1, 20000) i",
      ]);
      const url = await here();
      const writer = await hold(url, "begin; insert into big values (0, 'open')");
      const child = await start(settings("index"), ["migrate"]);
      const building = activeSql.replace("application_name like 'slipway%' and", "");
      await until(
        url,
        `${building} and query ilike 'create index concurrently%' and wait_event_type = 'Lock'`,
      );
      const how = await change(i);
      await writer.end().catch(() => undefined);
      const first = await child.ended;
      const next = await run(settings("index"), ["migrate"]);
      if (next.code !== 0) found.repairs += 1;
      const is = await truth(await here());
      if (is !== "tables big; invalid 0; history 1; journal ") found.wrong.push(`${how}: ${is}`);
      progress(`${way}, build ${i + 1}, ${how}: ${first.code}, ${next.code}`);
    }
    expect(found.wrong).toEqual([]);
    const name = `${way}: ${times} changes of the leader in a build`;
    figures.must(`${name}: untrue histories`, found.wrong.length, 0);
    figures.must(`${name}: manual repairs`, found.repairs, 0);
  });

  it("in the middle of a backfill, which continues by itself", async () => {
    const times = 3;
    const { here, settings } = await freshAt(numbersSql(60_000).split(";"));
    await ask(await here(), "update slowness set seconds = 0.5");
    const children = [
      await start(settings("count"), ["migrate-data"]),
      await start(settings("count"), ["migrate-data"]),
    ];
    for (let i = 0; i < times; i++) {
      const moved = `select 1 from slipway_backfill_ranges having sum(batches) > ${i * 6}`;
      while ((await ask(await here(), moved).catch(() => [])).length === 0) await sleep(50);
      await cluster!.isWhole();
      progress(`${way}, backfill ${i + 1}: ${await change(i)}`);
    }
    const [left] = await ask(await here(), "select count(*)::int as it from numbers where n = 0");
    await ask(await here(), "update slowness set seconds = 0");
    const ends = await finished(children);
    const name = `${way}: ${times} changes of the leader in a backfill`;
    figures.atLeast(`${name}: rows left after the last`, Number(left?.it), 1);
    figures.must(`${name}: exit codes`, ends.map(({ code }) => code).join(" "), "0 0");
    const [row] = await ask(
      await here(),
      "select count(*) filter (where n = 0)::int as missed, count(*) filter (where n > 1)::int as twice from numbers",
    );
    figures.must(`${name}: rows missed`, Number(row?.missed), 0);
    figures.must(`${name}: rows changed twice`, Number(row?.twice), 0);
  });
});
