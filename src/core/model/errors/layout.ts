/** Names in a folder of migrations that are nobody's, or another tool's. */
import type { Catalogue } from "./entry.ts";
import { list } from "./words.ts";

export type LayoutErrors = {
  layout_unknown: {
    readonly repo: string;
    readonly folder: string;
    /** Whose files they seem to be. */
    readonly looksLike: string;
    /** All that are not read, as paths in the folder. */
    readonly files: readonly string[];
    readonly advice: string;
  };
};

const shown = 3;

export const layoutErrors: Catalogue<LayoutErrors> = {
  layout_unknown: {
    exitCode: 2,
    message: (d) =>
      `repo ${d.repo}: ${d.files.length} file${d.files.length === 1 ? "" : "s"} in ${d.folder} would not run: ${some(d.files)}, which looks like ${d.looksLike}`,
    hint: (d) => d.advice,
  },
};

function some(files: readonly string[]): string {
  if (files.length <= shown) return list(files);
  return list([...files.slice(0, shown), `${files.length - shown} more`]);
}
