/** Where an object of a catalog belongs. */
import type { SchemaObject } from "./catalog.ts";

/** The name of the table that it is, or is of. */
export function tableOf(object: SchemaObject): string {
  if ("table" in object) return object.table.name;
  if (object.kind === "table") return object.named.name;
  return (object.kind === "sequence" ? object.ownedBy?.table.name : undefined) ?? "";
}

/**
 * The schema that it is in, or is; `undefined` for an object outside of schemas, such as an
 * extension.
 */
export function schemaOf(object: SchemaObject): string | undefined {
  if ("table" in object) return object.table.prefix;
  if ("named" in object) return object.named.prefix;
  return inSchemas.has(object.kind)
    ? firstName(object.id.slice(object.kind.length + 1))
    : undefined;
}

/** Kinds whose ids begin with the name of a schema. */
const inSchemas: ReadonlySet<SchemaObject["kind"]> = new Set([
  ...([
    "schema",
    "collation",
    "statistics",
    "operator",
    "operator family",
    "operator class",
  ] as const),
  ...([
    "conversion",
    "text search parser",
    "text search template",
    "text search dictionary",
  ] as const),
  ...(["text search configuration", "foreign table"] as const),
]);

/** Names stand quoted in the ids of objects that have a separate statement. */
function firstName(names: string): string {
  const [, quoted] = /^"((?:[^"]|"")*)"/.exec(names) ?? [];
  return quoted?.replaceAll('""', '"') ?? names.split(".")[0] ?? names;
}
