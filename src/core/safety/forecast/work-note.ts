/**
 * An event keeps forecasts beside the real duration, so that later forecasts follow this server's
 * speed.
 */
import type { MeasuredWork } from "../../model/database-facts.ts";
import type { Forecast } from "./forecast.ts";

/** One line: `forecast 240 to 540 s: index on users, 38000000 rows and 12884901888 bytes read`. */
export function workNote(forecasts: readonly Forecast[]): string {
  const [fast, slow] = rangeOf(forecasts).map((ms) => Math.round(ms / 100) / 10);
  const works = forecasts.map(
    ({ does, table, rows, passes, readBytes }) =>
      `${does} on ${table}, ${rows * passes} rows and ${readBytes} bytes read`,
  );
  return `forecast ${fast} to ${slow} s: ${works.join("; ")}`;
}

/** From the fastest to the slowest of all of them together. */
export function rangeOf(forecasts: readonly Forecast[]): readonly [number, number] {
  const sum = (end: 0 | 1) => forecasts.reduce((total, { ms }) => total + ms[end], 0);
  return [sum(0), sum(1)];
}

/** An event, as far as it tells of work. */
export type NotedWork = {
  readonly result: string;
  readonly direction: string;
  readonly reason: string | undefined;
  readonly durationMs: number | undefined;
};

const single =
  /^forecast [\d.]+ to [\d.]+ s: (scan|index|rewrite) on [^;]*, (\d+) rows and (\d+) bytes read$/;

/** The speed of this server, as shown by migrations with one heavy work each. */
export function measuredIn(events: readonly NotedWork[]): readonly MeasuredWork[] {
  return events.flatMap(({ result, direction, reason = "", durationMs }) => {
    const [, does, rows, bytes] = single.exec(reason) ?? [];
    if (does === undefined || durationMs === undefined) return [];
    if (result !== "applied" || direction !== "up") return [];
    const work = { rows: Number(rows), bytes: Number(bytes), durationMs };
    return [{ does: does as MeasuredWork["does"], ...work }];
  });
}
