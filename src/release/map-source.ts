/**
 * Migrations that the program carries itself. A separate module, because most runs read folders.
 */
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import { isLaterMap, type LaterMap, laterMap } from "../engine/discovery/later-map.ts";
import { migrationMap } from "../engine/discovery/map.ts";
import type { Source } from "../engine/discovery/source.ts";

export function mapSource(
  migrations: Parameters<typeof migrationMap>[0] | LaterMap,
  modules?: ForeignModules,
): Source {
  return isLaterMap(migrations) ? laterMap(migrations, modules) : migrationMap(migrations, modules);
}
