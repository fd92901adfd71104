/** The extensions that migrations mention, by the names that PGlite has them under. */
import type { InventoryEntry } from "../../release/inventory.ts";

/** Known to come with PGlite. */
const known = [
  ...["amcheck", "bloom", "btree_gin", "btree_gist", "citext", "cube", "dict_int", "earthdistance"],
  ...["fuzzystrmatch", "hstore", "intarray", "isn", "lo", "ltree", "pg_trgm", "pgcrypto", "seg"],
  ...["tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid_ossp"],
] as const;

/**
 * The extensions that a statement's text names, or all where code may make them; one too many does
 * no harm.
 */
export function extensionsIn(migrations: readonly InventoryEntry[]): readonly string[] {
  if (migrations.some(({ step }) => step.actions.some(({ kind }) => kind === "run"))) return known;
  const text = migrations
    .flatMap(({ plan }) => plan.up.actions)
    .flatMap((action) => ("statements" in action ? action.statements.map(({ sql }) => sql) : []))
    .filter((sql) => /extension/i.test(sql))
    .join("\n");
  return extensionsNamed(text);
}

/** Those that a text names. */
export function extensionsNamed(text: string): readonly string[] {
  const words = text.replaceAll("-", "_");
  return known.filter((name) => words.includes(name));
}
