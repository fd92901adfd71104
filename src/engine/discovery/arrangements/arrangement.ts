/** One way to lay migrations out. */
import { compareVersions } from "../../../core/model/migration.ts";
import { mainPath } from "../entry-files.ts";
import type { FolderEntry } from "../layout.ts";
import type { Beside, Whole } from "../whole.ts";

/** Arranges a tree of its layout, and returns one of any other layout unchanged. Pure. */
export type Arrangement = (whole: Whole, beside: Beside) => Whole;

/** The folder of a path, `""` for the root. */
export function folderOf(path: string): string {
  return path.includes("/") ? path.replace(/\/[^/]*$/, "") : "";
}

/** The folder that a migration's file lies in. */
export function folderOfEntry({ files }: FolderEntry): string {
  return folderOf(mainPath(files));
}

/** Gives each its place, in the order of these parts, and by id where they are the same. */
export function placed(
  entries: readonly FolderEntry[],
  partsOf: (entry: FolderEntry) => readonly string[],
): readonly FolderEntry[] {
  const parts = new Map(entries.map((entry) => [entry, partsOf(entry)]));
  return entries
    .toSorted((a, b) => compareParts(parts.get(a)!, parts.get(b)!) || (a.id < b.id ? -1 : 1))
    .map((entry, place) => ({ ...entry, place }));
}

/** As Flyway and semantic versions have it: 1.9 comes before 1.10, and 1 is 1.0. */
export function compareParts(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = compareVersions(a[i] ?? "0", b[i] ?? "0");
    if (order !== 0) return order;
  }
  return 0;
}
