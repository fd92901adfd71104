/** Runs the module of a migration. */
import { pathToFileURL } from "node:url";
import { ReleaseError } from "../../core/errors.ts";
import type { MigrationDefinition } from "../../core/migration.ts";
import { definitionFrom } from "./definition.ts";
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
  return definitionFrom(await importModule(pathToFileURL(path).href, options), origin);
}

async function importModule(url: string, options: LoadOptions): Promise<unknown> {
  try {
    // Not for a bundler to follow: it is a file beside the program, or there is a manifest and this is never reached.
    return await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ url);
  } catch (cause) {
    throw unloadable(cause, options);
  }
}
