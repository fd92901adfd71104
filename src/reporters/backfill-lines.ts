/** What is told about a backfill, as lines. */
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
      return event.reason === undefined ? "goes on" : `holds: ${event.reason}`;
    case "backfill_ended": {
      const rows = `${count(event.rowsSeen)} rows seen, ${count(event.rowsChanged)} changed`;
      if (event.end === "finished") return `== Finished ${event.migration.version}: ${rows}`;
      if (event.end === "time_over" || event.end === "interrupted")
        return `== Stopped ${event.migration.version}: ${rows} so far; run migrate-data again to go on`;
      return `== ${event.end} ${event.migration.version}: ${rows} so far`;
    }
  }
}

/** `41% · 2,050,000 rows · 120,000 rows/s · batches of 30,000 (248 ms) · 24 s left`. */
export function progressWords(progress: BackfillProgress): string {
  const { rowsSeen, rowsExpected, rowsPerSecond, batchRows, batchMs, rowsDead, leftMs } = progress;
  return [
    ...(rowsExpected > 0 ? [`${Math.min(99, Math.floor((rowsSeen / rowsExpected) * 100))}%`] : []),
    `${count(rowsSeen)} rows`,
    `${count(rowsPerSecond)} rows/s`,
    `batches of ${count(batchRows)} (${batchMs} ms)`,
    ...(rowsDead > 0 ? [`${count(rowsDead)} failed`] : []),
    ...(leftMs === undefined ? [] : [`${duration(leftMs)} left`]),
  ].join(" · ");
}

function count(rows: number): string {
  return rows.toLocaleString("en-US");
}

/** `24 s`, `3 min`, `2 h 10 min`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
