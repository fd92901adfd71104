/** How versions follow each other. */
import {
  type AppliedMigration,
  compareVersions,
  type MigrationFile,
  type Version,
} from "../model/migration.ts";

/** Oldest first, those that run again behind all others: as the layout says where it has an order of its own, else by number, and by id where numbers repeat. */
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

/** As the files do; what has no file by its version. */
export function orderOf(files: readonly MigrationFile[]): Order {
  const places = new Map(files.toSorted(inOrder).map((file, i) => [file.version, i]));
  return (a, b) => {
    const [left, right] = [places.get(a), places.get(b)];
    return left === undefined || right === undefined ? compareVersions(a, b) : left - right;
  };
}

/** True for a version whose migration runs again, also where its file is gone. */
export function repeats(version: Version, files: readonly MigrationFile[]): boolean {
  const file = files.find((one) => one.version === version);
  return file === undefined ? /^R__/.test(version) : file.repeatable !== undefined;
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
