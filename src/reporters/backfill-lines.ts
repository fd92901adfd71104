/** The lines about a backfill. */
import { describeSeconds } from "../core/model/blocker.ts";
import type { BackfillProgress, RunEvent } from "../engine/events.ts";

type BackfillEvent = Extract<RunEvent, { readonly type: `backfill_${string}` }>;

/** One line for an event. */
export function backfillLine(event: BackfillEvent): string {
  switch (event.type) {
    case "backfill_started": {
      const { version, name } = event.migration;
      const how = event.joined ? "Going on with" : "Running";
      return `== ${how} ${version} ${name}: backfill of ${event.table}, about ${count(event.rowsExpected)} rows`;
    }
    case "backfill_progress":
      return progressWords(event);
    case "backfill_held":
      return event.reason === undefined ? "continues" : `holds: ${event.reason}`;
    case "backfill_ended": {
      const rows = `${count(event.rowsSeen)} rows seen, ${count(event.rowsChanged)} changed`;
      if (event.end === "finished") return `== Finished ${event.migration.version}: ${rows}`;
      if (event.end === "time_over" || event.end === "interrupted")
        return `== Stopped ${event.migration.version}: ${rows} so far; run migrate-data again to continue`;
      return `== ${event.end} ${event.migration.version}: ${rows} so far`;
    }
  }
}

/** A part of the words, and when it is left out where there is little room: the highest first. */
type Part = { readonly words: string; readonly spared: number };

/**
 * `41% · 2,050,000 rows · 120,000 rows/s · batches of 30,000 (248 ms) · 24 s left`; the most
 * important in `most` characters.
 */
export function progressWords(progress: BackfillProgress, most = Number.POSITIVE_INFINITY): string {
  const { rowsSeen, rowsExpected, rowsPerSecond, batchRows, batchMs, rowsDead, leftMs } = progress;
  const share = `${Math.min(99, Math.floor((rowsSeen / rowsExpected) * 100))}%`;
  let parts: readonly Part[] = [
    ...(rowsExpected > 0 ? [{ words: share, spared: 0 }] : []),
    { words: `${count(rowsSeen)} rows`, spared: rowsExpected > 0 ? 4 : 0 },
    { words: `${count(rowsPerSecond)} rows/s`, spared: 3 },
    { words: `batches of ${count(batchRows)} (${batchMs} ms)`, spared: 5 },
    ...(rowsDead > 0 ? [{ words: `${count(rowsDead)} failed`, spared: 2 }] : []),
    ...(leftMs === undefined ? [] : [{ words: `${describeSeconds(leftMs)} left`, spared: 1 }]),
  ];
  for (let spared = 5; joined(parts).length > most && spared > 0; spared -= 1)
    parts = parts.filter((part) => part.spared !== spared);
  return joined(parts);
}

function joined(parts: readonly Part[]): string {
  return parts.map(({ words }) => words).join(" · ");
}

function count(rows: number): string {
  return rows.toLocaleString("en-US");
}
