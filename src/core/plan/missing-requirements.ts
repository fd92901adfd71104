/** Migrations that say which older one of the same history must have run before them. */
import { ReleaseError } from "../model/errors.ts";
import {
  type AppliedMigration,
  compareVersions,
  type MigrationFile,
  type Version,
} from "../model/migration.ts";
import type { Step } from "./step.ts";

/**
 * Finds requirements that nothing fulfils: neither earlier runs nor the steps before it. A
 * migration has run when its last backfill has ended.
 */
export function missingRequirements(
  steps: readonly Step[],
  {
    repo,
    applied,
    files,
  }: {
    readonly repo: string;
    readonly applied: readonly Pick<AppliedMigration, "version">[];
    readonly files: readonly MigrationFile[];
  },
): readonly ReleaseError[] {
  const done = new Set(applied.map(({ version }) => version));
  return steps.flatMap(({ file, direction, requiresMigration: required }) => {
    const isMissing = direction === "up" && required !== undefined && !done.has(required);
    if (direction === "up") done.add(file.version);
    if (!isMissing || isSquashed(required, files)) return [];
    const known = files.find(({ version }) => version === required);
    const { version, name } = file;
    return [
      new ReleaseError("migration_required", {
        ...{ repo, version, name, required },
        ...(known === undefined ? {} : { requiredName: known.name }),
        isLater: compareVersions(required, version) >= 0,
      }),
    ];
  });
}

/** Whether it has no file any more, because a baseline stands for it. */
function isSquashed(required: Version, files: readonly MigrationFile[]): boolean {
  return (
    files.every(({ version }) => version !== required) &&
    files.some(
      ({ baseline, number, version }) =>
        baseline && compareVersions(number ?? version, required) >= 0,
    )
  );
}
