import type { AppliedMigration, MigrationFile } from "../model/migration.ts";

/** The files that have not run yet, in the order of `files`. */
export function pendingFiles(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): readonly MigrationFile[] {
  const done = new Set(applied.map((row) => row.version));
  return files.filter((file) => !done.has(file.version));
}

/** Whether all of them have run and none is there twice: most commands find it so, and need no order to say it. */
export function areUpToDate(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): boolean {
  const isUnique = new Set(files.map(({ version }) => version)).size === files.length;
  return isUnique && pendingFiles(files, applied).length === 0;
}
