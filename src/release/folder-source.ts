/**
 * Migrations in folders. A separate module, because a built release has its migrations inside and
 * reads none.
 */
import { isReleaseError } from "../core/model/errors.ts";
import { folders } from "../engine/discovery/folders.ts";
import type { Source } from "../engine/discovery/source.ts";
import type { SourceOptions } from "./source-options.ts";

export function folderSource(
  migrations: string | readonly string[],
  options: SourceOptions,
): Source {
  const source = folders(migrations, options);
  return options.mayBeMissing ? { ...source, list: () => listOrNothing(source) } : source;
}

async function listOrNothing(source: Source): ReturnType<Source["list"]> {
  try {
    return await source.list();
  } catch (error) {
    if (isReleaseError(error) && error.code === "folder_missing")
      return { files: [], warnings: [] };
    throw error;
  }
}
