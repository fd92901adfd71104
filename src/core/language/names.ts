/** Default names of indexes and constraints, made as Ecto makes them and kept within the identifier limit. */
import { notNullName } from "../catalog/not-null-name.ts";

/** How long a name may be: PostgreSQL counts 63 bytes, MySQL 64 characters, SQLite has no limit. */
export type IdentifierLimit = { readonly length: number; readonly unit: "bytes" | "characters" };

/** `posts_author_id_index`; expressions become their words. */
export function indexName(table: string, parts: readonly string[], limit: IdentifierLimit): string {
  return shorten([table, ...parts, "index"].map(clean).join("_"), limit);
}

/** `posts_author_id_fkey`. */
export function foreignKeyName(
  table: string,
  columns: readonly string[],
  limit: IdentifierLimit,
): string {
  return shorten(`${table}_${columns.join("_")}_fkey`, limit);
}

/** `posts_pkey`. */
export function primaryKeyName(table: string, limit: IdentifierLimit): string {
  return shorten(`${table}_pkey`, limit);
}

/** `posts_slug_key`. */
export function uniqueName(
  table: string,
  columns: readonly string[],
  limit: IdentifierLimit,
): string {
  return shorten(`${table}_${columns.join("_")}_key`, limit);
}

/** The database's name for the constraint behind NOT NULL; where it gives none, one of ours. */
export function notNullProof(table: string, column: string, limit: IdentifierLimit): string {
  return limit.unit === "bytes"
    ? notNullName(table, column)
    : derivedName(`${table}_${column}`, "not_null", limit);
}

/** A name of ours for a while: `posts__renaming`. */
export function derivedName(name: string, suffix: string, limit: IdentifierLimit): string {
  return shorten(`${name}_${suffix}`, limit);
}

/** The length of a name in the unit of the limit. */
export function nameLength(name: string, limit: IdentifierLimit): number {
  return limit.unit === "bytes" ? utf8Length(name) : [...name].length;
}

/**
 * A default name within the limit: its start and eight digits of its hash,
 * so that two long names stay apart and the same name is always shortened alike.
 */
function shorten(name: string, limit: IdentifierLimit): string {
  if (nameLength(name, limit) <= limit.length) return name;
  let start = name;
  while (nameLength(start, limit) > limit.length - 9) start = [...start].slice(0, -1).join("");
  return `${start}_${fnv1a(name)}`;
}

function clean(part: string): string {
  return part.replace(/\W/g, "_").replace(/_+$/, "");
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** FNV-1a, 32 bits, as hex. http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
