/** A folder and everything below → the migrations in it. Reads names, and Drizzle's journal; opens no migration. */
// Loaded when a folder is read: a built release reads none.
import { promises } from "node:fs";
import { join } from "node:path";
import { ReleaseError } from "../../core/model/errors.ts";
import type { MigrationFile } from "../../core/model/migration.ts";
import { type Warning, warning } from "../../core/model/warnings.ts";
import type { LayoutName } from "./arrangements/index.ts";
import { displayPath } from "./display-path.ts";
import { type EntryFiles, mainPath, mapFiles } from "./entry-files.ts";
import { layout as plainLayout } from "./layout.ts";
import type { FolderTree, Whole } from "./whole.ts";

/** A migration, and the files that it is made of, as absolute paths. */
export type FoundMigration = { readonly file: MigrationFile; readonly files: EntryFiles };

export type MigrationTree = {
  readonly found: readonly FoundMigration[];
  readonly warnings: readonly Warning[];
};

type TreePlace = {
  readonly repo: string;
  readonly root: string;
  readonly layout?: LayoutName | undefined;
};

/**
 * Reads the tree below `path`. Nothing is sorted.
 *
 * @throws {ReleaseError} `layout_unknown`
 */
export async function readTree(
  path: string,
  { repo, root, layout }: TreePlace,
): Promise<MigrationTree> {
  const names = await readNames(path, "");
  const shown = (name: string) => displayPath(root, join(path, name));
  // Where the layout is named, it is looked for.
  const whole =
    (layout === undefined ? plainly(names) : undefined) ??
    (await asOtherTools(names, { path, repo, root, layout }));
  const found = whole.entries.map(({ files, ...name }): FoundMigration => {
    const absolute = mapFiles(files, (file) => join(path, file));
    return { file: { ...name, origin: shown(mainPath(files)) }, files: absolute };
  });
  const warnings = [
    ...whole.readAs.map((how) => warning("folder_read_as", { folder: shown(""), ...how })),
    ...whole.rejected.map(({ path, because }) =>
      warning("file_ignored", { path: shown(path), because }),
    ),
  ];
  return { found, warnings };
}

/** The layouts that a folder shows by its names. For the others, a plain folder passes too. */
const shown: ReadonlySet<string> = new Set([
  "db-migrate",
  "down-folders",
  "graphile-migrate",
  "release-folders",
]);

function refuseOther(
  { entries, readAs }: Whole,
  layout: LayoutName | undefined,
  { repo, folder }: { readonly repo: string; readonly folder: string },
): void {
  const isOther =
    layout !== undefined && shown.has(layout) && !readAs.some((one) => one.layout === layout);
  if (!isOther && (layout !== "by-name" || entries.length > 0)) return;
  const expected = `the layout that ${folder} has; without it Slipway looks for itself`;
  throw new ReleaseError("option_invalid", {
    option: `repos.${repo}.layout`,
    value: JSON.stringify(layout),
    expected,
  });
}

/** Reads a folder of files that every tool reads the same, without a look for the layouts of other tools. */
function plainly(names: FolderTree): Whole | undefined {
  const { files, folders } = names;
  if (folders.length > 0 || !files.every((name) => plainName.test(name))) return undefined;
  const { entries, rejected } = plainLayout(names);
  return entries.length === 0 || rejected.length > 0
    ? undefined
    : { entries, rejected, readAs: [] };
}

const plainName = /^\d+_\w+\.(?:sql|[cm]?[jt]s)$/;

async function asOtherTools(
  tree: FolderTree,
  { path, repo, root, layout }: TreePlace & { readonly path: string },
): Promise<Whole> {
  const { wholeLayout } = await import("./whole-layout.ts");
  const { readJournals } = await import("./drizzle-journal.ts");
  const { refuseUnread } = await import("./unread.ts");
  const whole = wholeLayout(tree, { journals: readJournals(path, { root, tree }) }, layout);
  refuseOther(whole, layout, { repo, folder: displayPath(root, path) });
  refuseUnread(tree, whole, { repo, folder: displayPath(root, path) });
  return whole;
}

async function readNames(path: string, name: string): Promise<FolderTree> {
  const inside = await Promise.all(
    (await promises.readdir(path, { withFileTypes: true })).map(async (entry) => {
      // In a Kubernetes volume every file is a link.
      const target = entry.isSymbolicLink()
        ? await promises.stat(join(path, entry.name)).catch(() => undefined)
        : entry;
      // A link that leads nowhere counts as a file, so that it is named when it is read.
      const { name } = entry;
      return { name, isFolder: target?.isDirectory() ?? false, isFile: target?.isFile() ?? true };
    }),
  );
  const folders = inside.filter(
    (entry) => entry.isFolder && !/^\.|^node_modules$/.test(entry.name),
  );
  return {
    name,
    files: inside.filter((entry) => entry.isFile).map((entry) => entry.name),
    folders: await Promise.all(folders.map((one) => readNames(join(path, one.name), one.name))),
  };
}
