/** The files of one migration → its definition. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import type { MigrationDefinition } from "../../core/migration.ts";
import type { ReadFile } from "../../core/plan/read-files.ts";
import { definitionFromSql, type SqlText } from "../../core/sql/sql-migration.ts";
import { checksum } from "../checksum.ts";
import { displayPath } from "./display-path.ts";
import type { EntryFiles } from "./layout.ts";
import { importMigration } from "./module.ts";
import { mainPath } from "./read-tree.ts";
import type { SqlSyntax } from "./source.ts";
import type { LoadOptions } from "./unloadable.ts";

/**
 * Runs a module, or reads SQL as `syntax` has it.
 *
 * @throws {ReleaseError} `migration_unloadable`, `not_a_migration`, `migration_invalid`
 */
export async function loadFiles(
  files: EntryFiles,
  options: LoadOptions & { readonly syntax: SqlSyntax },
): Promise<MigrationDefinition> {
  const { root } = options;
  switch (files.kind) {
    case "module":
      return importMigration(files.path, options);
    case "sql":
      return definitionFromSql({ whole: await sqlText(files.path, root) }, options);
    case "pair": {
      const up = files.up === undefined ? undefined : await sqlText(files.up, root);
      const down = files.down === undefined ? undefined : await sqlText(files.down, root);
      return definitionFromSql(
        { up, down },
        { ...options, transaction: await said(files.metadata) },
      );
    }
  }
}

/** `kind:checksum` of the text. The kind is the ending: a `.ts` and the `.js` made of it are not to be compared. */
export async function filesChecksum(files: EntryFiles): Promise<string> {
  const paths = files.kind === "pair" ? [files.up, files.down] : [files.path];
  const texts = await Promise.all(
    paths.map((path) => (path === undefined ? "" : readFile(path, "utf8"))),
  );
  return `${extname(mainPath(files)).slice(1)}:${checksum(texts.join("\0"))}`;
}

/** Reads files for `m.executeFile`, from the folder of the migration's own file. */
export function readFileBeside(files: EntryFiles): ReadFile {
  const folder = dirname(mainPath(files));
  return (path) => {
    try {
      return readFileSync(resolve(folder, path), "utf8");
    } catch {
      return undefined;
    }
  };
}

async function sqlText(path: string, root: string): Promise<SqlText> {
  return { text: await readFile(path, "utf8"), origin: displayPath(root, path) };
}

/** diesel's metadata.toml has this one setting. https://docs.rs/diesel_migrations */
async function said(metadata: string | undefined): Promise<boolean | undefined> {
  if (metadata === undefined) return undefined;
  const toml = await readFile(metadata, "utf8");
  return /^\s*run_in_transaction\s*=\s*false\b/m.test(toml) ? false : undefined;
}
