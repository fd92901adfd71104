/** Whether a release can start on a database: what it still needs, and what has run that it does not know. */
import {
  type AppliedMigration,
  compareVersions,
  type MigrationFile,
  type Phase,
  type Version,
} from "../model/migration.ts";
import { compareSemver } from "../model/semver.ts";
import { pendingFiles } from "./pending-files.ts";

/** A migration by version and name. */
export type NamedMigration = { readonly version: Version; readonly name: string };

/**
 * An applied migration that this release does not know and does not work with, as far as Slipway
 * can see.
 */
export type TooNew = {
  readonly version: Version;
  readonly name: string | undefined;
  /** The oldest version of the app that works with it, where its file said so. */
  readonly compatibleFrom?: string | undefined;
};

/** Plain data, for a probe or a dashboard. */
export type Readiness = {
  /** Pending before-migrations: the release needs them before it starts. */
  readonly pending: readonly NamedMigration[];
  /** Pending after-migrations: nothing waits for them. */
  readonly later: readonly NamedMigration[];
  readonly tooNew: readonly TooNew[];
};

export type ReadinessInput = {
  readonly files: readonly MigrationFile[];
  readonly applied: readonly AppliedMigration[];
  /** The phases of pending migrations. Default: `before`. */
  readonly phases: ReadonlyMap<Version, Phase>;
  /** The version of the app. */
  readonly release: string | undefined;
};

/** Sorts pending migrations, and finds those that ran behind this release's back. */
export function readiness(input: ReadinessInput): Readiness {
  const { files, applied, phases, release } = input;
  const pending = pendingFiles(files, applied);
  const isLater = (file: MigrationFile) => phases.get(file.version) === "after";
  return {
    pending: pending.filter((file) => !isLater(file)).map(nameOf),
    later: pending.filter(isLater).map(nameOf),
    tooNew: newerRows(files, applied)
      .filter((row) => !worksWith(row, release))
      .map(({ version, name, compatibleFrom }) => ({
        version,
        name,
        ...(compatibleFrom === undefined ? {} : { compatibleFrom }),
      })),
  };
}

/** The declaration counts where there is one; else the old code lives with what ran before a deploy. */
function worksWith({ phase, compatibleFrom }: AppliedMigration, release: string | undefined) {
  if (compatibleFrom === undefined) return phase !== "after";
  const order = release === undefined ? undefined : compareSemver(compatibleFrom, release);
  return order !== undefined && order <= 0;
}

/**
 * Finds applied migrations that this release lacks and that are newer than it: by version, or
 * because they ran later than everything of the release. Old migrations whose files were deleted do
 * not count.
 */
function newerRows(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): readonly AppliedMigration[] {
  const known = new Set(files.map((file) => file.version));
  const newest = [...known].toSorted(compareVersions).at(-1);
  const times = applied
    .filter((row) => known.has(row.version))
    .map((row) => row.appliedAt?.getTime() ?? 0);
  const last = Math.max(0, ...times);
  return applied
    .filter((row) => !known.has(row.version))
    .filter(
      ({ version, appliedAt }) =>
        newest === undefined ||
        compareVersions(version, newest) > 0 ||
        (last > 0 && (appliedAt?.getTime() ?? 0) > last),
    );
}

function nameOf({ version, name }: MigrationFile): NamedMigration {
  return { version, name };
}
