/** Where migrations come from: folders on disk, or a map that a bundle carries. */
import type { FileFacts } from "../../core/model/file-facts.ts";
import type { MigrationFile } from "../../core/model/migration.ts";
import type { Warning } from "../../core/model/warnings.ts";
import type { LoadedMigration } from "../../core/plan/step.ts";
import type { SqlSyntax } from "../../core/sql/token.ts";

export type { SqlSyntax };

export interface Source {
  /**
   * Names and versions only, oldest first: no migration is loaded. Duplicates are in it, for the planner to refuse.
   * Warnings name what looks like a migration and is not.
   *
   * @throws {ReleaseError} `folder_missing`; for a map also `migration_invalid`
   */
  list(): Promise<{
    readonly files: readonly MigrationFile[];
    readonly warnings: readonly Warning[];
  }>;
  /**
   * Loads one migration: runs its module, or reads its SQL.
   *
   * @throws {ReleaseError} `not_a_migration`, `migration_unloadable`, `migration_invalid`
   */
  load(file: MigrationFile, syntax: SqlSyntax): Promise<LoadedMigration>;
  /** `kind:checksum` of the text of a migration, without running it; `undefined` when it has no text. */
  checksum(file: MigrationFile): Promise<string | undefined>;
  /** The migration as another tool would look at it, without running it. Its text is empty where it has none. */
  facts(file: MigrationFile): Promise<FileFacts>;
  /** The files that load at this moment: code of the user's, which may never end. Default: none. */
  loading?(): readonly string[];
}
