/** Which migrations run, and in which order. Pure: lists in, a list out. */
import { ReleaseError, refuse } from "../errors.ts";
import {
  type AppliedMigration,
  compareVersions,
  type Direction,
  type MigrationFile,
  type Phase,
  type Target,
  type Version,
} from "../migration.ts";

/** What a run will do, in order. */
export type Plan = {
  readonly repo: string;
  readonly direction: Direction;
  readonly files: readonly MigrationFile[];
  /** Those of `files` that this release does not contain: the plan in the history rolls them back. */
  readonly stored: readonly MigrationFile[];
  /** Pending ones of the other phase that are older than one of `files`. */
  readonly skipped: readonly MigrationFile[];
  readonly warnings: readonly PlanWarning[];
};

/** What a plan tells without refusing. */
export type PlanWarning =
  | { readonly kind: "out_of_order"; readonly file: MigrationFile; readonly newest: Version }
  | {
      readonly kind: "version_unknown";
      readonly version: Version;
      readonly nearest: Version | undefined;
    };

export type PlanInput = {
  readonly repo: string;
  readonly files: readonly MigrationFile[];
  readonly applied: readonly AppliedMigration[];
  readonly target: Target;
  /** Refuse, and not only warn, when a pending migration is older than an applied one. Default: `false`. */
  readonly strictVersionOrder?: boolean | undefined;
  /** Going up, only migrations of this phase. Default: of both, in order. */
  readonly phase?: Phase | undefined;
  /** The phases of migrations, as far as they were read. Default: `before`. */
  readonly phases?: ReadonlyMap<Version, Phase> | undefined;
};

/**
 * Decides which migrations run, in which order.
 * Up runs what is pending, oldest first; down undoes what is applied, newest first.
 * Going up, `to` a version that no migration has is told as a warning; going down it is refused.
 *
 * @throws {ReleaseError} `version_duplicated`, `name_duplicated`, `out_of_order`, `version_unknown`, `not_in_release`
 */
export function plan(input: PlanInput): Plan {
  const { repo, target } = input;
  const files = input.files.toSorted((a, b) => compareVersions(a.version, b.version));
  const duplicates = duplicatesOf(repo, files);
  return target.direction === "up"
    ? planUp(input, files, duplicates)
    : planDown(input, files, duplicates);
}

function planUp(
  input: PlanInput,
  files: readonly MigrationFile[],
  found: readonly ReleaseError[],
): Plan {
  const { repo, applied, target, phases, phase } = input;
  const phaseOf = (file: MigrationFile) => phases?.get(file.version) ?? "before";
  const pending = pendingFiles(files, applied);
  const wanted = pending.filter((file) => phase === undefined || phaseOf(file) === phase);
  const chosen = choose(wanted, target, (version, end) => compareVersions(version, end));

  const outOfOrder = chosen.flatMap((file) => {
    const newest = newestBefore(applied, phaseOf(file));
    if (newest === undefined || compareVersions(file.version, newest) > 0) return [];
    return [{ kind: "out_of_order", file, newest } as const];
  });
  const refusals = input.strictVersionOrder
    ? outOfOrder.map((warning) => lateError(repo, warning))
    : [];
  refuse([...found, ...refusals]);

  const unknown = unknownTarget(input, files);
  const last = chosen.at(-1)?.version ?? "0";
  return {
    repo,
    direction: "up",
    files: chosen,
    stored: [],
    skipped: pending.filter(
      (file) => !wanted.includes(file) && compareVersions(file.version, last) < 0,
    ),
    warnings: unknown === undefined ? outOfOrder : [unknown, ...outOfOrder],
  };
}

function planDown(
  input: PlanInput,
  files: readonly MigrationFile[],
  found: readonly ReleaseError[],
): Plan {
  const { repo, applied, target } = input;
  const byVersion = new Map(files.map((file) => [file.version, file]));
  const newestFirst = applied.toSorted((a, b) => compareVersions(b.version, a.version));
  const canGo = (row: AppliedMigration) => byVersion.has(row.version) || row.hasPlan === true;
  const rows = "all" in target ? newestFirst.filter(canGo) : newestFirst;
  const chosen = choose(rows, target, (version, end) => compareVersions(end, version));

  const unknown = unknownTarget(input, files);
  const refusals = [
    ...(unknown === undefined ? [] : [new ReleaseError("version_unknown", { repo, ...unknown })]),
    ...chosen
      .filter((row) => !canGo(row))
      .map(
        (row) => new ReleaseError("not_in_release", { repo, version: row.version, name: row.name }),
      ),
  ];
  refuse([...found, ...refusals]);
  const stored = chosen.filter((row) => !byVersion.has(row.version)).map(fileOfRow);
  return {
    repo,
    direction: "down",
    files: chosen.map((row) => byVersion.get(row.version) ?? fileOfRow(row)),
    stored,
    skipped: [],
    warnings: [],
  };
}

/** What has not run yet, in the order of `files`. */
export function pendingFiles(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): readonly MigrationFile[] {
  const done = new Set(applied.map((row) => row.version));
  return files.filter((file) => !done.has(file.version));
}

/** Pending migrations that are older than an applied one: their phase says whether that is out of order. */
export function lateFiles(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): readonly MigrationFile[] {
  const pending = pendingFiles(files, applied);
  const newest = pending.length === 0 ? undefined : latest(applied);
  if (newest === undefined) return [];
  return pending.filter((file) => compareVersions(file.version, newest) < 0);
}

/**
 * The newest applied migration that one of this phase should have come before. What runs after the deploy comes behind
 * the before-migrations of its release: that they may change places was proven when those went first.
 */
function newestBefore(applied: readonly AppliedMigration[], phase: Phase): Version | undefined {
  return latest(phase === "before" ? applied : applied.filter((row) => row.phase === "after"));
}

/** A migration that only the history knows. */
function fileOfRow({ version, name = "" }: AppliedMigration): MigrationFile {
  return {
    id: name === "" ? version : `${version}_${name}`,
    version,
    name,
    origin: "the plan in the history",
  };
}

/** The start of an ordered list that the target reaches. `distance` is negative before the end, 0 at it. */
function choose<Item extends { readonly version: Version }>(
  ordered: readonly Item[],
  target: Target,
  distance: (version: Version, end: Version) => number,
): readonly Item[] {
  if ("all" in target) return ordered;
  if ("step" in target) return ordered.slice(0, target.step);
  if ("to" in target) return ordered.filter((item) => distance(item.version, target.to) <= 0);
  return ordered.filter((item) => distance(item.version, target.toExclusive) < 0);
}

function unknownTarget(
  input: PlanInput,
  files: readonly MigrationFile[],
): Extract<PlanWarning, { kind: "version_unknown" }> | undefined {
  const { target, applied } = input;
  const version =
    "to" in target ? target.to : "toExclusive" in target ? target.toExclusive : undefined;
  if (version === undefined) return undefined;
  const known = [...files.map((file) => file.version), ...applied.map((row) => row.version)];
  return known.includes(version)
    ? undefined
    : { kind: "version_unknown", version, nearest: nearestVersion(version, known) };
}

/** The known version that is most likely meant: one that starts alike. */
function nearestVersion(version: Version, known: readonly Version[]): Version | undefined {
  const alike = known.filter(
    (other) =>
      commonStart(other, version) >= Math.max(1, Math.min(version.length, other.length) - 2),
  );
  return alike.toSorted((a, b) => commonStart(b, version) - commonStart(a, version))[0];
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

function latest(applied: readonly AppliedMigration[]): Version | undefined {
  return applied
    .map((row) => row.version)
    .toSorted(compareVersions)
    .at(-1);
}

function lateError(
  repo: string,
  warning: { readonly file: MigrationFile; readonly newest: Version },
): ReleaseError {
  const { version, name } = warning.file;
  return new ReleaseError("out_of_order", { repo, version, name, newest: warning.newest });
}

/** Two files of one version or of one name, whether they have run or not. */
export function duplicatesOf(
  repo: string,
  files: readonly MigrationFile[],
): readonly ReleaseError[] {
  const versions = repeated(files, (file) => file.version).map(
    ([version, same]) =>
      new ReleaseError("version_duplicated", {
        repo,
        version,
        origins: same.map((file) => file.origin),
      }),
  );
  const names = repeated(files, (file) => file.name)
    .filter(([, same]) => new Set(same.map((file) => file.version)).size > 1)
    .map(
      ([name, same]) =>
        new ReleaseError("name_duplicated", {
          repo,
          name,
          origins: same.map((file) => file.origin),
        }),
    );
  return [...versions, ...names];
}

function repeated(
  files: readonly MigrationFile[],
  key: (file: MigrationFile) => string,
): readonly (readonly [string, readonly MigrationFile[]])[] {
  return [...Map.groupBy(files, key)].filter(([, same]) => same.length > 1);
}
