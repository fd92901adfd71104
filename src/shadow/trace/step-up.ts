/** One migration up on a shadow, with the data migration that it requires. */
import { isReleaseError, type ReleaseError } from "../../core/errors.ts";
import { inputFromDigits } from "../../core/migration.ts";
import type { Release } from "../../release/release.ts";

/** The error that it ended with, if any. */
export async function stepUp(release: Release, repo: string): Promise<ReleaseError | undefined> {
  const options = { repo, step: 1, logMigrationsSql: true } as const;
  try {
    await release.migrate(options);
    return undefined;
  } catch (error) {
    if (!isReleaseError(error)) throw error;
    if (error.code !== "data_migration_required") return error;
    const { data } = (error as ReleaseError<"data_migration_required">).details;
    return await afterData(release, { repo, data, options });
  }
}

async function afterData(
  release: Release,
  step: {
    readonly repo: string;
    readonly data: string;
    readonly options: NonNullable<Parameters<Release["migrate"]>[0]>;
  },
): Promise<ReleaseError | undefined> {
  try {
    await release.migrateData({ repo: step.repo, to: inputFromDigits(step.data) });
    await release.migrate(step.options);
    return undefined;
  } catch (error) {
    if (isReleaseError(error)) return error;
    throw error;
  }
}
