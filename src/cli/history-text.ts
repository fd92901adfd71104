/** The history of migrations, in words. */
import { describeMs } from "../core/model/blocker.ts";
import { named } from "../core/model/errors/words.ts";
import { visible } from "../core/model/visible.ts";
import type { HistoryEvent } from "../engine/event-table.ts";
import type { RepoHistory } from "../release/history.ts";

/** The block of one repo: it starts with an empty line and ends with a line break. */
export function historyText({ repo, events }: RepoHistory): string {
  if (events.length === 0) return `\nRepo: ${repo}\n\n  nothing has happened yet\n`;
  const rows = [
    ["When (UTC)", "What", "Migration", "Took", "By"],
    ...events.map((event) => cells(event).map(visible)),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ")}`.trimEnd();
  const [head = "", ...lines] = rows.map(line);
  return [
    "",
    `Repo: ${repo}`,
    "",
    head,
    "-".repeat(Math.max(...[head, ...lines].map((text) => text.length))),
    ...lines.flatMap((text, index) => [text, ...reasonLines(events[index]!)]),
    "",
  ].join("\n");
}

function cells(event: HistoryEvent): readonly string[] {
  const { at, version, name, durationMs, release, host, user } = event;
  return [
    at?.toISOString().slice(0, 19).replace("T", " ") ?? "",
    what(event),
    named(version, name),
    durationMs === undefined ? "" : durationWords(durationMs),
    [release, user && `by ${user}`, host && `on ${host}`].filter(Boolean).join(" "),
  ];
}

/** To the millisecond while that is readable. */
function durationWords(ms: number): string {
  return ms < 10_000 ? `${ms} ms` : describeMs(ms);
}

function what({ result, direction, reason }: HistoryEvent): string {
  switch (result) {
    case "applied":
      return "applied";
    case "rolled_back":
      return "rolled back";
    case "failed":
    case "interrupted":
      return `${result} going ${direction}`;
    case "marked":
      return `marked ${reason}`;
    case "adopted":
      return "adopted";
    case "set":
      return `set ${reason}`;
    case "paused":
    case "resumed":
    case "cancelled":
    case "restarted":
    case "held":
      return result;
    case "retried":
      return "retried dead rows";
  }
}

function reasonLines({ result, reason = "" }: HistoryEvent): readonly string[] {
  if (result === "marked" || result === "set" || reason === "") return [];
  return reason.split("\n").map((text) => `    ${text}`);
}
