import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ReleaseError } from "../../core/errors.ts";

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

/** The first file and line that a stack names. */
function placeIn(stack: string, root: string): string | undefined {
  const [, url, line] = /(file:\/\/[^\s()]+?):(\d+)/.exec(stack) ?? [];
  if (url === undefined) return undefined;
  return `${relative(root, fileURLToPath(url)).split(sep).join("/")}:${line}`;
}
