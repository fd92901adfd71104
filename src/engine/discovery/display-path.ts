import { relative, sep } from "node:path";

/** A path as people are told it: relative to `root`, with forward slashes. */
export function displayPath(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}
