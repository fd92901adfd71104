/** Migrations in folders on disk. */
// Loaded when a folder is read: a built release reads none.
import { promises, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ForeignModules } from "../../core/language/foreign-modules.ts";
import { ReleaseError, refuse } from "../../core/model/errors.ts";
import type { MigrationFile } from "../../core/model/migration.ts";
import type { Warning } from "../../core/model/warnings.ts";
import { inOrder } from "../../core/plan/order.ts";
import type { Placeholders } from "../../core/sql/placeholders.ts";
import type { LayoutName } from "./arrangements/index.ts";
import { displayPath } from "./display-path.ts";
import { mainPath } from "./entry-files.ts";
import { inOrderOfTool, type KeysOptions, keyed } from "./keys.ts";
import { hasWord } from "./large-file.ts";
import { filesChecksum, loadFiles, readFileBeside } from "./load-files.ts";
import { isNamedBaseline, isNamedRepeatable, marked, saysRepeatable } from "./migration-name.ts";
import { asOneFolder } from "./one-folder.ts";
import { type FoundMigration, type MigrationTree, readTree } from "./read-tree.ts";
import type { Source } from "./source.ts";

export type FoldersOptions = {
  /** Whose migrations they are, for messages. */
  readonly repo: string;
  /** Folders are relative to it, and messages show files relative to it. */
  readonly root: string;
  /** Whose modules they are. Default: Slipway's. */
  readonly modules?: ForeignModules | undefined;
  /** The values for `${name}` in its SQL. Default: Slipway replaces nothing. */
  readonly placeholders?: Placeholders | undefined;
  /** How its names are read. Default: as they look. */
  readonly layout?: LayoutName | undefined;
};

/**
 * Reads one folder or several as one, with all sub-folders. A migration is `ID.ts`, `.mts`, `.js`, `.mjs` or `.cjs`,
 * `ID.sql`, a pair `ID.up.sql` and `ID.down.sql`, or a folder `ID` with `up.sql` and `down.sql` or with `migration.sql`.
 */
export function folders(folder: string | readonly string[], options: FoldersOptions): Source {
  const { root, modules, placeholders } = options;
  let known = new Map<string, FoundMigration>();

  async function list() {
    const { found, warnings } = await findMigrations(folder, options);
    known = new Map(found.map((one) => [one.file.origin, one]));
    return { files: found.map((one) => one.file), warnings };
  }

  async function find({ origin }: MigrationFile): Promise<FoundMigration> {
    if (!known.has(origin)) await list();
    const found = known.get(origin);
    if (found === undefined) {
      throw new ReleaseError("migration_unloadable", { origin, reason: "it is gone" });
    }
    return found;
  }

  return {
    list,
    async load(file, syntax) {
      const { files } = await find(file);
      const options = { origin: file.origin, root, syntax, modules, placeholders };
      let checksum: string | undefined;
      const definition = await loadFiles(files, options, (taken) => {
        checksum = taken;
      });
      return { file, definition, readFile: readFileBeside(files), checksum };
    },
    async checksum(file) {
      return filesChecksum((await find(file)).files, root);
    },
    async facts(file) {
      const { fileFacts } = await import("./file-facts.ts");
      return fileFacts(await find(file), options.root);
    },
  };
}

/**
 * The migrations in folders, oldest first, each with its files; runs none of them.
 *
 * @throws {ReleaseError} `folder_missing`, `layout_unknown`, `migration_invalid`
 */
export async function findMigrations(
  folder: string | readonly string[],
  options: FoldersOptions,
): Promise<MigrationTree> {
  const { root } = options;
  const paths = (typeof folder === "string" ? [folder] : folder).map((path) => resolve(root, path));
  await refuseMissing(paths, options);
  const read = await Promise.all(
    paths.map(async (path) => {
      const shown = { folder: displayPath(root, path), modules: options.modules };
      return asOneFolder(await readTree(path, options), shown);
    }),
  );
  const trees = await Promise.all(
    read.map(async (tree) => ({ ...tree, found: await migrationsIn(tree, options) })),
  );
  return {
    found: order(trees, options),
    warnings: toldOnce(trees.flatMap((tree) => tree.warnings)),
  };
}

async function refuseMissing(
  paths: readonly string[],
  { repo, root }: FoldersOptions,
): Promise<void> {
  const there = await Promise.all(
    paths.map((path) =>
      promises.stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      ),
    ),
  );
  const missing = paths.filter((_, i) => !there[i]);
  refuse(
    missing.map(
      (path) => new ReleaseError("folder_missing", { repo, folder: displayPath(root, path) }),
    ),
  );
}

/** A folder inside of another one is read twice. */
function toldOnce(warnings: readonly Warning[]): readonly Warning[] {
  const once = new Map(warnings.map((one) => [one.message, one]));
  return [...once.values()].toSorted((a, b) => (a.message < b.message ? -1 : 1));
}

async function migrationsIn({ found }: MigrationTree, { layout, root }: FoldersOptions) {
  if (layout !== "liquibase") return found.map(withMark);
  const { changesets } = await import("./liquibase-sets.ts");
  return changesets(found, root);
}

/** That it runs again, as its name or its text says; the text is looked through and not read. */
function withMark({ file, files }: FoundMigration): FoundMigration {
  const kind = files.kind === "module" ? "module" : "sql";
  const path = mainPath(files);
  const isRepeatable = isNamedRepeatable(file.id) || readsRepeatable(path, kind);
  const isBaseline = isNamedBaseline(file.id);
  return {
    files,
    file: { ...marked(file, isRepeatable), ...(isBaseline ? { baseline: true } : {}) },
  };
}

/** Only a text with the word in it is made one. */
function readsRepeatable(path: string, kind: "sql" | "module"): boolean {
  return hasWord(path, "repeatable") && saysRepeatable(readFileSync(path, "latin1"), kind);
}

/** Oldest first. If one folder has a separate order, the folders run one after another. */
function order(trees: readonly MigrationTree[], keys: KeysOptions): readonly FoundMigration[] {
  const all = trees.flatMap(({ found }) => found.toSorted((a, b) => inOrder(a.file, b.file)));
  // A folder inside of another one is read twice, and each migration counts once.
  const once = [...new Map(all.map((one) => [one.file.origin, one])).values()];
  if (once.some(({ file }) => file.place !== undefined)) return keyed(once, keys).map(inPlace);
  const byNumber = keyed(once, keys).toSorted((a, b) => inOrder(a.file, b.file));
  if (keys.modules?.order === undefined) return byNumber;
  const ofTool = inOrderOfTool(byNumber, keys);
  return ofTool.some((one, i) => one !== byNumber[i]) ? ofTool.map(inPlace) : byNumber;
}

function inPlace(one: FoundMigration, place: number): FoundMigration {
  return { ...one, file: { ...one.file, place } };
}
