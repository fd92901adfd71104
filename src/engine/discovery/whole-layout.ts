/** All names below a folder → the migrations in it, and in which order. Pure: no file is opened. */
import { folderOf, folderOfEntry } from "./arrangements/arrangement.ts";
import { byName } from "./arrangements/by-name.ts";
import { arrangementsOf, type LayoutName } from "./arrangements/index.ts";
import { mapFiles } from "./entry-files.ts";
import { isMigrationFolder, layout } from "./layout.ts";
import type { Beside, FolderTree, Whole } from "./whole.ts";

/** Reads the tree as the tool that wrote it would. */
export function wholeLayout(
  tree: FolderTree,
  beside: Beside,
  layout?: LayoutName | undefined,
): Whole {
  if (layout === "by-name" || layout === "liquibase") return byName(tree);
  const plain = { ...belowOf(tree, ""), readAs: [] };
  const whole = arrangementsOf(layout).reduce<Whole>((so, arrange) => arrange(so, beside), plain);
  // A sub-folder without migrations is a folder of other things, whatever their names.
  const folders = new Set(["", ...whole.entries.map(folderOfEntry)]);
  const rejected = whole.rejected.filter(
    ({ path, looksLike }) => looksLike !== undefined || folders.has(folderOf(path)),
  );
  return { ...whole, rejected };
}

type Part = Pick<Whole, "entries" | "rejected">;

function belowOf(tree: FolderTree, path: string): Part {
  const { entries, rejected } = layout(tree);
  const inside = (name: string) => (path === "" ? name : `${path}/${name}`);
  const below = tree.folders
    .filter((folder) => !isMigrationFolder(folder))
    .map((folder) => belowOf(folder, inside(folder.name)));
  return {
    entries: [
      ...entries.map((one) => ({ ...one, files: mapFiles(one.files, inside) })),
      ...below.flatMap((part) => part.entries),
    ],
    rejected: [
      ...rejected.map((one) => ({ ...one, path: inside(one.path) })),
      ...below.flatMap((part) => part.rejected),
    ],
  };
}
