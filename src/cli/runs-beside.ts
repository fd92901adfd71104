/** Whether a new migration runs in a folder that another tool may have laid out. */
import { existsSync } from "node:fs";
import { displayPath } from "../engine/discovery/display-path.ts";

/** The migrations of a folder by their ids; nothing where it is not there, or is refused as it is. */
export async function idsIn(folder: string, root: string): Promise<Ids | undefined> {
  if (!existsSync(folder)) return undefined;
  const { findMigrations } = await import("../engine/discovery/folders.ts");
  const found = await findMigrations(folder, { repo: "main", root }).catch(() => undefined);
  return found && new Map(found.found.map(({ file }) => [file.origin, file.id]));
}

/** Ids by the paths that people are shown. */
type Ids = ReadonlyMap<string, string>;

/** Whether the file is one of the migrations, and all others are what they were. */
export async function runsBeside(
  file: string,
  {
    folder,
    root,
    before,
  }: { readonly folder: string; readonly root: string; readonly before: Ids },
): Promise<boolean> {
  const after = await idsIn(folder, root);
  if (after === undefined || !after.has(displayPath(root, file))) return false;
  return [...before].every(([origin, id]) => after.get(origin) === id);
}
