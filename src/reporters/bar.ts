/** A progress bar on a terminal: one line that is written over, below the lines of another reporter. */

import { redact } from "../core/model/redact.ts";
import { visible } from "../core/model/visible.ts";
import type { BackfillProgress, Emit, RunEvent } from "../engine/events.ts";
import { progressWords } from "./backfill-lines.ts";

/** To the beginning of the line, and empty it. */
const clear = "\r\u001b[2K";

export type BarOptions = {
  readonly write: (text: string) => void;
  /** How wide the terminal is now. Default: 80. */
  readonly columns?: () => number;
};

/** Shows the progress of a backfill as a bar, and everything else as `lines` has it. */
export function withBar(lines: Emit, { write, columns = () => 80 }: BarOptions): Emit {
  let last: BackfillProgress | undefined;
  let held: string | undefined;
  const draw = () => {
    // The last column stays empty: a terminal may go on to the next line when it is written.
    if (last !== undefined) write(`${clear}${barLine(last, held, columns() - 1)}`);
  };
  return (event: RunEvent) => {
    if (event.type === "backfill_progress") {
      last = event;
      return draw();
    }
    if (event.type === "backfill_held") {
      held = event.reason && visible(redact(event.reason));
      if (last !== undefined) return draw();
    }
    if (event.type === "backfill_ended") last = undefined;
    write(clear);
    lines(event);
    draw();
  };
}

/** The bar gives way to the words before they give way to each other. */
function barLine(progress: BackfillProgress, held: string | undefined, most: number): string {
  const width = Math.max(6, Math.min(40, Math.floor(most * 0.3)));
  const bar = barOf(progress, width);
  const room = most - bar.length - 1;
  const words = held === undefined ? progressWords(progress, room) : `holds: ${held}`;
  return `${bar} ${words}`.slice(0, most);
}

function barOf({ rowsSeen, rowsExpected }: BackfillProgress, width: number): string {
  const share = rowsExpected > 0 ? Math.min(1, rowsSeen / rowsExpected) : 0;
  const full = Math.floor(share * width);
  return `[${"█".repeat(full)}${"·".repeat(width - full)}]`;
}
