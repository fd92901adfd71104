import { fileURLToPath } from "node:url";
import { isReleaseError, ReleaseError } from "../../core/model/errors.ts";
import { displayPath } from "./display-path.ts";
import { importInScript } from "./import-in-script.ts";

export type LoadOptions = {
  /** Where the migration comes from, for people. */
  readonly origin: string;
  /** Messages show places relative to it. */
  readonly root: string;
};

/** A file that Node refused, where the bundler that could compile it is not installed. */
export class NeedsBundler extends Error {
  override readonly name = "NeedsBundler";
}

/** Wraps the error of a module that was loading; says in which file and line, where that is known. */
export function unloadable(cause: unknown, { origin, root }: LoadOptions): ReleaseError {
  if (isReleaseError(cause) && cause.code === "not_utf8") return cause;
  return new ReleaseError(
    "migration_unloadable",
    { origin, reason: importReason(cause, root) },
    { cause },
  );
}

/** The first line of a module's error, with the file and line where that is known, relative to `root`. */
export function importReason(cause: unknown, root: string): string {
  if (cause instanceof NeedsBundler)
    return `${importReason(cause.cause, root)}; Node runs TypeScript only by leaving its types out, for more: npm install --save-dev esbuild`;
  if (!(cause instanceof Error)) return String(cause);
  const [first = ""] = cause.message.trim().split("\n");
  const message = first.replace(/(?<= '| imported from )(?:\/|[A-Za-z]:[\\/])[^']+/g, (path) =>
    displayPath(root, path),
  );
  // The stack of a missing module begins in Slipway, and the message names the file.
  const place = message.includes(" imported from ") ? undefined : placeIn(cause.stack ?? "", root);
  const text = (message === "" ? cause.name : message) + wayOutOf(message, place);
  return place === undefined ? text : `${text} (${place})`;
}

/** The way out where package.json makes a script of every file. */
function wayOutOf(message: string, place: string | undefined): string {
  // The compiler that TypeScript needs there runs it as it is.
  if (!message.startsWith(importInScript) || /\.tsx?:\d+$/.test(place ?? "")) return "";
  return '; say "type": "module" in package.json, or end its name in .mts';
}

/** The first file and line of the user's that a stack names. Node puts them before the message of a TypeScript syntax error. */
function placeIn(stack: string, root: string): string | undefined {
  const frames = /(?:at |\()((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()\n]*?):(\d+):\d+/g;
  const [, path, line] =
    /^([^\n]+):(\d+)\n/.exec(stack) ??
    [...stack.matchAll(frames)].find(([, file = ""]) => !ownFile.test(file)) ??
    [];
  if (path === undefined) return undefined;
  const file = path.startsWith("file:") ? fileURLToPath(path) : path;
  return `${displayPath(root, file)}:${line}`;
}

/** Slipway's own, as it is installed: nobody looks there for a mistake. */
const ownFile = /[\\/]slipway[\\/]dist[\\/]/;
