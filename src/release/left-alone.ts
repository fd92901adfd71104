import { compareVersions, type MigrationFile, type Version } from "../core/model/migration.ts";

/** Whether a migration belongs to the history that rules leave as it is. */
export function isLeftAlone({ version }: MigrationFile, startAfter: Version | undefined): boolean {
  return startAfter !== undefined && compareVersions(version, startAfter) <= 0;
}
