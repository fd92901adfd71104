/**
 * Judges a foreign key beyond its locks: whether an index serves it, and whether its types agree.
 */
import type { Catalog, CatalogConstraint, Table } from "./catalog.ts";
import type { Scene } from "./scene.ts";
import { baseType, typeKey, typeWords } from "./types.ts";

/** Whether an index begins with the columns, in any order. */
export function isIndexed(table: Table, columns: readonly string[], catalog: Catalog): boolean {
  return catalog.indexesOf(table).some((index) => {
    if (index.isPartial) return false;
    const first = index.keys.slice(0, columns.length);
    return columns.every((column) => first.includes(column));
  });
}

/** Where a column and the one that it refers to are of different types. */
export function foreignKeyMismatch(
  table: Table,
  { columns, references }: CatalogConstraint,
  { catalog }: Scene,
): string | undefined {
  for (const [i, name] of columns.entries()) {
    const own = table.columns.get(name);
    const other = references?.table.columns.get(references.columns[i] ?? "");
    if (own === undefined || other === undefined) continue;
    const [a, b] = [baseType(own.type, catalog), baseType(other.type, catalog)];
    if (typeKey(a) !== typeKey(b))
      return `${name} is ${typeWords(own.type)} and ${other.name} of ${references?.table.name} is ${typeWords(other.type)}`;
  }
  return undefined;
}
