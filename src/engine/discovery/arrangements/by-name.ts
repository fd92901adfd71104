import type { FolderTree, Whole } from "../whole.ts";

/** Every SQL file is a migration, in the order of the names: for folders whose files have no version. */
export function byName(tree: FolderTree): Whole {
  const entries = pathsIn(tree, "")
    .filter((path) => path.endsWith(".sql"))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((path, place) => {
      const name = path.replace(/^.*\//, "").replace(/\.sql$/, "");
      return { id: path, version: path, name, place, files: { kind: "sql", path } as const };
    });
  return { entries, rejected: [], readAs: [] };
}

function pathsIn({ files, folders }: FolderTree, below: string): readonly string[] {
  return [
    ...files.map((file) => `${below}${file}`),
    ...folders.flatMap((folder) => pathsIn(folder, `${below}${folder.name}/`)),
  ];
}
