/** Runs the module of a migration. */

import type { MigrationDefinition } from "../../core/language/migration-definition.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { definitionFrom } from "./definition.ts";
import { importFile } from "./import-file.ts";
import { readText } from "./read-text.ts";
import { type LoadOptions, unloadable } from "./unloadable.ts";

/**
 * Imports the file at `path` and takes the definition that it exports.
 *
 * @throws {ReleaseError} `migration_unloadable`, `not_a_migration`, `migration_invalid`, `not_utf8`
 */
export async function importMigration(
  path: string,
  options: LoadOptions,
): Promise<MigrationDefinition> {
  const { origin } = options;
  if (readText(path, origin).trim() === "") {
    throw new ReleaseError("migration_invalid", {
      origin,
      reason: "it is empty",
      hint: "Write export default defineMigration({ change(m) { … } }), or delete it.",
    });
  }
  return definitionFrom(await exportsOf(path, options), origin);
}

async function exportsOf(path: string, options: LoadOptions): Promise<unknown> {
  try {
    return await importFile(path, options.root);
  } catch (cause) {
    throw unloadable(cause, options);
  }
}
