/** How versions follow each other. */
import { compareVersions, type MigrationFile, type Version } from "../model/migration.ts";

/** Oldest first: as the layout says where it has an order of its own, else by number, and by id where numbers repeat. */
export function inOrder(a: MigrationFile, b: MigrationFile): number {
  if (a.place !== undefined && b.place !== undefined) return a.place - b.place;
  const byNumber = compareVersions(a.number ?? a.version, b.number ?? b.version);
  if (byNumber !== 0) return byNumber;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : a.origin < b.origin ? -1 : 1;
}

/** Negative when `a` comes before `b`. */
export type Order = (a: Version, b: Version) => number;

/** As the files do; what has no file by its version. */
export function orderOf(files: readonly MigrationFile[]): Order {
  const places = new Map(files.toSorted(inOrder).map((file, i) => [file.version, i]));
  return (a, b) => {
    const [left, right] = [places.get(a), places.get(b)];
    return left === undefined || right === undefined ? compareVersions(a, b) : left - right;
  };
}
