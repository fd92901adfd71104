/** Why a module of the user's could not be imported, in one line. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The first line of the error, with the file and line where it is, if Node tells; paths relative to `cwd`. */
export function importReason(error: unknown, cwd: string): string {
  if (!(error instanceof Error)) return String(error);
  const [message = ""] = error.message.trim().split("\n");
  const text = message === "" ? error.name : message;
  const place = placeOf(error.stack ?? "", cwd);
  return place === undefined ? text : `${text} (${place})`;
}

/** A syntax error's stack starts with the place, as path or URL; another error's names it in its first frame. */
function placeOf(stack: string, cwd: string): string | undefined {
  const [, path, line] =
    /^([^\n]+):(\d+)\n/.exec(stack) ?? /(file:\/\/[^\s()]+?):(\d+)/.exec(stack) ?? [];
  if (path === undefined) return undefined;
  const file = path.startsWith("file:") ? fileURLToPath(path) : path;
  return `${relative(cwd, file)}:${line}`;
}
