/** Runs the module of a migration. */

import type { MigrationDefinition } from "../../core/language/migration-definition.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import type { Placeholders } from "../../core/sql/placeholders.ts";
import { definitionFrom } from "./definition.ts";
import { foreignDefinition, type WhoseModule } from "./definition-of.ts";
import { importFile } from "./import-file.ts";
import { readText } from "./read-text.ts";
import { type LoadOptions, unloadable } from "./unloadable.ts";
import { refuseForeign } from "./whose-module.ts";

export type ModuleOptions = LoadOptions &
  WhoseModule & {
    /** The values for `${name}` in SQL. Default: Slipway replaces nothing. */
    readonly placeholders?: Placeholders | undefined;
  };

/**
 * Imports the file at `path` and takes the definition that it exports.
 *
 * @throws {ReleaseError} `migration_unloadable`, `not_a_migration`, `migration_invalid`, `not_utf8`
 */
export async function importMigration(
  path: string,
  options: ModuleOptions,
): Promise<MigrationDefinition> {
  const { origin } = options;
  if (readText(path, origin).trim() === "") {
    throw new ReleaseError("migration_invalid", {
      origin,
      reason: "it is empty",
      hint: "Write export default defineMigration({ change(m) { … } }), or delete it.",
    });
  }
  const exported = await exportsOf(path, options);
  const foreign = foreignDefinition(exported, options);
  if (foreign === undefined) refuseForeign(exported, origin, options.modules?.tool);
  return definitionFrom(foreign ?? exported, origin);
}

async function exportsOf(path: string, options: LoadOptions): Promise<unknown> {
  try {
    return await importFile(path, options.root);
  } catch (cause) {
    throw unloadable(cause, options);
  }
}
