/** The list of a release's files with their SHA-256, as `sha256sum --check` reads it. */
import { createHash } from "node:crypto";
import type { ReleaseFile } from "./release-file.ts";

/** Sorted by path, so that two builds give the same list. */
export function checksumsText(files: readonly ReleaseFile[]): string {
  return files
    .map(
      ({ path, contents }) => `${createHash("sha256").update(contents).digest("hex")}  ${path}\n`,
    )
    .toSorted((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
    .join("");
}
