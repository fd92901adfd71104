/** Whether a new migration runs in a folder that another tool may have laid out. */
import { existsSync } from "node:fs";
import { displayPath } from "../engine/discovery/display-path.ts";
import type { FolderReading } from "../release/folders.ts";

/** The migrations of a folder by their ids; nothing where it is not there, or is refused as it is. */
export async function idsIn(folder: string, how: HowRead): Promise<Ids | undefined> {
  if (!existsSync(folder)) return undefined;
  const { findMigrations } = await import("../engine/discovery/folders.ts");
  const found = await findMigrations(folder, { repo: "main", ...how }).catch(() => undefined);
  return found && new Map(found.found.map(({ file }) => [file.origin, file.id]));
}

type HowRead = { readonly root: string } & Partial<FolderReading>;

/** Ids by the paths that people are shown. */
type Ids = ReadonlyMap<string, string>;

/** Whether the file is one of the migrations, and all others have kept their ids. */
export async function runsBeside(
  file: string,
  { folder, how, before }: { readonly folder: string; readonly how: HowRead; readonly before: Ids },
): Promise<boolean> {
  const after = await idsIn(folder, how);
  if (after === undefined || !after.has(displayPath(how.root, file))) return false;
  // In the order of names it may come before migrations that have run.
  const isLast =
    how.layout !== "by-name" || [...after.keys()].at(-1) === displayPath(how.root, file);
  return isLast && [...before].every(([origin, id]) => after.get(origin) === id);
}
