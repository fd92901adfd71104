/** Looking at backfills and steering them, from code and from the command line. */

import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { backfillState } from "../../src/core/backfill/state-words.ts";
import { defineBackfill, sql } from "../../src/index.ts";
import { makeProject, pgliteRelease } from "../cli/project.ts";
import { describeOn, refusal, releaseOn } from "../conformance/support/release.ts";
import type { TestDatabase } from "../support/databases.ts";
import { makePgliteFolder } from "../support/pglite.ts";

async function numbers(database: TestDatabase, count = 1000): Promise<void> {
  await database.query("create table numbers (id integer primary key, n integer not null)");
  await database.query(
    `insert into numbers with recursive s(g) as (select 1 union all select g + 1 from s where g < ${count}) select g, 0 from s`,
  );
}

function run(database: TestDatabase, more: object = {}) {
  const base = {
    table: "numbers",
    key: "id",
    set: { n: sql`n + 1` },
    maxBatchSize: 50,
    batchSize: 50,
  };
  const backfill = defineBackfill({ ...base, ...more } as never);
  return releaseOn(database, {}, { dataMigrations: { "1_change": backfill } });
}

async function changed(database: TestDatabase): Promise<number> {
  const [row] = await database.query("select count(*) as n from numbers where n = 1");
  return Number(row?.n);
}

describeOn(["pglite", "sqlite", "postgres"], (database) => {
  it("shows what was begun, pauses it, and lets it go on", async () => {
    await numbers(database());
    const { release } = run(database(), { pauseMs: 20 });
    expect(await release.backfills.list()).toEqual([]);
    expect((await refusal(release.backfills.show(1))).code).toBe("backfill_unknown");
    await release.migrateData({ forMs: 50 });
    const [listed] = await release.backfills.list();
    expect(listed).toMatchObject({ repo: "main", version: "1", name: "change", state: "running" });
    expect(listed?.rowsSeen).toBeGreaterThan(0);
    expect(listed?.rowsSeen).toBe(await changed(database()));

    expect((await release.backfills.pause(1)).state).toBe("paused");
    expect(await refusal(release.migrateData())).toMatchObject({
      code: "backfill_stopped",
      message: "repo main: 1_change is paused",
      hint: "Continue with: slipway backfill resume 1",
    });
    expect((await release.backfills.resume(1)).state).toBe("running");
    await release.backfills.set(1, { pauseMs: 0, maxBatchSize: 500 });
    await release.migrateData();
    const done = await release.backfills.show(1);
    expect(done).toMatchObject({ state: "finished", rowsSeen: 1000, rangesOpen: 0, dead: [] });
    expect(done.pace).toEqual({ pauseMs: 0, maxBatchSize: 500 });
    expect(await changed(database())).toBe(1000);
    expect((await release.backfills.pause(1)).state).toBe("finished");
  });

  it("the events know who told it what, from where, and how long it took by itself", async () => {
    await numbers(database());
    const { release } = run(database(), { pauseMs: 20 });
    const anna = release.using({ user: "anna", host: "bastion" });
    await anna.migrateData({ forMs: 50 });
    await anna.backfills.pause(1);
    await anna.backfills.resume(1);
    await anna.backfills.set(1, { pauseMs: 0, maxBatchSize: 500 });
    await anna.backfills.cancel(1);
    await anna.backfills.restart(1);
    const started = performance.now();
    await anna.migrateData();
    const tookMs = performance.now() - started;
    const [main] = await release.history();
    expect(
      main?.events.map(({ version, name, result, user, host }) => ({
        version,
        name,
        result,
        user,
        host,
      })),
    ).toEqual(
      ["applied", "restarted", "cancelled", "set", "resumed", "paused"].map((result) => ({
        ...{ version: "1", name: "change", result },
        ...{ user: "anna", host: "bastion" },
      })),
    );
    expect(main?.events[3]?.reason).toBe('{"pauseMs":0,"maxBatchSize":500}');
    const durationMs = main?.events[0]?.durationMs ?? 0;
    // Of the run that came to the end, and not of those before it.
    expect(durationMs).toBeGreaterThan(0);
    expect(durationMs).toBeLessThan(tookMs + 50);
  });

  it("one on which nobody works says so, and notices of our own work are hidden", async () => {
    await numbers(database());
    const { release, lines } = run(database(), { pauseMs: 20 });
    await release.migrateData({ forMs: 50 });
    expect((await release.backfills.show(1)).abandoned).toBeUndefined();
    const silent = "update slipway_backfill_ranges set updated_ms = updated_ms - 40000";
    await database().query(silent);
    const shown = await release.backfills.show(1);
    expect(shown.abandoned).toBe(true);
    expect(backfillState(shown)).toMatch(/^running, no worker for 4\d s$/);
    const [status] = await release.migrationStatus({ data: true });
    expect(status?.backfills?.[0]?.abandoned).toBe(true);
    const resting = run(database(), { pauseMs: 60_000 });
    const stop = new AbortController();
    const before = await changed(database());
    const working = refusal(resting.release.using({ signal: stop.signal }).migrateData());
    await vi.waitUntil(async () => (await changed(database())) > before, { timeout: 10_000 });
    await database().query(silent);
    const rested = await release.backfills.show(1);
    expect(rested.abandoned).toBeUndefined();
    expect(backfillState(rested)).toMatch(/^running, no batch for 4\d s$/);
    stop.abort("SIGTERM");
    expect((await working).code).toBe("interrupted");
    await database().query(silent);
    expect((await release.backfills.show(1)).abandoned).toBe(true);
    await release.backfills.restart(1);
    expect(lines.join("\n")).not.toContain("skipping");
  });

  it("a running worker stops when it is paused", async () => {
    await numbers(database());
    const { release } = run(database(), { pauseMs: 20, parallel: 1 });
    const running = refusal(release.migrateData());
    await begun(() => release.backfills.list());
    await release.backfills.pause(1);
    const before = await changed(database());
    expect((await running).code).toBe("backfill_stopped");
    expect(await changed(database())).toBe(before);
    expect(before).toBeLessThan(1000);
  });

  it("a cancelled one does not go on by itself", async () => {
    await numbers(database());
    const { release } = run(database(), { pauseMs: 20 });
    await release.migrateData({ forMs: 30 });
    await release.backfills.cancel(1);
    expect((await refusal(release.migrateData())).message).toBe("repo main: 1_change is cancelled");
  });

  it("begins from the first row when it is told to, and only while it is not finished", async () => {
    await numbers(database());
    const slow = run(database(), { pauseMs: 20, snapshot: true }).release;
    await slow.migrateData({ forMs: 30 });
    const before = await changed(database());
    await slow.backfills.cancel(1);
    expect((await slow.backfills.restart(1)).rowsSeen).toBe(before);
    expect(await slow.backfills.list()).toEqual([]);
    await slow.migrateData();
    const [row] = await database().query("select sum(n) as n from numbers");
    expect(Number(row?.n)).toBe(1000 + before);
    expect(await refusal(slow.backfills.restart(1))).toMatchObject({
      code: "backfill_refused",
      hint: "Undo it first: slipway rollback main 1 --data",
    });
  });

  it("a worker stops when it is begun from the first row elsewhere", async () => {
    await numbers(database());
    const { release } = run(database(), { pauseMs: 20 });
    const running = refusal(release.migrateData());
    await begun(() => release.backfills.list());
    await release.backfills.restart(1);
    expect((await running).code).toBe("backfill_stopped");
  });

  it("takes no other table, key or snapshot while it runs, accepted or not", async () => {
    await numbers(database());
    await database().query("create unique index by_n on numbers (n, id)");
    await run(database(), { pauseMs: 20 }).release.migrateData({ forMs: 30 });
    const before = await changed(database());
    for (const other of [{ key: ["n", "id"] }, { snapshot: true }]) {
      const { release } = run(database(), other);
      expect(await refusal(release.migrateData({ acceptChanged: true }))).toMatchObject({
        code: "backfill_refused",
        message: "repo main: 1_change cannot run: it was begun with another table, key or snapshot",
      });
    }
    expect(await changed(database())).toBe(before);
  });

  it.each<[object, string]>([
    [{ parallel: 0 }, "its parallel is not a whole number from 1"],
    [{ pauseMs: Number.NaN }, "its pauseMs is not a whole number from 0"],
    [{ speed: 9 }, "a pace has no speed"],
    [{ throttle: { slotBytes: -1 } }, "throttle.slotBytes is not a number from 0"],
  ])("refuses the pace %j", async (pace, message) => {
    await numbers(database());
    const { release } = run(database(), { pauseMs: 20 });
    await release.migrateData({ forMs: 30 });
    expect((await refusal(release.backfills.set(1, pace))).message).toBe(message);
    expect((await release.backfills.show(1)).pace).toEqual({});
  });

  it("rows that failed are tried again when the cause is gone", async () => {
    await numbers(database(), 100);
    let bad = [3, 50];
    const each = ({ id }: Record<string, unknown>) => {
      if (bad.includes(Number(id))) throw new Error(`bad ${String(id)}`);
      return { n: 1 };
    };
    const { release } = run(database(), { set: undefined, each });
    expect((await refusal(release.migrateData())).hint).toBe(
      "Look at the rows with: slipway backfill show 1. Fix the cause, then run: slipway backfill retry-dead 1",
    );
    const { dead } = await release.backfills.show(1);
    expect(dead.map(({ key, error }) => [key[0], error]).toSorted()).toEqual([
      ["3", "bad 3"],
      ["50", "bad 50"],
    ]);
    bad = [50];
    expect((await refusal(release.backfills.retryDead(1))).code).toBe("backfill_failed");
    expect((await release.backfills.show(1)).dead).toMatchObject([{ key: ["50"], attempts: 2 }]);
    const accepted = await release.backfills.retryDead(1, { accept: true });
    expect(accepted.migrations.map(({ version }) => version)).toEqual(["1"]);
    expect(await changed(database())).toBe(99);
    expect((await release.backfills.retryDead(1)).migrations).toEqual([]);
  });

  it("a rehearsal does a batch and leaves nothing of it", async () => {
    await numbers(database());
    const { release } = run(database());
    const rehearsal = await release.backfills.rehearse(1);
    expect(rehearsal).toMatchObject({
      repo: "main",
      batches: [{ rows: 50, changed: 50, failed: [] }],
    });
    expect(rehearsal.expectedMs).toBeGreaterThan(0);
    expect(await database().tables()).toEqual(["numbers"]);
    expect(await changed(database())).toBe(0);
  });

  it.each<[string, object, RegExp]>([
    [
      "a query",
      { sql: sql`select 'the queue is long'` },
      /^the throttle's query says the queue is long$/,
    ],
    ["a function", { check: () => "not now" }, /^not now$/],
    [
      "a signal that cannot be read",
      { sql: sql`select missing` },
      /^throttle\.sql cannot be read: /,
    ],
  ])("holds because of %s, and says so", async (_, throttle, reason) => {
    await numbers(database(), 100);
    const { release, events } = run(database(), { throttle });
    const [held] = await release.migrateData({ forMs: 300 });
    expect(held?.resume).toEqual({ version: "1", name: "change" });
    expect(events.find((event) => event.type === "backfill_held")).toMatchObject({
      reason: expect.stringMatching(reason),
    });
    expect(await changed(database())).toBe(0);
    await release.backfills.set(1, { throttle: null });
    await release.migrateData();
    expect(await changed(database())).toBe(100);
  });
});

async function begun(list: () => Promise<readonly { readonly rowsSeen: number }[]>): Promise<void> {
  for (;;) {
    const [one] = await list();
    if (one !== undefined && one.rowsSeen > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const project = makeProject({
  "release.ts": pgliteRelease,
  "db/main/migrations/1_numbers.sql":
    "create table numbers (id integer primary key, n integer not null);\ninsert into numbers select g, 0 from generate_series(1, 500) g;\n",
  "db/main/data_migrations/2_change.ts": `import { defineBackfill, sql } from "slipway";
export default defineBackfill({ table: "numbers", key: "id", set: { n: sql\`n + 1\` }, batchSize: 10, maxBatchSize: 10, pauseMs: 30 });
`,
});
makePgliteFolder(join(project.folder, ".data"));
afterAll(() => project.remove());

it("the command line works a slice, shows, sets the pace, and finishes", async () => {
  expect((await project.run(["migrate"])).code).toBe(0);
  const dry = await project.run(["migrate-data", "--dry-run"]);
  expect(dry.stdout).toMatch(/2 change up, in batches\n {4}backfill numbers: set n\n/);
  expect(dry.stdout).toMatch(/10 rows seen, 10 changed, in \d+ ms; rolled back/);
  expect((await project.run(["migrate-data", "--sample", "3"])).stderr).toMatch(
    /^error: --sample needs --dry-run$/m,
  );
  const slice = await project.run(["migrate-data", "--for", "0.2s"]);
  expect(slice.code).toBe(0);
  expect(slice.stderr).toMatch(
    /== Stopped 2: \d+ rows seen, \d+ changed so far; run migrate-data again to continue/,
  );
  expect((await project.run(["backfill", "list"])).stdout).toMatch(
    /^main +2 +change +running +\d+%/m,
  );
  expect((await project.run(["--help"])).stdout).toMatch(
    /^ {2}backfill +look at backfills, work on them and steer them$/m,
  );
  expect((await project.run(["backfill", "set", "2"])).stderr).toMatch(
    /^error: what to set is missing$/m,
  );
  expect((await project.run(["backfill", "set", "2", "constructor=9"])).code).toBe(2);
  const wrong = await project.run(["backfill", "set", "2", "speed=9"]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/^error: backfill set has no option speed$/m);
  const set = await project.run([
    "backfill",
    "set",
    "2",
    "pause=0",
    "batch-size=100",
    "throttle.nice-ratio=0.5",
  ]);
  expect(set.stdout).toMatch(/pace +pauseMs=0, maxBatchSize=100, throttle=\{"niceRatio":0\.5\}/);
  expect((await project.run(["backfill", "set", "parallel=1"])).stdout).toContain("parallel=1");
  expect((await project.run(["backfill", "show"])).stdout).toContain("Repo: main, 2 change");
  expect((await project.run(["status", "--data"])).stdout).toMatch(
    // A slow machine may have let ten seconds go by since the last batch.
    /^ {2}down {6}2 {15}change \(\d+%, running(, no (batch|worker) for [^)]+)?\)\n\n {2}backfill 2 change: \d+%, running.*see: slipway backfill show 2\n/m,
  );
  expect((await project.run(["backfill", "cancel"])).stderr).toMatch(
    /^error: the version of a backfill is missing$/m,
  );
  expect((await project.run(["backfill", "work"])).code).toBe(0);
  expect((await project.run(["backfill", "show", "2"])).stdout).toMatch(
    /state +finished\n +done +100%/,
  );
  expect((await project.run(["backfill", "show"])).stderr).toMatch(
    /^error: no version was given, and no backfill is begun and unfinished$/m,
  );
  expect((await project.run(["backfill", "pause", "9"])).stderr).toMatch(
    /^error: no backfill has version 9 in main$/m,
  );
  const json = await project.run(["backfill", "show", "2", "--json"]);
  expect(JSON.parse(json.stdout).backfill).toMatchObject({ state: "finished", rowsSeen: 500 });
}, 120_000);

const two = makeProject({
  "release.ts": `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({
  app: "my_app",
  repos: {
    main: { adapter: sqlite({ path: "main.db" }) },
    other: { adapter: sqlite({ path: "other.db" }) },
  },
});
`,
  "db/main/migrations/1_numbers.sql":
    "create table numbers (id integer primary key, n integer not null);\ninsert into numbers values (1, 0);\n",
  "db/other/migrations/1_letters.sql": "create table letters (id integer primary key);\n",
  "db/main/data_migrations/2_change.ts": `import { defineBackfill, sql } from "slipway";
export default defineBackfill({ table: "numbers", key: "id", set: { n: sql\`n + 1\` } });
`,
});
afterAll(() => two.remove());

it("the command line says nothing of a repo that has no such backfill", async () => {
  expect((await two.run(["migrate"])).code).toBe(0);
  const worked = await two.run(["backfill", "work", "2"]);
  expect(worked.stderr).toContain("== Finished 2: 1 rows seen, 1 changed\n");
  expect(worked.stderr).not.toContain("no migration has version");
  const none = await two.run(["backfill", "work", "3"]);
  expect(none.stderr).toContain("error: no backfill has version 3 in main, other\n");
});
