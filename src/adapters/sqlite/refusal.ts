/** Explains why this process cannot write the file, and how to let it. */

import { messageOf } from "../../core/model/message-of.ts";
import type { Refusal } from "../adapter.ts";
import { StatementFailed } from "../adapter.ts";
import { resultCode } from "./connection.ts";

/** https://www.sqlite.org/rescode.html */
export function refusal(error: unknown, file: string): Refusal {
  const cause = error instanceof StatementFailed ? error.cause : error;
  const reason = messageOf(cause);
  return { reason: `${file}: ${reason}`, hint: hintFor(resultCode(cause), file) };
}

function hintFor(code: number | undefined, file: string): string {
  switch (code) {
    case 5:
    case 6:
      return `Another program keeps the file busy: wait until its transaction ends, or find it with: fuser ${file}`;
    case 8:
    case 14:
      return `Let the user of this process write the file and its folder, where the journal is made: chmod u+rw ${file}`;
    case 13:
      return "The disk is full, or PRAGMA max_page_count is reached: make room.";
    case 10:
      return "The disk cannot be read or written: look at its free room, its quota and its health.";
    case 11:
    case 26:
      return "The file is damaged or no database: PRAGMA integrity_check says where; put a backup in its place.";
  }
  return "Look at what SQLite says about the file.";
}
