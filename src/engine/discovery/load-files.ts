/** The files of one migration → its definition. */
import { dirname, extname, resolve } from "node:path";
import type { MigrationDefinition } from "../../core/language/migration-definition.ts";
import type { SqlText } from "../../core/language/sql-migration.ts";
import { isReleaseError } from "../../core/model/errors.ts";
import type { ReadFile } from "../../core/plan/read-files.ts";
import { checksum } from "../checksum.ts";
import { displayPath } from "./display-path.ts";
import { type EntryFiles, mainPath } from "./entry-files.ts";
import { importMigration, type ModuleOptions } from "./module.ts";
import { readText } from "./read-text.ts";

/**
 * Runs a module, or reads SQL as `syntax` has it.
 *
 * @throws {ReleaseError} `migration_unloadable`, `not_a_migration`, `migration_invalid`, `not_utf8`
 */
export async function loadFiles(
  files: EntryFiles,
  options: ModuleOptions,
): Promise<MigrationDefinition> {
  if (files.kind === "module") return importMigration(files.path, options);
  const { root } = options;
  const { definitionFromSql } = await import("../../core/language/sql-migration.ts");
  switch (files.kind) {
    case "sql":
      if (files.changeset !== undefined) {
        const { changesetOf } = await import("./liquibase-sets.ts");
        const { up, down, transaction } = changesetOf(files.path, files.changeset, root);
        const { origin } = options;
        const part = (text: string | undefined) =>
          text === undefined ? undefined : { text, origin };
        return definitionFromSql({ up: part(up), down: part(down) }, { ...options, transaction });
      }
      return definitionFromSql({ whole: sqlText(files.path, root) }, options);
    case "pair": {
      const up = files.up === undefined ? undefined : sqlText(files.up, root);
      const down = files.down === undefined ? undefined : sqlText(files.down, root);
      const transaction = transactionSaid(files.metadata, root);
      return definitionFromSql({ up, down }, { ...options, transaction });
    }
  }
}

/** `kind:checksum` of the text. The kind is the ending: a `.ts` and the `.js` made of it are not to be compared. */
export async function filesChecksum(files: EntryFiles, root: string): Promise<string> {
  if (files.kind === "sql" && files.changeset !== undefined) {
    const { changesetOf } = await import("./liquibase-sets.ts");
    const { up, down = "" } = changesetOf(files.path, files.changeset, root);
    return `sql:${checksum(`${up.trim()}\0${down.trim()}`)}`;
  }
  const paths = files.kind === "pair" ? [files.up, files.down] : [files.path];
  const texts = paths.map((path) =>
    path === undefined ? "" : readText(path, displayPath(root, path)),
  );
  return `${extname(mainPath(files)).slice(1)}:${checksum(texts.join("\0"))}`;
}

/** Reads files for `m.executeFile`, from the folder of the migration's own file. */
export function readFileBeside(files: EntryFiles): ReadFile {
  const folder = dirname(mainPath(files));
  return (path) => {
    try {
      return readText(resolve(folder, path), path);
    } catch (error) {
      if (isReleaseError(error)) throw error;
      return undefined;
    }
  };
}

/** In one go: a small file is read in less time than it takes to wait for it. */
function sqlText(path: string, root: string): SqlText {
  const origin = displayPath(root, path);
  return { text: readText(path, origin), origin };
}

/** What diesel's metadata.toml says of transactions, its one setting. https://docs.rs/diesel_migrations */
export function transactionSaid(metadata: string | undefined, root: string): boolean | undefined {
  if (metadata === undefined) return undefined;
  const toml = readText(metadata, displayPath(root, metadata));
  return /^\s*run_in_transaction\s*=\s*false\b/m.test(toml) ? false : undefined;
}
