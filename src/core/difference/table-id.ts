import type { SchemaCatalog, SchemaObject } from "../catalog/catalog.ts";
import type { Named } from "../model/named.ts";

/** As the catalog names the table. */
export function idOf({ prefix, name }: Named): string {
  return `table ${prefix}.${name}`;
}

/** As the catalog names the primary key of the table. */
export function keyOf(table: Named, { objects }: SchemaCatalog): string | undefined {
  const isKey = (one: SchemaObject) =>
    one.kind === "constraint" && one.of === "primary key" && idOf(one.table) === idOf(table);
  return objects.find(isKey)?.id;
}
