/** A primary that fails in the middle of a run, and the standby that takes its place. The address names both. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { type BackfillScenario, numbersSql } from "./support/backfills.ts";
import { figuresOf, full, progress } from "./support/figures.ts";
import type { Scenario } from "./support/scenarios.ts";
import { ask, truth, until } from "./support/server.ts";
import { type ChildSettings, callsIn, run, start } from "./support/start.ts";

const figures = figuresOf("failover");
const modes = full ? (["sync", "async"] as const) : (["sync"] as const);

type Pair = {
  /** With both hosts. */
  readonly address: string;
  readonly standby: string;
  /** The primary is gone as in a crash, and the standby takes its place. */
  failOver(): Promise<void>;
  stop(): Promise<void>;
};

async function startPair(mode: "sync" | "async", setup: readonly string[]): Promise<Pair> {
  const primary = await startPostgres({ settings: { synchronous_commit: "on" } });
  const standby = await primary.startReplica();
  for (const sql of setup) await ask(primary.url, sql);
  await until(primary.url, "select 1 from pg_stat_replication where state = 'streaming'");
  if (mode === "sync") {
    await ask(primary.url, "alter system set synchronous_standby_names = 'replica'");
    await ask(primary.url, "select pg_reload_conf()");
    await until(primary.url, "select 1 from pg_stat_replication where sync_state = 'sync'");
  }
  const { port } = new URL(standby.url);
  const address = primary.url.replace(/(127\.0\.0\.1:\d+)/, `$1,127.0.0.1:${port}`);
  return {
    address,
    standby: standby.url,
    failOver: async () => {
      const [row] = await ask(primary.url, "show data_directory");
      const file = readFileSync(join(String(row?.data_directory), "postmaster.pid"), "utf8");
      process.kill(Number(file.split("\n")[0]), "SIGQUIT");
      while (await answers(primary.url)) await sleep(10);
      await ask(standby.url, "select pg_promote()");
    },
    stop: async () => {
      await primary.stop();
      await standby.stop();
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return ask(url, "select 1").then(
    () => true,
    () => false,
  );
}

/** How many in each mode. */
const both = [
  {
    word: "migration",
    times: full ? 15 : 1,
    argv: ["migrate"],
    wanted: "tables ran,two; invalid 0; history 1,2,3,4; journal ; ran 1,2,4",
  },
  {
    word: "rollback",
    times: 8,
    argv: ["rollback", "main", "1", "--yes"],
    wanted: "tables ran; invalid 0; history ; journal ; ran null",
  },
];
const runs = full ? both : both.slice(0, 1);

describe.each(modes)("a failover, %s", { timeout: full ? 3_600_000 : 120_000 }, (mode) => {
  it.each(runs)("in the middle of a $word, $times times", async ({ word, times, argv, wanted }) => {
    const found = { repairs: 0, wrong: [] as string[] };
    const calls = await callsOfOne(argv);
    for (let i = 0; i < times; i++) {
      const freezeAt = 1 + Math.floor(((i + 0.5) * calls) / times);
      const pair = await startPair(mode, ["create table ran (version int)"]);
      try {
        const settings = settingsOf(pair, "freezeBack");
        if (word === "rollback")
          expect(await run(settings, ["migrate"])).toMatchObject({ code: 0 });
        const child = await start({ ...settings, freezeAt }, argv);
        await child.frozen();
        await pair.failOver();
        child.kill("SIGCONT");
        const first = await child.ended;
        const next = await run(settings, argv);
        if (next.code !== 0) found.repairs += 1;
        const [ran] = await ask(
          pair.standby,
          "select string_agg(version::text, ',' order by version) as it from ran",
        );
        const is = `${await truth(pair.standby)}; ran ${ran?.it}`;
        if (is !== wanted) found.wrong.push(`call ${freezeAt}: ${is}: ${next.stderr}`);
        progress(
          `${mode}, ${word} ${i + 1}: call ${freezeAt}, exit codes ${first.code} and ${next.code}`,
        );
      } finally {
        await pair.stop();
      }
    }
    expect(found.wrong).toEqual([]);
    const name = `${mode}, ${times} failovers in a ${word}`;
    figures.must(`${name}: untrue histories`, found.wrong.length, 0);
    figures.must(`${name}: manual repairs`, found.repairs, 0);
  });

  it.runIf(full)("in the middle of a backfill, which goes on by itself", async () => {
    const rows = 20_000;
    const pair = await startPair(
      mode,
      numbersSql(rows)
        .split(";")
        .filter((sql) => sql.trim() !== ""),
    );
    try {
      const child = await start(settingsOf(pair, "count"), ["migrate-data"]);
      await until(
        pair.address.replace(/,127\.0\.0\.1:\d+/, ""),
        "select 1 from numbers where n > 0 limit 1",
      );
      await pair.failOver();
      await ask(pair.standby, "update slowness set seconds = 0").catch(() => undefined);
      const ended = await child.ended;
      figures.must(`${mode}, a backfill: exit code`, ended.code ?? -1, 0);
      const [row] = await ask(
        pair.standby,
        "select count(*) filter (where n = 0)::int as missed, count(*) filter (where n > 1)::int as twice from numbers",
      );
      figures.must(`${mode}, a backfill: rows missed`, Number(row?.missed), 0);
      figures.must(`${mode}, a backfill: rows changed twice`, Number(row?.twice), 0);
    } finally {
      await pair.stop();
    }
  });
});

function settingsOf({ address }: Pair, scenario: Scenario | BackfillScenario): ChildSettings {
  return { kind: "postgres", address, scenario };
}

/** How often a run that nothing stops calls its work session. */
async function callsOfOne(argv: readonly string[]): Promise<number> {
  const database = await freshDatabase();
  await ask(database.url, "create table ran (version int)");
  const settings = { kind: "postgres", address: database.url, scenario: "freezeBack" } as const;
  if (argv[0] === "rollback") expect(await run(settings, ["migrate"])).toMatchObject({ code: 0 });
  const { code, stdout } = await run({ ...settings, freezeAt: 0 }, argv);
  expect(code).toBe(0);
  await database.drop();
  return callsIn(stdout);
}
