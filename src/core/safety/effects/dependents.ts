/** Finds the objects that depend on another: the server refuses its drop, or drops them with it. */
import { columnsIn } from "../../sql/tree.ts";
import { shown, type Table, treeOf } from "./catalog.ts";
import { readerOf } from "./readers.ts";
import type { Scene } from "./scene.ts";

/** Takes a column away with what belongs to it alone; gives why the server refuses. */
export function dropOfColumn(
  table: Table,
  name: string,
  { cascades }: { readonly cascades: boolean },
  scene: Scene,
): string | undefined {
  const { catalog } = scene;
  const keyed = treeOf(table).find(({ partitionBy }) => partitionBy?.columns.includes(name));
  if (keyed !== undefined) return `${name} is in the partition key of ${shown(keyed)}`;
  if (table.parent?.columns.has(name)) return `${name} of ${shown(table)} is inherited`;
  const why = cascades ? undefined : dependentOnColumn(table, name, scene);
  if (why !== undefined) return why;
  for (const view of catalog.viewsOn(table, name)) removeTable(view, scene);
  const column = table.columns.get(name);
  for (const [key, sequence] of catalog.sequences)
    if (sequence.column !== undefined && sequence.column === column) catalog.sequences.delete(key);
  for (const below of treeOf(table)) {
    below.columns.delete(name);
    for (const [key, constraint] of below.constraints) {
      const mentions = constraint.columns.includes(name);
      if (!mentions) continue;
      const other = constraint.references?.table;
      if (other !== undefined && other !== below)
        scene.emit({ kind: "lock", table: other, mode: "ACCESS EXCLUSIVE", pair: constraint });
      below.constraints.delete(key);
    }
  }
  for (const [key, index] of catalog.indexes) {
    if (index.table === table && index.columns.has(name)) catalog.indexes.delete(key);
  }
  return undefined;
}

/** The views are in the way: they go before the change and come back after it, the last one first. */
export function aroundViews(
  table: Table,
  column: string,
  { change, scene: { catalog } }: { readonly change: string; readonly scene: Scene },
): readonly string[] | undefined {
  const views = new Set<Table>();
  const add = (view: Table) => {
    if (views.has(view)) return;
    views.add(view);
    for (const above of catalog.viewsOn(view)) add(above);
  };
  for (const view of catalog.viewsOn(table, column)) add(view);
  if (views.size === 0) return undefined;
  const inOrder = [...views];
  const what = ({ kind }: Table) => kind.toUpperCase();
  return [
    ...inOrder.toReversed().map((view) => `DROP ${what(view)} ${shown(view)};`),
    change,
    ...inOrder.map(
      (view) =>
        `CREATE ${what(view)} ${shown(view)} AS …;  -- from SELECT pg_get_viewdef('${shown(view)}'::regclass, true), with its grants`,
    ),
  ];
}

function dependentOnColumn(table: Table, name: string, scene: Scene): string | undefined {
  const reads = whatReads(table, name, scene);
  if (reads !== undefined) return reads;
  const key = scene.catalog
    .referencesTo(table)
    .find(({ constraint }) => constraint.references?.columns.includes(name));
  return key === undefined
    ? undefined
    : `the foreign key ${key.constraint.name} of ${shown(key.from)} refers to ${name}`;
}

/**
 * Names a reader of the column, in words: a view, a generated column, a policy, a trigger, a
 * routine.
 */
export function whatReads(table: Table, name: string, { catalog }: Scene): string | undefined {
  const [view] = catalog.viewsOn(table, name);
  if (view !== undefined) return `the ${view.kind} ${shown(view)} reads ${name}`;
  const generated = generatedFrom(table, name);
  if (generated !== undefined) return `the generated column ${generated} is computed from ${name}`;
  for (const [policy, columns] of table.policies)
    if (columns.has(name)) return `the policy ${policy} reads ${name}`;
  for (const [trigger, columns] of table.triggers)
    if (columns.has(name)) return `the trigger ${trigger} is about ${name}`;
  const reader = readerOf(table, name);
  return reader === undefined ? undefined : `${reader} reads ${name}`;
}

/** The generated column that is computed from the column. */
function generatedFrom(table: Table, name: string): string | undefined {
  return [...table.columns.values()].find(
    (column) =>
      column.default?.by === "generated" && columnsIn(column.default.expression).has(name),
  )?.name;
}

/** Takes a table or view away, and the views that read it. */
export function removeTable(table: Table, scene: Scene): undefined {
  const { catalog } = scene;
  scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
  for (const view of catalog.viewsOn(table)) if (view !== table) removeTable(view, scene);
  for (const heir of catalog.tables.values())
    if (heir.inherits.includes(table)) removeTable(heir, scene);
  for (const partition of table.partitions) removeTable(partition, scene);
  table.parent?.partitions.delete(table);
  for (const { from, constraint } of catalog.referencesTo(table))
    from.constraints.delete(constraint.name);
  for (const [key, index] of catalog.indexes)
    if (index.table === table) catalog.indexes.delete(key);
  catalog.tables.delete(`${table.schema}.${table.name}`);
}
