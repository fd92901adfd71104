import { expect, it } from "vitest";
import { speedAfter, speedFrom } from "../../src/backfill/speed.ts";
import { warning } from "../../src/core/model/warnings.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { withLiveLine } from "../../src/reporters/live-line.ts";
import { terminal } from "../../src/reporters/terminal.ts";
import { took } from "../../src/reporters/took.ts";

const migration = { repo: "main", version: "1", name: "fill" };
const progress = (rowsSeen: number): RunEvent => ({
  ...{ type: "backfill_progress", migration, rowsSeen, rowsChanged: rowsSeen, rowsExpected: 1_000 },
  ...{ rowsDead: 0, rowsPerSecond: 250, batchRows: 50, batchMs: 200, workers: 1, leftMs: 2_000 },
});

it("draws one line over and over, and keeps the other lines above it", () => {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const emit = withLiveLine(terminal({ write }), { write, columns: () => 120 });
  emit(progress(250));
  emit({ type: "backfill_held", migration, reason: "a replica is behind" });
  emit({ type: "warning", repo: "main", ...warning("event_not_written", { reason: "mind" }) });
  emit({ type: "backfill_held", migration, reason: undefined });
  emit(progress(500));
  emit({ type: "backfill_ended", migration, end: "finished", rowsSeen: 1_000, rowsChanged: 1_000 });
  const clear = "\r\u001b[2K";
  const quarter = `[${"█".repeat(8)}${"·".repeat(27)}]`;
  const words = (percent: number, rows: number) =>
    `${percent}% · ${rows} rows · 250 rows/s · batches of 50 (200 ms) · 2 s left`;
  expect(written).toEqual([
    `${clear}${quarter} ${words(25, 250)}`,
    `${clear}${quarter} holds: a replica is behind`,
    clear,
    "warning: repo main: the event table does not know of this: mind\n",
    `${clear}${quarter} holds: a replica is behind`,
    `${clear}${quarter} ${words(25, 250)}`,
    `${clear}[${"█".repeat(17)}${"·".repeat(18)}] ${words(50, 500)}`,
    clear,
    "== Finished 1: 1,000 rows seen, 1,000 changed\n",
  ]);
});

it("what held one backfill is not said of the next", () => {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const emit = withLiveLine(terminal({ write }), { write });
  emit(progress(250));
  emit({ type: "backfill_held", migration, reason: "a replica is behind" });
  expect(written.at(-1)).toContain("holds: a replica is behind");
  emit({ type: "backfill_ended", migration, end: "paused", rowsSeen: 250, rowsChanged: 250 });
  emit(progress(10));
  expect(written.at(-1)).not.toContain("holds");
});

const large: RunEvent = {
  ...{ type: "backfill_progress", migration, rowsSeen: 1_234_567_890, rowsChanged: 0 },
  ...{ rowsExpected: 9_876_543_210, rowsDead: 12, rowsPerSecond: 123_456, batchRows: 30_000 },
  ...{ batchMs: 248, workers: 4, leftMs: 69_000_000 },
};

it.each([
  [40, "] 12% · 19 h 10 min left"],
  [80, "12% · 123,456 rows/s · 12 failed · 19 h 10 min left"],
  [120, "123,456 rows/s · 12 failed · 19 h 10 min left"],
  [200, "1,234,567,890 rows · 123,456 rows/s · batches of 30,000 (248 ms) · 12 failed"],
])("fits a terminal of %i columns, and says what matters most", (columns, words) => {
  let shown = "";
  const write = (text: string) => {
    shown = text;
  };
  const emit = withLiveLine(terminal({ write }), { write, columns: () => columns });
  emit(large);
  const line = shown.replace("\r\u001b[2K", "");
  expect(shown.startsWith("\r\u001b[2K")).toBe(true);
  expect(line).not.toContain("\n");
  expect(line.length).toBeLessThan(columns);
  expect(line).toContain(words);
  emit({ type: "backfill_held", migration, reason: "a replica is behind ".repeat(20) });
  expect(shown.replace("\r\u001b[2K", "").length).toBeLessThan(columns);
});

it("without a terminal there is a line every ten seconds, and after two minutes every thirty", () => {
  const told: number[] = [];
  let ms = 0;
  const emit = terminal({ write: () => told.push(ms / 1000), now: () => ms });
  for (; ms <= 240_000; ms += 1_000) emit(progress(250));
  expect(told).toEqual([
    ...[0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110],
    ...[140, 170, 200, 230],
  ]);
});

it("what is left does not jump when batches are slow and fast by turns", () => {
  let speed = speedFrom({ ms: 0, rows: 0 });
  const total = 400_000;
  const lefts: number[] = [];
  for (let second = 1; second <= 120; second += 1) {
    const rows = speed.rows + (second % 3 === 0 ? 4_000 : 500);
    speed = speedAfter(speed, { ms: second * 1000, rows });
    lefts.push((total - rows) / speed.rowsPerSecond);
  }
  const jumps = lefts.slice(10).map((left, i) => Math.abs(left - (lefts[i + 9] ?? 0)) / left);
  expect(Math.max(...jumps)).toBeLessThan(0.2);
  expect(speed.rowsPerSecond).toBeGreaterThan(1_400);
  expect(speed.rowsPerSecond).toBeLessThan(1_950);
});

it("who holds the lock is told on one line, cut to the terminal, with the migration before its statement", () => {
  const told: string[] = [];
  const event: RunEvent = {
    ...{ type: "lock_waiting", repo: "main", waitedMs: 0 },
    holder: {
      ...{ pid: "42", migration: "20240102000000 add_note" },
      running: `alter table orders add column note text check (${"length(note) > 0 and ".repeat(9)}true)`,
    },
  };
  for (const columns of [80, 120, undefined])
    terminal({
      write: (text) => told.push(text),
      columns: columns === undefined ? undefined : () => columns,
    })(event);
  expect(told[0]).toBe(
    "repo main: waiting for the migration lock, held by pid 42, running: 20240102000…\n",
  );
  expect(told.map((line) => line.split("\n").length)).toEqual([2, 2, 2]);
  expect(told.map((line) => line.length)).toEqual([81, 121, expect.any(Number)]);
  expect(told[2]).toContain("running: 20240102000000 add_note: alter table orders add column note");
});

const building = (elapsedMs: number): RunEvent => ({
  ...{ type: "statement_progress", migration, operations: ["create index on posts"], elapsedMs },
  ...{ phase: "building index: scanning table", on: "posts", share: 0.43 },
});
const blockers = [
  { pid: "12", application: "psql", state: "idle in transaction", stateMs: 180_000 },
];
const waiting: RunEvent = {
  ...{ type: "statement_progress", migration, elapsedMs: 72_000 },
  operations: ["add column age", "create index on posts"],
  wait: { wanted: { mode: "AccessExclusiveLock", on: "posts" }, held: [], blockers },
};

it("shows a long statement until something else is said", () => {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const emit = withLiveLine(terminal({ write }), { write, columns: () => 100 });
  emit(building(12_000));
  emit(waiting);
  emit({ type: "operation", migration, words: "create index on users" });
  const clear = "\r\u001b[2K";
  expect(written).toEqual([
    `${clear}[${"█".repeat(12)}${"·".repeat(17)}] 12 s · 43% · building index: scanning table · create index on posts`,
    `${clear}1 min 12 s · waits for AccessExclusiveLock on posts · in the way: pid 12, psql, idle in transactio…`,
    clear,
    "create index on users\n",
  ]);
});

it("writes a line of a long statement after ten seconds, and then every ten, where nobody sees a bar", () => {
  const lines: string[] = [];
  const emit = terminal({ write: (line) => lines.push(line) });
  for (let ms = 3_000; ms < 25_000; ms += 1_000) emit(building(ms));
  emit(building(3_000));
  emit({ ...waiting, elapsedMs: 4_320_000 });
  expect(lines).toEqual([
    "create index on posts: 10 s · 43% · building index: scanning table\n",
    "create index on posts: 20 s · 43% · building index: scanning table\n",
    "2 operations: 1 h 12 min · waits for AccessExclusiveLock on posts · in the way: pid 12, psql, idle in transaction for 3 min\n",
  ]);
});

it.each([
  [0, "0.0s"],
  [59_999, "59.9s"],
  [60_000, "1 min"],
  [72_400, "1 min 12 s"],
  [4_320_000, "1 h 12 min"],
  [7_200_000, "2 h"],
])("says %i ms as a person would, and below a minute as Ecto does: %s", (ms, words) => {
  expect(took(ms)).toBe(words);
});

it("shows a run over tenants as one bar, with rate and time left, and lines where nobody sees a bar", () => {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const at = (done: number, failed = 0): RunEvent => ({
    ...{ type: "fleet_progress", repo: "main", done, failed, behind: 10_000 },
    ...{ perSecond: 356, leftMs: ((10_000 - done) / 356) * 1_000 },
  });
  const failedOne: RunEvent = {
    ...{ type: "tenant_failed", repo: "main", tenant: "bolt" },
    ...{ version: "12", name: "tags", reason: "column exists" },
  };
  const ended: RunEvent = {
    ...{ type: "fleet_ended", repo: "main", migrated: 9_999, failed: 1, left: 0 },
    durationMs: 28_000,
  };
  const lines = terminal({ write, now: () => 0 });
  const emit = withLiveLine(lines, { write, columns: () => 100 });
  for (const event of [at(2_500), failedOne, at(5_000, 1), ended]) emit(event);
  const clear = "\r\u001b[2K";
  const bar = (full: number) => `[${"█".repeat(full)}${"·".repeat(29 - full)}]`;
  const first = `${clear}${bar(7)} main: 2,500 of 10,000 tenants, 356 a second, 21.1 s left`;
  expect(written).toEqual([
    first,
    clear,
    "repo main: tenant bolt failed at 12 tags: column exists\n",
    first,
    `${clear}${bar(14)} main: 5,000 of 10,000 tenants, 356 a second, 14 s left, 1 failed`,
    clear,
    "repo main: 9,999 tenants migrated in 28 s, 1 failed\n",
  ]);
  written.length = 0;
  for (const event of [at(2_500), at(5_000), ended]) lines(event);
  expect(written).toEqual([
    "repo main: 2,500 of 10,000 tenants, 356 a second, 21.1 s left\n",
    "repo main: 9,999 tenants migrated in 28 s, 1 failed\n",
  ]);
  written.length = 0;
  withLiveLine(lines, { write, columns: () => 32 })(at(9_999, 3));
  expect(written).toEqual([`${clear}[${"█".repeat(8)}·] main: 3 ms left, 3 `]);
});
