/** Why a module of the user's could not be imported, in one line. */
import { fileURLToPath } from "node:url";

/** The first line of the error, with the file and line where it is, if Node tells. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [message = ""] = error.message.split("\n");
  const text = message === "" ? error.name : message;
  const place = placeOf(error.stack ?? "");
  return place === undefined ? text : `${text} (${place})`;
}

/** A syntax error's stack starts with the place; another error's names it in the first frame in a file. */
function placeOf(stack: string): string | undefined {
  const [, url, line] = /^(file:\/\/\S+?):(\d+)/m.exec(stack) ?? inFrame(stack);
  if (url === undefined || line === undefined) return undefined;
  return `${fileURLToPath(url)}:${line}`;
}

function inFrame(stack: string): readonly string[] {
  return /\bat .*?(file:\/\/\S+?):(\d+)/.exec(stack) ?? [];
}
