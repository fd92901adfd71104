/** Looks up and down from a table: what its parents hand down, and whether it has children. */
import type { Table } from "../catalog.ts";
import type { Scene } from "../scene.ts";

/** Whether a table above it, of which it is a partition or a child, is so. */
export function isInherited(table: Table, is: (parent: Table) => boolean): boolean {
  return parentsOf(table).some(is);
}

export function parentsOf({ parent, inherits }: Table): readonly Table[] {
  return parent === undefined ? inherits : [parent, ...inherits];
}

/** Partitions and children. */
export function belowOf(table: Table, { catalog }: Scene): readonly Table[] {
  const found: Table[] = [];
  for (const one of catalog.tables.values())
    if (one.parent === table || one.inherits.includes(table)) found.push(one);
  return found;
}

/** Whether ONLY would leave some out. */
export function hasBelow(table: Table, scene: Scene): boolean {
  return belowOf(table, scene).length > 0;
}
