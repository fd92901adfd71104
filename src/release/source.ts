/** From what the user wrote for `migrations` to where they are read. */
import type { MigrationFile } from "../core/model/migration.ts";
import { isLaterMap, laterMap } from "../engine/discovery/later-map.ts";
import { migrationMap } from "../engine/discovery/map.ts";
import type { Source } from "../engine/discovery/source.ts";
import type { MigrationsOption } from "./config.ts";
import type { SourceOptions } from "./source-options.ts";

/** Text is a folder, a list of text several folders; anything else carries the migrations itself. */
export function sourceOf(migrations: MigrationsOption, options: SourceOptions): Source {
  return knowingWhatLoads(found(migrations, options));
}

function found(migrations: MigrationsOption, options: SourceOptions): Source {
  if (!isFolders(migrations))
    return isLaterMap(migrations) ? laterMap(migrations) : migrationMap(migrations);
  let loaded: Promise<Source> | undefined;
  const source = () => {
    loaded ??= import("./folder-source.ts").then((module) =>
      module.folderSource(migrations, options),
    );
    return loaded;
  };
  return {
    list: async () => (await source()).list(),
    load: async (file, syntax) => (await source()).load(file, syntax),
    checksum: async (file) => (await source()).checksum(file),
    facts: async (file) => (await source()).facts(file),
  };
}

function knowingWhatLoads(source: Source): Source {
  const loading = new Set<string>();
  const told = async <Result>({ origin }: MigrationFile, work: Promise<Result>) => {
    loading.add(origin);
    try {
      return await work;
    } finally {
      loading.delete(origin);
    }
  };
  return {
    ...source,
    loading: () => [...loading],
    load: (file, syntax) => told(file, source.load(file, syntax)),
    checksum: (file) => told(file, source.checksum(file)),
  };
}

function isFolders(migrations: MigrationsOption): migrations is string | readonly string[] {
  if (typeof migrations === "string") return true;
  // An empty list is a map without migrations as much as no folder.
  if (!Array.isArray(migrations) || migrations.length === 0) return false;
  return migrations.every((item) => typeof item === "string");
}
