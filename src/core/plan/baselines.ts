/** A baseline stands for all migrations up to its version: on a database where nothing has run it runs in their place. */
import {
  type AppliedMigration,
  compareVersions,
  type MigrationFile,
  type Version,
} from "../model/migration.ts";
import { isNumber } from "../model/version-key.ts";

/** The files that count for a database. `files` in their order. */
export function withBaseline(
  files: readonly MigrationFile[],
  applied: readonly Pick<AppliedMigration, "version">[],
): readonly MigrationFile[] {
  const baselines = files.filter((file) => file.baseline);
  if (baselines.length === 0) return files;
  const done = new Set(applied.map(({ version }) => version));
  const ran = baselines.findLast(({ version }) => done.has(version));
  // Versions without a file have run too: they may have been squashed into the baseline.
  const stands = ran ?? (applied.length === 0 ? baselines.at(-1) : undefined);
  const at = stands === undefined ? -1 : lastStoodFor(files, stands);
  return files.filter(
    (file, i) => file === stands || (!file.baseline && (i > at || file.repeatable)),
  );
}

/**
 * The baseline that a database has a part of, where the rest of it has no file any more: what comes after it would find
 * less than it looks for.
 */
export function hasPartOf(
  files: readonly MigrationFile[],
  ran: readonly Version[],
): { readonly baseline: MigrationFile; readonly newest: Version } | undefined {
  const baseline = files.findLast((file) => file.baseline);
  const newest = ran.filter(isNumber).toSorted(compareVersions).at(-1);
  if (baseline === undefined || newest === undefined || ran.includes(baseline.version))
    return undefined;
  const last = baseline.number ?? baseline.version;
  const rest = files.filter((file) => !file.baseline && !file.repeatable);
  const of = (file: MigrationFile) => file.number ?? file.version;
  // From the first one gone to the last: between what ran and the oldest that is left, others may be gone too.
  const isLeft =
    rest.some((file) => compareVersions(of(file), last) === 0) &&
    rest.some((file) => compareVersions(of(file), newest) <= 0);
  return isLeft || !isNumber(last) || compareVersions(newest, last) >= 0
    ? undefined
    : { baseline, newest };
}

/**
 * Splits files with baselines into lists that databases run, each right by itself: the line of the
 * wanted migrations, and each wanted baseline outside of that line.
 */
export function linesOf<One extends { readonly file: MigrationFile }>(
  migrations: readonly One[],
  wanted: ReadonlySet<Version>,
): readonly (readonly One[])[] {
  const files = migrations.map(({ file }) => file);
  const baselines = files.filter((file) => file.baseline);
  if (baselines.length === 0) return [migrations];
  const isAsked = ({ baseline, repeatable, version }: MigrationFile) =>
    !baseline && !repeatable && wanted.has(version);
  const begins = baselines.findLast(
    (file) => !files.slice(0, lastStoodFor(files, file) + 1).some(isAsked),
  );
  const at = begins === undefined ? -1 : lastStoodFor(files, begins);
  const isOf = (file: MigrationFile, i: number) =>
    file === begins || (!file.baseline && (i > at || file.repeatable));
  const others = migrations.filter(
    ({ file }) => file.baseline && file !== begins && wanted.has(file.version),
  );
  return [...others.map((one) => [one]), migrations.filter(({ file }, i) => isOf(file, i))];
}

/** The newest baseline that stands for no more than what ran, where that has no file any more. */
export function squashedInto(
  files: readonly MigrationFile[],
  ran: readonly Version[],
): MigrationFile | undefined {
  return files.findLast(
    ({ baseline, number, version }) =>
      baseline && ran.some((one) => compareVersions(number ?? version, one) <= 0),
  );
}

/** A baseline comes before the migrations of its version, and stands for them too. */
function lastStoodFor(files: readonly MigrationFile[], baseline: MigrationFile): number {
  const of = ({ number, version }: MigrationFile) => number ?? version;
  return Math.max(
    files.indexOf(baseline),
    files.findLastIndex((file) => of(file) === of(baseline)),
  );
}
