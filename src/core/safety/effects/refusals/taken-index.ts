/** An index that a table is to go by: for CLUSTER, and for replica identity. */
import type { Table } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { mayBeCloned, tellsAll } from "./relation.ts";

export function indexOfTable(
  table: Table,
  name: string,
  use: { readonly for: "cluster" | "replica identity" },
  { catalog }: Scene,
): string | undefined {
  const index = catalog.find(catalog.indexes, name, table.schema);
  if (index === undefined)
    return table.known && tellsAll(catalog) && !mayBeCloned(name, catalog)
      ? `there is no index ${name} of ${table.name}`
      : undefined;
  if (index.table !== table) return `${name} is an index of ${index.table.name}`;
  if (index.isPartial) return `${name} is a partial index`;
  if (use.for === "cluster")
    return /^(btree|gist)$/.test(index.method) ? undefined : `${name} has no order`;
  if (!index.unique) return `${name} is not unique`;
  if (index.hasExpressions) return `${name} contains expressions`;
  const nullable = index.keys.find((key) => table.columns.get(key)?.notNull === false);
  return nullable === undefined || !table.known
    ? undefined
    : `${nullable} of ${table.name} may be NULL`;
}
