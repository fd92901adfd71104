/** The files of one migration → its definition. */
import { dirname, extname, resolve } from "node:path";
import type { MigrationDefinition } from "../../core/language/migration-definition.ts";
import type { SqlText } from "../../core/language/sql-migration.ts";
import { isReleaseError } from "../../core/model/errors.ts";
import type { ReadFile } from "../../core/plan/read-files.ts";
import { checksum } from "../checksum.ts";
import { displayPath } from "./display-path.ts";
import { type EntryFiles, mainPath } from "./entry-files.ts";
import { isLarge, largeChecksum, saysNothing, streamedDefinition } from "./large-file.ts";
import { importMigration, type ModuleOptions } from "./module.ts";
import { readText } from "./read-text.ts";

let reading: Promise<typeof import("../../core/language/sql-migration.ts")> | undefined;

/** Asked for once: an `import` takes a while though the module is there. */
function sqlReader() {
  reading ??= import("../../core/language/sql-migration.ts");
  return reading;
}

/**
 * Runs a module, or reads SQL as `syntax` has it; `took` gets the checksum of a text that it has read anyway.
 *
 * @throws {ReleaseError} `migration_unloadable`, `not_a_migration`, `migration_invalid`, `not_utf8`
 */
export async function loadFiles(
  files: EntryFiles,
  options: ModuleOptions,
  took: (checksum: string) => void = () => {},
): Promise<MigrationDefinition> {
  if (files.kind === "module") return importMigration(files.path, options);
  const { root } = options;
  const { definitionFromSql } = await sqlReader();
  const streamed = await streamedUp(files, options);
  if (streamed !== undefined) {
    const down = files.kind === "pair" && files.down ? sqlText(files.down, root) : undefined;
    const rest = definitionFromSql({ up: { text: "", origin: streamed.origin }, down }, options);
    return streamedDefinition(streamed.path, { ...streamed, down: rest.down });
  }
  switch (files.kind) {
    case "sql": {
      if (files.changeset !== undefined) {
        const { changesetOf } = await import("./liquibase-sets.ts");
        const { up, down, transaction } = changesetOf(files.path, files.changeset, root);
        const { origin } = options;
        const part = (text: string | undefined) =>
          text === undefined ? undefined : { text, origin };
        return definitionFromSql({ up: part(up), down: part(down) }, { ...options, transaction });
      }
      const whole = sqlText(files.path, root);
      took(textsChecksum(files, [whole.text]));
      return definitionFromSql({ whole }, options);
    }
    case "pair": {
      const up = files.up === undefined ? undefined : sqlText(files.up, root);
      const down = files.down === undefined ? undefined : sqlText(files.down, root);
      took(textsChecksum(files, [up?.text ?? "", down?.text ?? ""]));
      const transaction = transactionSaid(files.metadata, root);
      return definitionFromSql({ up, down }, { ...options, transaction });
    }
  }
}

/**
 * The file of a way up that is too large to be read as a whole. MySQL and SQLite need the whole of it: the one to cut it
 * by its own `DELIMITER`, the other for what goes around its transaction. So does a file that says something about itself.
 */
export async function streamedUp(
  files: EntryFiles,
  { root, syntax, placeholders }: ModuleOptions,
): Promise<{ readonly path: string; readonly origin: string } | undefined> {
  if (files.kind === "module" || placeholders !== undefined) return undefined;
  if (files.kind === "sql" ? files.changeset !== undefined : files.metadata !== undefined)
    return undefined;
  const path = files.kind === "sql" ? files.path : files.up;
  if (path === undefined || !isLarge(path)) return undefined;
  const { comesInPieces } = await import("../../core/sql/statement-stream.ts");
  const origin = displayPath(root, path);
  return comesInPieces(syntax) && saysNothing(path, origin) ? { path, origin } : undefined;
}

/** `kind:checksum` of the text. The kind is the ending: a `.ts` and the `.js` made of it are not to be compared. */
export async function filesChecksum(files: EntryFiles, root: string): Promise<string> {
  if (files.kind === "sql" && files.changeset !== undefined) {
    const { changesetOf } = await import("./liquibase-sets.ts");
    const { up, down = "" } = changesetOf(files.path, files.changeset, root);
    return `sql:${checksum(`${up.trim()}\0${down.trim()}`)}`;
  }
  const paths = files.kind === "pair" ? [files.up, files.down] : [files.path];
  const kind = extname(mainPath(files)).slice(1);
  if (paths.some((path) => path !== undefined && isLarge(path)))
    return `${kind}:${largeChecksum(paths)}`;
  const texts = paths.map((path) =>
    path === undefined ? "" : readText(path, displayPath(root, path)),
  );
  return textsChecksum(files, texts);
}

function textsChecksum(files: EntryFiles, texts: readonly string[]): string {
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

/**
 * Whether diesel's metadata.toml wants a transaction, its one setting.
 * https://docs.rs/diesel_migrations
 */
export function transactionSaid(metadata: string | undefined, root: string): boolean | undefined {
  if (metadata === undefined) return undefined;
  const toml = readText(metadata, displayPath(root, metadata));
  return /^\s*run_in_transaction\s*=\s*false\b/m.test(toml) ? false : undefined;
}
