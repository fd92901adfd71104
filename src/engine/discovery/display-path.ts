import { relative, sep } from "node:path";

/** The path as Slipway shows it to people: relative to `root`, with forward slashes. */
export function displayPath(root: string, path: string): string {
  // Of a file below it, which nearly all are, nothing must be worked out.
  if (
    sep === "/" &&
    path.startsWith(`${root}/`) &&
    !/\/\.{0,2}\//.test(path) &&
    !/\/\.{0,2}$/.test(path)
  )
    return path.slice(root.length + 1);
  return relative(root, path).split(sep).join("/");
}
