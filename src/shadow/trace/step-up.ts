/** Migrations up on a shadow, with the data migrations that they require. */
import { isReleaseError, type ReleaseError } from "../../core/model/errors.ts";
import { inputFromDigits, type VersionInput } from "../../core/model/migration.ts";
import type { Release } from "../../release/release.ts";

type StepTarget = { readonly prefix?: string } & (
  | { readonly step?: never; readonly to?: never }
  | { readonly step: number; readonly to?: never }
  | { readonly to: VersionInput; readonly step?: never }
);

/** The error that it ended with, if any. Default: all that are left. */
export async function stepUp(
  release: Release,
  repo: string,
  target: StepTarget = {},
): Promise<ReleaseError | undefined> {
  // A shadow has the shared tables, and no tenant.
  const options = { repo, logMigrationsSql: true, tenants: false as const, ...target };
  let failed = await errorOf(release.migrate(options));
  while (failed?.code === "data_migration_required") {
    const { data } = (failed as ReleaseError<"data_migration_required">).details;
    const before = failed.message;
    failed =
      (await errorOf(release.migrateData({ repo, to: inputFromDigits(data) }))) ??
      (await errorOf(release.migrate(options)));
    if (failed?.message === before) return failed;
  }
  return failed;
}

async function errorOf(work: Promise<unknown>): Promise<ReleaseError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (isReleaseError(error)) return error;
    throw error;
  }
}
