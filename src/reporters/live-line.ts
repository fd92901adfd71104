/** How far a run is, on a terminal: one line that is written over, below the lines of another reporter. */

import { redact } from "../core/model/redact.ts";
import { visible } from "../core/model/visible.ts";
import type { BackfillProgress, Emit, RunEvent } from "../engine/events.ts";
import { progressWords } from "./backfill-lines.ts";
import { type FleetProgressEvent, fleetProgressWords } from "./fleet-lines.ts";
import { operationWords, stateWords } from "./statement-line.ts";

/** To the beginning of the line, and empty it. */
const clear = "\r\u001b[2K";

export type LiveLineOptions = {
  readonly write: (text: string) => void;
  /** How wide the terminal is now. Default: 80. */
  readonly columns?: () => number;
};

type Live = Extract<
  RunEvent,
  { type: "backfill_progress" | "statement_progress" | "fleet_progress" }
>;

/**
 * Shows the progress of a backfill, a long statement or a run over tenants in the last line, and
 * everything else as `lines` has it.
 */
export function withLiveLine(lines: Emit, { write, columns = () => 80 }: LiveLineOptions): Emit {
  let last: Live | undefined;
  let held: string | undefined;
  const draw = () => {
    // The last column stays empty: a terminal may move to the next line when it is written.
    if (last !== undefined) write(`${clear}${liveLine(last, held, columns() - 1)}`);
  };
  return (event: RunEvent) => {
    if (isLive(event)) {
      last = event;
      return draw();
    }
    if (event.type === "backfill_held") {
      held = event.reason && visible(redact(event.reason));
      if (last !== undefined) return draw();
    }
    // The reason that held one backfill does not apply to the next.
    if (event.type === "backfill_ended") held = undefined;
    if (endsLive(event, last)) last = undefined;
    write(clear);
    lines(event);
    draw();
  };
}

function isLive(event: RunEvent): event is Live {
  return /^(?:backfill|statement|fleet)_progress$/.test(event.type);
}

/** Any event after a statement means that it has ended; a backfill reports its end. */
function endsLive({ type }: RunEvent, last: Live | undefined): boolean {
  if (last?.type === "statement_progress") return type !== "notice" && type !== "warning";
  if (last?.type === "fleet_progress") return type === "fleet_ended";
  return type === "backfill_ended";
}

function liveLine(live: Live, held: string | undefined, most: number): string {
  if (live.type === "backfill_progress") return barLine(live, held, most);
  if (live.type === "fleet_progress") return fleetBar(live, held, most);
  const { share } = live;
  const bar = share === undefined ? "" : `${barOf(share, barWidth(most))} `;
  const line = visible(redact(`${bar}${stateWords(live)} · ${operationWords(live)}`));
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

function fleetBar(live: FleetProgressEvent, held: string | undefined, most: number): string {
  const { done, behind, repo } = live;
  const head = `${barOf(behind > 0 ? done / behind : 0, barWidth(most))} ${visible(redact(repo))}: `;
  const words = fleetProgressWords(live, most - head.length);
  return `${head}${words}${held === undefined ? "" : ` · holds: ${held}`}`.slice(0, most);
}

/** The bar gives way to the words before they give way to each other. */
function barLine(progress: BackfillProgress, held: string | undefined, most: number): string {
  const { rowsSeen, rowsExpected } = progress;
  const bar = barOf(rowsExpected > 0 ? rowsSeen / rowsExpected : 0, barWidth(most));
  const room = most - bar.length - 1;
  const words = held === undefined ? progressWords(progress, room) : `holds: ${held}`;
  return `${bar} ${words}`.slice(0, most);
}

function barWidth(most: number): number {
  return Math.max(6, Math.min(40, Math.floor(most * 0.3)));
}

function barOf(share: number, width: number): string {
  const full = Math.floor(Math.min(1, share) * width);
  return `[${"█".repeat(full)}${"·".repeat(width - full)}]`;
}
