/** Migrations of which a program knows the names, and reads the rest when it needs it. */
import type { ForeignModules } from "../../core/language/foreign-modules.ts";
import type { MigrationFile } from "../../core/model/migration.ts";
import { type MapEntry, migrationMap } from "./map.ts";
import type { Source } from "./source.ts";
import { unloadable } from "./unloadable.ts";

/** The migrations of a built release. Their names are enough to say that nothing is to be done. */
export type LaterMap = {
  /** Oldest first. */
  readonly files: readonly MigrationFile[];
  /** All of them, with code and checksums. */
  readonly entries: () => Promise<readonly MapEntry[]>;
};

/** Tells it from a map by its list, which no migration is. */
export function isLaterMap(migrations: object): migrations is LaterMap {
  return "files" in migrations && Array.isArray(migrations.files);
}

/** Reads the entries once, and not before somebody needs one of them. */
export function laterMap({ files, entries }: LaterMap, modules?: ForeignModules): Source {
  let read: Promise<Source> | undefined;
  const source = async ({ origin }: MigrationFile) => {
    read ??= entries().then((all) => migrationMap(all, modules));
    try {
      return await read;
    } catch (cause) {
      throw unloadable(cause, { origin, root: "/" });
    }
  };
  return {
    list: async () => ({ files, warnings: [] }),
    load: async (file, syntax) => (await source(file)).load(file, syntax),
    checksum: async (file) => (await source(file)).checksum(file),
    facts: async (file) => (await source(file)).facts(file),
  };
}
