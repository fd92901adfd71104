/** How versions follow each other. */
import {
  type AppliedMigration,
  compareVersions,
  type MigrationFile,
  type Version,
} from "../model/migration.ts";

/**
 * Puts the oldest first, and migrations that run again last. The layout decides where it has an
 * order. Otherwise the number does, and the id where numbers repeat.
 */
export function inOrder(a: MigrationFile, b: MigrationFile): number {
  const isAgain = Number(a.repeatable ?? false) - Number(b.repeatable ?? false);
  if (isAgain !== 0) return isAgain;
  if (a.place !== undefined && b.place !== undefined) return a.place - b.place;
  const byNumber = compareVersions(a.number ?? a.version, b.number ?? b.version);
  if (byNumber !== 0) return byNumber;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : a.origin < b.origin ? -1 : 1;
}

/** Negative when `a` comes before `b`. */
export type Order = (a: Version, b: Version) => number;

/** As the files do; what has no file by its version. Nothing is sorted before two are compared. */
export function orderOf(files: readonly MigrationFile[]): Order {
  let places: Map<Version, number> | undefined;
  return (a, b) => {
    places ??= new Map(files.toSorted(inOrder).map((file, i) => [file.version, i]));
    const [left, right] = [places.get(a), places.get(b)];
    return left === undefined || right === undefined ? compareVersions(a, b) : left - right;
  };
}

/** Tells whether a version is that of a migration which runs again, also where its file is gone. */
export function repeatedAmong(files: readonly MigrationFile[]): (version: Version) => boolean {
  const once = new Set<Version>();
  const again = new Set<Version>();
  for (const { version, repeatable } of files) {
    if (once.has(version) || again.has(version)) continue;
    (repeatable === undefined ? once : again).add(version);
  }
  return (version) => again.has(version) || (!once.has(version) && version.startsWith("R__"));
}

/** The newest first, as a rollback takes them: one that ran again stands where it last ran, and has an earlier text. */
export function newestFirst(
  once: readonly AppliedMigration[],
  again: readonly AppliedMigration[],
): readonly AppliedMigration[] {
  const time = (row: AppliedMigration) => row.appliedAt?.getTime() ?? 0;
  const left = again.toSorted((a, b) => time(b) - time(a) || (a.version < b.version ? 1 : -1));
  const all: AppliedMigration[] = [];
  for (const row of once) {
    while (left.length > 0 && time(left[0]!) >= time(row)) all.push(left.shift()!);
    all.push(row);
  }
  return [...all, ...left];
}
