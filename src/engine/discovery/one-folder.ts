/** The tools whose modules Slipway runs read the files of one folder, and none below it. */
import { posix } from "node:path";
import type { ForeignModules } from "../../core/language/foreign-modules.ts";
import { warning } from "../../core/model/warnings.ts";
import type { FoundMigration, MigrationTree } from "./read-tree.ts";

/**
 * Leaves out the modules below a folder that has some itself: helpers, or modules that were put
 * away. TypeORM takes patterns, which may reach below.
 *
 * @param folder - as it is shown to people
 */
export function asOneFolder(
  tree: MigrationTree,
  { folder, modules }: { readonly folder: string; readonly modules?: ForeignModules | undefined },
): MigrationTree {
  if (modules === undefined || modules.readsBelow === true) return tree;
  const isBelow = ({ file, files }: FoundMigration) =>
    files.kind === "module" && posix.dirname(file.origin) !== posix.normalize(folder);
  const below = tree.found.filter(isBelow);
  const hasOwn = tree.found.some((one) => one.files.kind === "module" && !isBelow(one));
  if (below.length === 0 || !hasOwn) return tree;
  const left = [...new Set(below.map(({ file }) => `${posix.dirname(file.origin)}/`))].toSorted();
  const told = { layout: "one-folder", tool: modules.tool, left } as const;
  return {
    found: tree.found.filter((one) => !isBelow(one)),
    warnings: [...tree.warnings, warning("folder_read_as", { folder, ...told })],
  };
}
