/** A folder and everything below → the migrations in it. Reads names, opens no file. */
// Loaded when a folder is read: a built release reads none.
import { promises } from "node:fs";
import { join } from "node:path";
import type { MigrationFile } from "../../core/model/migration.ts";
import { displayPath } from "./display-path.ts";
import { type EntryFiles, type FolderNames, isMigrationFolder, layout } from "./layout.ts";

/** A migration, and the files that it is made of, as absolute paths. */
export type Found = { readonly file: MigrationFile; readonly files: EntryFiles };

export type Tree = { readonly found: readonly Found[]; readonly warnings: readonly string[] };

/** Reads the tree below `path`. Nothing is sorted. */
export async function readTree(
  path: string,
  options: { readonly root: string; readonly isBelow?: boolean },
): Promise<Tree> {
  const { root, isBelow = false } = options;
  const names = await readNames(path);
  const { entries, rejected } = layout(names);
  const found = entries.map(({ files, ...name }): Found => {
    const absolute = absoluteFiles(path, files);
    return { file: { ...name, origin: displayPath(root, mainPath(absolute)) }, files: absolute };
  });
  // A sub-folder without migrations is a folder of other things, whatever their names.
  const told = isBelow && found.length === 0 ? [] : rejected;
  const warnings = told.map(
    ({ path: name, why }) =>
      `${displayPath(root, join(path, name))} is not run as a migration: ${why}`,
  );
  const below = await Promise.all(
    names.folders
      .filter((folder) => !isMigrationFolder(folder) && !/^\.|^node_modules$/.test(folder.name))
      .map((folder) => readTree(join(path, folder.name), { root, isBelow: true })),
  );
  return {
    found: [...found, ...below.flatMap((tree) => tree.found)],
    warnings: [...warnings, ...below.flatMap((tree) => tree.warnings)],
  };
}

/** The file that stands for a migration: the one that goes up. */
export function mainPath(files: EntryFiles): string {
  return files.kind === "pair" ? (files.up ?? files.down)! : files.path;
}

async function readNames(path: string): Promise<FolderNames> {
  const inside = await Promise.all(
    (await promises.readdir(path, { withFileTypes: true })).map(async (entry) => {
      // In a Kubernetes volume every file is a link.
      const target = entry.isSymbolicLink()
        ? await promises.stat(join(path, entry.name)).catch(() => entry)
        : entry;
      return { name: entry.name, isFolder: target.isDirectory(), isFile: target.isFile() };
    }),
  );
  const folders = inside.filter((entry) => entry.isFolder);
  return {
    files: inside.filter((entry) => entry.isFile).map((entry) => entry.name),
    folders: await Promise.all(
      folders.map(async ({ name }) => ({ name, files: await promises.readdir(join(path, name)) })),
    ),
  };
}

function absoluteFiles(folder: string, files: EntryFiles): EntryFiles {
  if (files.kind !== "pair") return { ...files, path: join(folder, files.path) };
  const absolute = (path: string | undefined) =>
    path === undefined ? undefined : join(folder, path);
  const { up, down, metadata } = files;
  return { kind: "pair", up: absolute(up), down: absolute(down), metadata: absolute(metadata) };
}
