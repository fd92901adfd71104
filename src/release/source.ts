/** Turns the user's `migrations` into a source that reads them. */
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { MigrationFile } from "../core/model/migration.ts";
import type { Placeholders } from "../core/sql/placeholders.ts";
import type { LayoutName } from "../engine/discovery/arrangements/index.ts";
import { isReadySource } from "../engine/discovery/ready-source.ts";
import type { Source } from "../engine/discovery/source.ts";
import type { MigrationsOption } from "./config.ts";
import type { SourceOptions } from "./source-options.ts";

/** Where migrations are, and whose modules they are where they are not Slipway's. */
export type Migrations = MigrationsOption | ReadMigrations;

/** Migrations, and how they are read where that is not as Slipway's own. */
type ReadMigrations = {
  readonly migrations: MigrationsOption;
  readonly modules: ForeignModules | undefined;
  readonly placeholders?: Placeholders | undefined;
  readonly layout?: LayoutName | undefined;
};

/** Text is a folder, a list of text several folders; anything else carries the migrations itself. */
export function sourceOf(given: Migrations, options: SourceOptions): Source {
  return knowingWhatLoads(found(given, options));
}

function found(given: Migrations, options: SourceOptions): Source {
  const { migrations, modules, placeholders, layout } = withModules(given);
  if (isFolders(migrations))
    return later(async () => {
      const { folderSource } = await import("./folder-source.ts");
      return folderSource(migrations, { ...options, modules, placeholders, layout });
    });
  if (isReadySource(migrations)) return migrations.source;
  return later(async () => {
    const { mapSource } = await import("./map-source.ts");
    return mapSource(migrations, modules);
  });
}

/** Loads the reader of one kind of migrations on the first use. */
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
function withModules(given: Migrations): Omit<ReadMigrations, "modules"> & Partial<ReadMigrations> {
  return typeof given === "object" && "modules" in given && "migrations" in given
    ? (given as ReadMigrations)
    : { migrations: given as MigrationsOption };
}
