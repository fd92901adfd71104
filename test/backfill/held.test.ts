/** A backfill that a throttle holds: the reason is in the ledger, so that others than its worker see it. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { changeRun } from "../../src/backfill/ledger.ts";
import { ToldHold } from "../../src/backfill/told-hold.ts";
import { backfillDetails, backfillList } from "../../src/cli/backfill-text.ts";
import { historyText } from "../../src/cli/history-text.ts";
import { heldNow, holdIn, holdText } from "../../src/core/backfill/hold-words.ts";
import { statusNotes } from "../../src/core/plan/status-notes.ts";
import { defineBackfill, sql } from "../../src/index.ts";
import { releaseOn } from "../conformance/support/release.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { until } from "./support/hold.ts";

let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.drop());

it("whoever looks sees why and for how long, and nothing of it is left behind", async () => {
  const adapter = postgres({ url: database.url });
  const session = await adapter.open({ role: "work", application: "test" });
  await session.query("create table numbers (id integer primary key, n integer default 0)");
  await session.query("insert into numbers select generate_series(1, 10)");
  let reason: string | undefined = "replica b is 32 s behind\nurl=postgres://a:secret@b/c";
  const backfill = defineBackfill({
    ...{ table: "numbers", key: "id", set: { n: sql`n + 1` } },
    throttle: { checkEveryMs: 100, check: () => reason },
  });
  const place = { adapter, query: (text: string) => session.query(text) };
  const given = [place, {}, { dataMigrations: { "1_count": backfill } }] as const;
  const [worker, visitor] = [releaseOn(...given).release, releaseOn(...given).release];
  const working = worker.migrateData();
  const details = await until(async () => {
    const shown = await visitor.backfills.show(1).catch(() => undefined);
    return shown?.held && shown;
  });
  expect(details).toMatchObject({ state: "running", held: { heldMs: expect.any(Number) } });
  expect(details.held?.reason).toContain("replica b is 32 s behind");
  expect(details.reason).toBeUndefined();
  expect(JSON.stringify(details)).not.toContain("secret");
  expect(backfillDetails(details)).toMatch(/state +running, held for \d+(\.\d)? (s|min)\n/);
  expect(backfillDetails(details)).toMatch(/why +a throttle holds it: replica b is 32 s behind/);
  expect(backfillList([details])).toMatch(/held for .*\n {4}replica b is 32 s behind url=\S+\n$/);
  const [status] = await visitor.migrationStatus({ data: true });
  expect(status && statusNotes(status)).toMatch(
    /backfill 1 count: .*running, held for .*, replica b is 32 s behind.*; lift its limits: slipway backfill set 1 throttle=off/s,
  );
  let nowMs = 0;
  const history = { name: "data_migrations" };
  const ref = { repo: "main", version: "1", name: "count", history };
  const long = new ToldHold({
    target: { ref } as never,
    edge: { now: () => nowMs },
    facts: { runId: "r", release: "1.0.0", host: "pod-7" },
  });
  for (nowMs of [0, 30_000, 61_000, 90_000]) await long.hear(session, "it is late");
  const [repo] = await visitor.history();
  expect(repo?.events.map(({ result }) => result)).toEqual(["held"]);
  expect(repo && historyText(repo)).toMatch(
    /held +1_count +61 s +1\.0\.0 on pod-7\n {4}it is late/,
  );
  await session.query(
    "create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'full'; end $$",
  );
  await session.query(
    "create trigger full_disk before insert on slipway_events for each row execute function full_disk()",
  );
  const silent = new ToldHold({
    target: { ref } as never,
    edge: { now: () => nowMs },
    facts: { runId: "r", release: "1.0.0", host: "pod-7" },
  });
  for (nowMs of [0, 61_000]) await silent.hear(session, "it is late");
  expect(await session.query("select 1 as goes_on")).toEqual([{ goes_on: 1 }]);
  await session.query("drop trigger full_disk on slipway_events");
  reason = undefined;
  expect((await working)[0]?.migrations).toHaveLength(1);
  const [row] = await session.query("select state, reason from slipway_backfills");
  expect(row).toEqual({ state: "finished", reason: null });
  const stopped = { history, version: "1" };
  expect(await changeRun(session, stopped, { from: ["running"], reason: "x" })).toBe(false);
  await session.close();
}, 60_000);

it("the words of the ledger are read back, and a hold is over with its worker or its first batch", () => {
  const kept = { sinceMs: 60_000, seenMs: 120_000, reason: "lag: 3\nof 4" };
  expect(holdIn(holdText(kept))).toEqual(kept);
  expect(holdText({ ...kept, reason: "x".repeat(2_000) }).length).toBeLessThan(600);
  for (const text of [
    undefined,
    "",
    "held since now",
    "3 rows failed",
    "held since xZ, seen yZ: z",
  ])
    expect(holdIn(text)).toBeUndefined();
  const held = { reason: kept.reason, heldMs: 61_000 };
  expect(heldNow(kept, { nowMs: 121_000, idleMs: undefined })).toEqual(held);
  expect(heldNow(kept, { nowMs: 121_000, idleMs: 30_000 })).toEqual(held);
  expect(heldNow(kept, { nowMs: 121_000, idleMs: 500 })).toBeUndefined();
  expect(heldNow(kept, { nowMs: 141_000, idleMs: undefined })).toBeUndefined();
  expect(heldNow(undefined, { nowMs: 1, idleMs: undefined })).toBeUndefined();
});
