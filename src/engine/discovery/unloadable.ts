import { fileURLToPath } from "node:url";
import { ReleaseError } from "../../core/errors.ts";
import { displayPath } from "./display-path.ts";

export type LoadOptions = {
  /** Where the migration comes from, for people. */
  readonly origin: string;
  /** Places in messages are told relative to it. */
  readonly root: string;
};

/** Wraps what a module threw while it was loaded; says in which file and line, where that is known. */
export function unloadable(cause: unknown, { origin, root }: LoadOptions): ReleaseError {
  const [message = ""] = (cause instanceof Error ? cause.message : String(cause))
    .trim()
    .split("\n");
  const place = cause instanceof Error ? placeIn(cause.stack ?? "", root) : undefined;
  const reason = place === undefined ? message : `${message} (${place})`;
  return new ReleaseError("migration_unloadable", { origin, reason }, { cause });
}

/** The first file and line that a stack names. Node puts them before the message of a TypeScript syntax error. */
function placeIn(stack: string, root: string): string | undefined {
  const [, path, line] =
    /^([^\n]+):(\d+)\n/.exec(stack) ?? /(file:\/\/[^\s()]+?):(\d+)/.exec(stack) ?? [];
  if (path === undefined) return undefined;
  const file = path.startsWith("file:") ? fileURLToPath(path) : path;
  return `${displayPath(root, file)}:${line}`;
}
