/** Which migrations run, and in which order. Pure: lists in, a list out. */
import { ReleaseError, refuse } from "../model/errors.ts";
import type {
  AppliedMigration,
  Direction,
  MigrationFile,
  Phase,
  Target,
  Version,
} from "../model/migration.ts";
import { isNumber } from "../model/version-key.ts";
import { type Warning, type WarningDetails, warning } from "../model/warnings.ts";
import { inOrder, newestFirst, type Order, orderOf, repeatedAmong } from "./order.ts";
import { areUpToDate, pendingFiles } from "./pending-files.ts";

/** The migrations of a run, in order. */
export type Plan = {
  readonly repo: string;
  readonly direction: Direction;
  readonly files: readonly MigrationFile[];
  /** Those of `files` that this release does not contain: the plan in the history rolls them back. */
  readonly stored: readonly MigrationFile[];
  /** Those of `files` whose earlier text the plan in the history brings back. */
  readonly restored: readonly MigrationFile[];
  /** Pending ones of the other phase that are older than one of `files`. */
  readonly skipped: readonly MigrationFile[];
  readonly warnings: readonly Warning[];
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
  /** Going down: those that run again and have an earlier text. Default: none. */
  readonly earlier?: ReadonlySet<Version> | undefined;
};

/**
 * Decides which migrations run, in which order.
 * Up runs what is pending, oldest first; down undoes what is applied, newest first.
 * If no migration has the version `to`, going up warns about it and going down refuses it.
 *
 * @throws {ReleaseError} `version_duplicated`, `version_ambiguous`, `out_of_order`, `version_unknown`, `not_in_release`
 */
export function plan(given: PlanInput): Plan {
  const { repo } = given;
  const { direction } = given.target;
  const isOfAll = direction === "up" && targetVersion(given.target) === undefined;
  if (isOfAll && areUpToDate(given.files, given.applied))
    return { repo, direction, files: [], stored: [], restored: [], skipped: [], warnings: [] };
  const files = given.files.toSorted(inOrder);
  const duplicates = duplicatesOf(repo, files);
  const input = { ...given, files, target: ofOneFile(given) };
  return input.target.direction === "up"
    ? planUp(input, files, duplicates)
    : planDown(input, files, duplicates);
}

/** A number that one file alone starts with means that file, although it is known by its id. */
function ofOneFile({ repo, files, target }: PlanInput): Target {
  const version = targetVersion(target);
  if (version === undefined || files.some((file) => file.version === version)) return target;
  const same = files.filter((file) => file.number === version);
  const [only, second] = same;
  if (only === undefined) return target;
  if (second !== undefined) {
    const ids = same.map((file) => file.id);
    throw new ReleaseError("version_ambiguous", { repo, version, ids });
  }
  const { direction } = target;
  return "to" in target
    ? { direction, to: only.version }
    : { direction, toExclusive: only.version };
}

function targetVersion(target: Target): Version | undefined {
  return "to" in target ? target.to : "toExclusive" in target ? target.toExclusive : undefined;
}

function planUp(
  input: PlanInput,
  files: readonly MigrationFile[],
  found: readonly ReleaseError[],
): Plan {
  const { repo, applied, target, phases, phase } = input;
  const order = orderOf(files);
  const isRepeated = repeatedAmong(files);
  const once = applied.filter(({ version }) => !isRepeated(version));
  const phaseOf = (file: MigrationFile) => phases?.get(file.version) ?? "before";
  const pending = pendingFiles(files, applied);
  const wanted = pending.filter((file) => phase === undefined || phaseOf(file) === phase);
  const chosen = choose(wanted, target, order);

  const [before, after] = [newestBefore(once, "before", order), newestBefore(once, "after", order)];
  const outOfOrder = chosen.flatMap((file) => {
    const newest = phaseOf(file) === "before" ? before : after;
    if (newest === undefined || file.repeatable || order(file.version, newest) > 0) return [];
    return [{ file, newest }];
  });
  const refusals: ReleaseError[] = input.strictVersionOrder
    ? outOfOrder.map(({ file, newest }) => {
        const { version, name } = file;
        return new ReleaseError("out_of_order", { repo, version, name, newest });
      })
    : [];
  const unknown = unknownTarget(input, files);
  // A number says how far to go although no migration has it; an id that none has says nothing.
  if (unknown !== undefined && !isNumber(unknown.version))
    refusals.push(new ReleaseError("version_unknown", { repo, ...unknown }));
  refuse([...found, ...refusals]);

  const last = chosen.at(-1)?.version ?? "0";
  const isWanted = new Set(wanted);
  return {
    repo,
    direction: "up",
    files: chosen,
    stored: [],
    restored: [],
    skipped: pending.filter((file) => !isWanted.has(file) && order(file.version, last) < 0),
    warnings: [
      ...(unknown === undefined ? [] : [warning("version_unknown", unknown)]),
      ...outOfOrder.map(({ file: { version }, newest }) =>
        warning("out_of_order", { version, newest }),
      ),
    ],
  };
}

function planDown(
  input: PlanInput,
  files: readonly MigrationFile[],
  found: readonly ReleaseError[],
): Plan {
  const { repo, applied, target } = input;
  const byVersion = new Map(files.map((file) => [file.version, file]));
  const order = orderOf(files);
  const sorted = applied.toSorted((a, b) => order(b.version, a.version));
  const canGo = (row: AppliedMigration) => byVersion.has(row.version) || row.hasPlan === true;
  const rows = "all" in target ? sorted.filter(canGo) : sorted;
  const chosen = "all" in target ? rows : chooseDown(rows, input, files);

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
  const goes = chosen.map((row) => {
    const file = byVersion.get(row.version) ?? fileOfRow(row);
    return row.rowNumber === undefined ? file : { ...file, rowNumber: row.rowNumber };
  });
  const isRestored = ({ version }: MigrationFile) =>
    !("all" in target) && input.earlier?.has(version) === true;
  return {
    repo,
    direction: "down",
    files: goes,
    stored,
    restored: goes.filter(isRestored),
    skipped: [],
    warnings: [],
  };
}

/**
 * Slipway rolls back a repeatable migration alone if you name it. Otherwise those go that have an
 * earlier text, and only if they ran after a migration that is rolled back. So nobody loses a view
 * because an unrelated table goes.
 */
function chooseDown(
  rows: readonly AppliedMigration[],
  { target, earlier = new Set() }: PlanInput,
  files: readonly MigrationFile[],
): readonly AppliedMigration[] {
  const version = targetVersion(target);
  const order = orderOf(files);
  const isRepeated = repeatedAmong(files);
  if (version !== undefined && isRepeated(version))
    return "to" in target ? rows.filter((row) => row.version === version) : [];
  const once = rows.filter((row) => !isRepeated(row.version));
  const merged = newestFirst(
    once,
    rows.filter((row) => earlier.has(row.version)),
  );
  if ("step" in target) return merged.slice(0, target.step);
  const chosen = new Set(choose(once, target, (one, end) => order(end, one)));
  const last = merged.findLastIndex((row) => chosen.has(row));
  return merged.slice(0, last + 1);
}

/** Pending migrations that are older than an applied one: their phase says whether that is out of order. */
export function lateFiles(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): readonly MigrationFile[] {
  const pending = pendingFiles(files, applied);
  if (pending.length === 0) return [];
  const order = orderOf(files);
  const isRepeated = repeatedAmong(files);
  const once = applied.filter(({ version }) => !isRepeated(version));
  const newest = latest(once, order);
  if (newest === undefined) return [];
  return pending.filter((file) => !file.repeatable && order(file.version, newest) < 0);
}

/**
 * The newest applied migration that one of this phase should have come before. What runs after the deploy comes behind
 * the before-migrations of its release: that they may change places was proven when those went first.
 */
function newestBefore(
  applied: readonly AppliedMigration[],
  phase: Phase,
  order: Order,
): Version | undefined {
  const before = phase === "before" ? applied : applied.filter((row) => row.phase === "after");
  return latest(before, order);
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
): WarningDetails["version_unknown"] | undefined {
  const { target, applied } = input;
  const version = targetVersion(target);
  if (version === undefined) return undefined;
  const known = [...files.map((file) => file.version), ...applied.map((row) => row.version)];
  return known.includes(version) ? undefined : { version, nearest: nearestVersion(version, known) };
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

function latest(applied: readonly AppliedMigration[], order: Order): Version | undefined {
  let newest: Version | undefined;
  for (const { version } of applied)
    if (newest === undefined || order(version, newest) >= 0) newest = version;
  return newest;
}

/** Two files of one version, whether they have run or not. Equal names are no error: many histories have them. */
export function duplicatesOf(
  repo: string,
  files: readonly MigrationFile[],
): readonly ReleaseError[] {
  return [...Map.groupBy(files, (file) => file.version)]
    .filter(([, same]) => same.length > 1)
    .map(([version, same]) => {
      const origins = same.map((file) => file.origin);
      return new ReleaseError("version_duplicated", { repo, version, origins });
    });
}
