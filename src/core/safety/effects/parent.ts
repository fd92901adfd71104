/**
 * Compares parent and child for ATTACH PARTITION and INHERIT, and foretells the objects that the
 * server makes for the child.
 */
import type { Tree } from "../../sql/tree.ts";
import { type CatalogConstraint, rootOf, shown, type Table } from "./catalog.ts";
import { type Scene, tableOf } from "./scene.ts";

/** INHERIT: what a child must have already. */
export function addInherit(table: Table, relation: Tree, scene: Scene): undefined {
  const parent = tableOf(relation, scene);
  const check = [...parent.constraints.values()].find(
    (one) => one.kind === "check" && one.noInherit !== true && !table.constraints.has(one.name),
  );
  const lacksCheck =
    check !== undefined && table.known
      ? `${shown(table)} lacks the check ${check.name} of ${shown(parent)}`
      : undefined;
  const isPartitioned =
    parent.partitionBy === undefined ? undefined : `${shown(parent)} is partitioned`;
  const why = isPartitioned ?? missingNotNull(parent, table) ?? lacksCheck;
  if (why !== undefined) return scene.emit({ kind: "fails", why });
  scene.emit({ kind: "lock", table: parent, mode: "SHARE UPDATE EXCLUSIVE" });
  table.inherits.push(parent);
}

/** A child must have each column of its parent, and say NOT NULL wherever its parent does. */
export function missingNotNull(parent: Table, child: Table): string | undefined {
  if (!parent.known || !child.known) return undefined;
  for (const { name, notNull } of parent.columns.values()) {
    const own = child.columns.get(name);
    if (own === undefined) return `${shown(child)} lacks the column ${name} of ${shown(parent)}`;
    if (notNull && !own.notNull)
      return `${name} of ${shown(child)} may be NULL, and that of ${shown(parent)} may not`;
  }
  return undefined;
}

/**
 * Makes for the partition each index and foreign key of the parent that it lacks: indexes are
 * built, foreign keys looked up.
 */
export function takeOver(table: Table, partition: Table, scene: Scene): undefined {
  takeForeignKeys(table, partition, scene);
  for (const one of otherEnds(table, scene).referring)
    scene.emit({ kind: "lock", table: one, mode: "SHARE ROW EXCLUSIVE" });
  const own = scene.catalog.indexesOf(partition);
  for (const index of scene.catalog.indexesOf(table)) {
    const { keys, unique, method, name } = index;
    const has = own.some(
      (one) => one.keys.join() === keys.join() && one.unique === unique && one.method === method,
    );
    if (has) continue;
    scene.emit({
      ...{ kind: "index built", table: partition, index: `${name} of ${shown(table)}` },
      ...{ concurrently: false, columns: keys, unique, ifNotExists: false, only: false },
    });
    scene.emit({ kind: "work", table: partition, words: `builds the index ${name}` });
  }
}

/** The tables at the other ends of the foreign keys that a table hands down to its partitions. */
export function otherEnds(
  table: Table,
  { catalog }: Scene,
): { readonly referenced: readonly Table[]; readonly referring: readonly Table[] } {
  const isOther = (one: Table) => rootOf(one) !== rootOf(table);
  const referenced = [...table.constraints.values()].flatMap((one) => one.references?.table ?? []);
  const referring = [table, ...above(table)].flatMap((one) =>
    catalog.referencesTo(one).map(({ from }) => from),
  );
  return {
    referenced: [...new Set(referenced)].filter(isOther),
    referring: [...new Set(referring)].filter(isOther),
  };
}

/** The partitioned tables above it, the root last. */
function above({ parent }: Table): readonly Table[] {
  return parent === undefined ? [] : [parent, ...above(parent)];
}

/** Whether a foreign key of a partition came from the table above it. */
export function isHandedDown(
  { columns, references }: CatalogConstraint,
  parent: Table | undefined,
): boolean {
  return [...(parent?.constraints.values() ?? [])].some(
    (one) =>
      one.references !== undefined &&
      one.references.table === references?.table &&
      one.columns.join() === columns.join(),
  );
}

function takeForeignKeys(table: Table, partition: Table, scene: Scene): undefined {
  for (const constraint of table.constraints.values()) {
    const parent = constraint.references?.table;
    if (constraint.kind !== "foreign key" || parent === undefined) continue;
    const has = [...partition.constraints.values()].some(
      (one) => one.references?.table === parent && one.columns.join() === constraint.columns.join(),
    );
    const mode = has ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE";
    scene.emit({ kind: "lock", table: parent, mode });
    if (has) continue;
    const added = { table: partition, constraint, scans: true, builds: false, onColumn: false };
    scene.emit({ kind: "constraint added", ...added, written: {} });
    scene.emit({ kind: "work", table: partition, words: "looks up the parent of every row" });
  }
}
