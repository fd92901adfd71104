import { expect, it } from "vitest";
import { warning } from "../../src/core/model/warnings.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { withBar } from "../../src/reporters/bar.ts";
import { terminal } from "../../src/reporters/terminal.ts";

const migration = { repo: "main", version: "1", name: "fill" };
const progress = (rowsSeen: number): RunEvent => ({
  ...{ type: "backfill_progress", migration, rowsSeen, rowsChanged: rowsSeen, rowsExpected: 1_000 },
  ...{ rowsDead: 0, rowsPerSecond: 250, batchRows: 50, batchMs: 200, workers: 1, leftMs: 2_000 },
});

it("draws one line over and over, and keeps the other lines above it", () => {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const emit = withBar(terminal({ write }), { write });
  emit(progress(250));
  emit({ type: "backfill_held", migration, reason: "a replica is behind" });
  emit({ type: "warning", repo: "main", ...warning("event_not_written", { reason: "mind" }) });
  emit({ type: "backfill_held", migration, reason: undefined });
  emit(progress(500));
  emit({ type: "backfill_ended", migration, end: "finished", rowsSeen: 1_000, rowsChanged: 1_000 });
  const clear = "\r\u001b[2K";
  const quarter = `[${"█".repeat(6)}${"·".repeat(18)}]`;
  const words = (percent: number, rows: number) =>
    `${percent}% · ${rows} rows · 250 rows/s · batches of 50 (200 ms) · 2 s left`;
  expect(written).toEqual([
    `${clear}${quarter} ${words(25, 250)}`,
    `${clear}${quarter} holds: a replica is behind`,
    clear,
    "warning: repo main: the event table does not know of this: mind\n",
    `${clear}${quarter} holds: a replica is behind`,
    `${clear}${quarter} ${words(25, 250)}`,
    `${clear}[${"█".repeat(12)}${"·".repeat(12)}] ${words(50, 500)}`,
    clear,
    "== Finished 1: 1,000 rows seen, 1,000 changed\n",
  ]);
});
