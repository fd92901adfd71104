/** A folder on disk → files of a release. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { ReleaseFile } from "./release-file.ts";

/**
 * All files below `folder`, below `target` of the release; links are followed. Sorted, so that two builds are alike.
 * `leaveOut` sees each path from `folder` on: where the folder itself lies says nothing.
 */
export function readFolder(
  folder: string,
  target: string,
  options: { readonly leaveOut?: RegExp } = {},
): readonly ReleaseFile[] {
  const { leaveOut } = options;
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => leaveOut === undefined || !leaveOut.test(name))
    .map((name) => join(folder, name))
    .toSorted()
    .flatMap((path) => {
      const stat = statSync(path);
      if (!stat.isFile()) return [];
      const name = relative(folder, path).split(sep).join("/");
      return [
        {
          path: target === "" ? name : `${target}/${name}`,
          contents: readFileSync(path),
          executable: (stat.mode & 0o100) !== 0,
        },
      ];
    });
}
