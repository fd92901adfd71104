import { compareVersions, type MigrationFile, type Version } from "../core/model/migration.ts";

/** Whether a migration is of the history that is left as it is. */
export function isLeftAlone({ version }: MigrationFile, startAfter: Version | undefined): boolean {
  return startAfter !== undefined && compareVersions(version, startAfter) <= 0;
}
