/** A progress bar on a terminal: one line that is written over, below the lines of another reporter. */

import { redact } from "../core/model/redact.ts";
import { visible } from "../core/model/visible.ts";
import type { BackfillProgress, Emit, RunEvent } from "../engine/events.ts";
import { progressWords } from "./backfill-lines.ts";

const width = 24;
/** To the beginning of the line, and empty it. */
const clear = "\r\u001b[2K";

/** Shows the progress of a backfill as a bar, and everything else as `lines` has it. */
export function withBar(lines: Emit, options: { readonly write: (text: string) => void }): Emit {
  const { write } = options;
  let last: BackfillProgress | undefined;
  let held: string | undefined;
  const draw = () => {
    if (last === undefined) return;
    const words = held === undefined ? progressWords(last) : `holds: ${held}`;
    write(`${clear}${barOf(last)} ${words}`);
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

function barOf({ rowsSeen, rowsExpected }: BackfillProgress): string {
  const share = rowsExpected > 0 ? Math.min(1, rowsSeen / rowsExpected) : 0;
  const full = Math.floor(share * width);
  return `[${"█".repeat(full)}${"·".repeat(width - full)}]`;
}
