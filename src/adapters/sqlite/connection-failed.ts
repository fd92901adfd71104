/** Why a file cannot be opened, and what to do about it. */

import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../../core/model/message-of.ts";
import { ConnectionFailed } from "../adapter.ts";

/**
 * Finds what SQLite would only call `unable to open database file`, and that later, at the first write.
 *
 * @throws {ConnectionFailed}
 */
export function refuseUnusableFile(path: string): void {
  const folder = dirname(path);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    throw new ConnectionFailed(`${path} is a folder`, { hint: "Name a file in it." });
  }
  if (stat !== undefined) return;
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ConnectionFailed(`there is no folder ${folder}`, {
      hint: `Make it with: mkdir -p ${folder}. Or make folder and database with: slipway create`,
    });
  }
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new ConnectionFailed(`the folder ${folder} may not be written`, {
      hint: "Give the user of this process the right to write into it.",
      cause,
    });
  }
}

/** An error of opening with its file and a hint. */
export function connectionFailed(path: string, cause: unknown): ConnectionFailed {
  const reason = messageOf(cause);
  return new ConnectionFailed(`${path}: ${reason}`, { hint: hintFor(reason, path), cause });
}

function hintFor(reason: string, path: string): string {
  if (/not a database/.test(reason))
    return "Name a file that SQLite made, or one that is not there yet.";
  if (/unable to open/.test(reason))
    return `Give the user of this process the right to read ${path}.`;
  return "Check the file and its folder.";
}
