/** From what the user wrote for `migrations` to where they are read. */
import { isReleaseError } from "../core/errors.ts";
import { folders } from "../engine/discovery/folders.ts";
import { migrationMap } from "../engine/discovery/map.ts";
import type { Source } from "../engine/discovery/source.ts";
import type { MigrationsOption } from "./config.ts";

export type SourceOptions = {
  readonly repo: string;
  readonly root: string;
  /** Whether a folder that is not there means no migrations, in place of an error. */
  readonly mayBeMissing: boolean;
};

/** Text is a folder, a list of text several folders; anything else carries the migrations itself. */
export function sourceOf(migrations: MigrationsOption, options: SourceOptions): Source {
  if (!isFolders(migrations)) return migrationMap(migrations);
  const source = folders(migrations, options);
  return options.mayBeMissing ? { ...source, list: () => listOrNothing(source) } : source;
}

function isFolders(migrations: MigrationsOption): migrations is string | readonly string[] {
  if (typeof migrations === "string") return true;
  return Array.isArray(migrations) && migrations.every((item) => typeof item === "string");
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
