/** From what the user wrote for `migrations` to where they are read. */
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { MigrationFile } from "../core/model/migration.ts";
import { isReadySource } from "../engine/discovery/ready-source.ts";
import type { Source } from "../engine/discovery/source.ts";
import type { MigrationsOption } from "./config.ts";
import type { SourceOptions } from "./source-options.ts";

/** Where migrations are, and whose modules they are where they are not Slipway's. */
export type Migrations =
  | MigrationsOption
  | { readonly migrations: MigrationsOption; readonly modules: ForeignModules };

/** Text is a folder, a list of text several folders; anything else carries the migrations itself. */
export function sourceOf(given: Migrations, options: SourceOptions): Source {
  return knowingWhatLoads(found(given, options));
}

function found(given: Migrations, options: SourceOptions): Source {
  const { migrations, modules } = withModules(given);
  if (isFolders(migrations))
    return later(async () => {
      const { folderSource } = await import("./folder-source.ts");
      return folderSource(migrations, { ...options, modules });
    });
  if (isReadySource(migrations)) return migrations.source;
  return later(async () => {
    const { mapSource } = await import("./map-source.ts");
    return mapSource(migrations, modules);
  });
}

/** Loads what reads migrations of one kind when it is asked for. */
function later(load: () => Promise<Source>): Source {
  let loaded: Promise<Source> | undefined;
  const source = () => {
    loaded ??= load();
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

/** No map has such keys: a migration has a number. */
function withModules(given: Migrations): {
  readonly migrations: MigrationsOption;
  readonly modules?: ForeignModules;
} {
  return typeof given === "object" && "modules" in given && "migrations" in given
    ? (given as { readonly migrations: MigrationsOption; readonly modules: ForeignModules })
    : { migrations: given };
}
