/** CREATE INDEX and DROP INDEX. */
import { children, columnsIn, flag, names, part, type Tree, word } from "../../sql/tree.ts";
import type { PartitionIndex } from "../forms/safe-form.ts";
import { type CatalogIndex, partitionKeysOf, shown, type Table, treeOf } from "./catalog.ts";
import type { EffectOf } from "./effect.ts";
import { refuseVirtual } from "./key-refusals.ts";
import { chooseName, indexColumnNames, isTaken } from "./names.ts";
import { mayBeCloned, takenBy, tellsAll } from "./refusals/relation.ts";
import { exists, type Scene, tableOf } from "./scene.ts";
import { refuseUnknownColumns } from "./unknown-columns.ts";

export function createIndex(statement: Tree, scene: Scene): undefined {
  const { catalog } = scene;
  const table = tableOf(part(statement, "relation"), scene);
  const concurrently = flag(statement, "concurrent");
  const ifNotExists = flag(statement, "if_not_exists");
  const labels = indexColumnNames(statement);
  const name = indexName(statement, { table, labels }, scene);
  if (concurrently && scene.transaction.isBlock)
    scene.emit({ kind: "concurrently in transaction", words: "CREATE INDEX CONCURRENTLY" });
  if (takenBy(name, table.schema, scene) !== undefined) {
    if (!ifNotExists)
      return scene.emit({ kind: "fails", why: `there is an index ${name} already` });
    // The table is locked before the server looks for the name.
    return scene.emit({
      ...{ kind: "lock", table },
      mode: concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE",
    });
  }
  // Of a table without partitions ONLY changes nothing.
  const only =
    part(statement, "relation")?.inh !== true && (table.partitionBy !== undefined || !table.known);
  const index = indexOf(statement, { table, name, only }, scene);
  refuseVirtual(table, index.columns, "an index", scene);
  const partitions = indexesOfPartitions(table, labels, scene);
  const refused = refusedIndex(index, { concurrently, partitions });
  if (refused !== undefined) return scene.emit({ kind: "fails", ...refused });
  scene.emit({ kind: "lock", table, mode: concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE" });
  if (!only && partitionsHave(index, scene))
    return void catalog.indexes.set(`${table.schema}.${name}`, index);
  scene.emit({
    kind: "index built",
    table,
    index: name,
    concurrently,
    columns: index.keys,
    unique: index.unique,
    ifNotExists,
    only,
    partitions,
  });
  if (!only) scene.emit({ kind: "work", table, words: `builds the index ${name}` });
  catalog.indexes.set(`${table.schema}.${name}`, index);
}

/** Whether every partition has the index already: then the server takes those, and builds nothing. */
function partitionsHave(index: CatalogIndex, { catalog }: Scene): boolean {
  const { table } = index;
  const leaves = treeOf(table)
    .slice(1)
    .filter(({ partitionBy }) => partitionBy === undefined);
  if (leaves.length === 0 || !table.known || !tellsAll(catalog)) return false;
  const shape = ({ keys, unique, method, columnCount }: CatalogIndex) =>
    JSON.stringify([keys, unique, method, columnCount]);
  const isPlain = ({ isPartial, hasExpressions, isSorted }: CatalogIndex) =>
    !isPartial && !hasExpressions && isSorted !== true;
  if (!isPlain(index)) return false;
  return leaves.every((leaf) =>
    catalog.indexesOf(leaf).some((one) => isPlain(one) && shape(one) === shape(index)),
  );
}

/** The name that was given, or that the server chooses. */
function indexName(
  statement: Tree,
  { table, labels }: { readonly table: Table; readonly labels: readonly string[] },
  { catalog }: Scene,
): string {
  const taken = (name: string) =>
    catalog.indexes.has(`${table.schema}.${name}`) || catalog.tables.has(`${table.schema}.${name}`);
  const given = word(statement, "idxname");
  return given ?? chooseName({ table: table.name, columns: labels, label: "idx" }, taken);
}

function indexOf(
  statement: Tree,
  given: { readonly table: Table; readonly name: string; readonly only: boolean },
  scene: Scene,
): CatalogIndex {
  const { table, name, only } = given;
  const elements = children(statement, "indexParams");
  const keys = elements.map(({ tree }) => word(tree, "name") ?? "");
  const plainKeys = keys.filter((key) => key !== "");
  const mentioned = columnsIn([statement.indexParams, statement.whereClause]);
  const included = children(statement, "indexIncludingParams").map(
    ({ tree }) => word(tree, "name") ?? "",
  );
  refuseUnknownColumns(table, [...mentioned, ...plainKeys], scene);
  return {
    schema: table.schema,
    name,
    table,
    origin: scene.origin,
    keys,
    columnCount: keys.length + included.length,
    columns: new Set([...plainKeys, ...mentioned, ...included]),
    unique: flag(statement, "unique"),
    isPartial: statement.whereClause !== undefined,
    hasExpressions: keys.includes(""),
    isSorted: elements.some(({ tree }) => isSorted(tree, table)),
    method: word(statement, "accessMethod") ?? "btree",
    only: only && table.partitionBy !== undefined,
  };
}

/** Why the server does not make it: of a view, or of a partitioned table. */
function refusedIndex(
  { table, name, unique, keys }: CatalogIndex,
  how: {
    readonly concurrently: boolean;
    readonly partitions: ReturnType<typeof indexesOfPartitions>;
  },
): Omit<EffectOf<"fails">, "kind"> | undefined {
  const { concurrently, partitions } = how;
  if (table.kind === "view") return { why: `${shown(table)} is a view` };
  if (table.partitionBy === undefined) return undefined;
  if (concurrently)
    return {
      why: `an index of the partitioned table ${shown(table)} cannot be built concurrently`,
      ...(partitions === undefined
        ? {}
        : { safe: { form: "partition by partition", index: name, partitions } }),
    };
  if (unique && partitionKeysOf(table).some((key) => !keys.includes(key)))
    return {
      why: `a unique index of the partitioned table ${shown(table)} must include its partition key`,
    };
  return undefined;
}

function isSorted(element: Tree, table: Table): boolean {
  const collation = names(element, "collation").at(-1);
  const column = table.columns.get(word(element, "name") ?? "");
  return (
    element.ordering === "SORTBY_DESC" ||
    element.nulls_ordering === "SORTBY_NULLS_FIRST" ||
    /_pattern_ops$/.test(names(element, "opclass").at(-1) ?? "") ||
    (collation !== undefined &&
      column !== undefined &&
      collation !== (column.collation ?? "default"))
  );
}

/** The index that each partition gets, called as the server would call it. */
function indexesOfPartitions(
  table: Table,
  columns: readonly string[],
  { catalog }: Scene,
): readonly PartitionIndex[] | undefined {
  const leaves = [...table.partitions];
  const isKnown = leaves.every((leaf) => leaf.partitionBy === undefined && leaf.kind === "table");
  if (table.partitionBy === undefined || !table.known || !catalog.complete || !isKnown)
    return undefined;
  return leaves.map((leaf) => {
    const { schema, name } = leaf;
    const taken = (index: string) => isTaken(index, leaf, catalog);
    return { schema, name, index: chooseName({ table: name, columns, label: "idx" }, taken) };
  });
}

export function dropIndex(
  statement: Tree,
  paths: readonly (readonly string[])[],
  scene: Scene,
): undefined {
  const { catalog } = scene;
  const concurrently = flag(statement, "concurrent");
  const cascades = word(statement, "behavior") === "DROP_CASCADE";
  if (concurrently && scene.transaction.isBlock)
    scene.emit({ kind: "concurrently in transaction", words: "DROP INDEX CONCURRENTLY" });
  if (concurrently && (paths.length > 1 || cascades))
    return scene.emit({
      kind: "fails",
      why: `DROP INDEX CONCURRENTLY ${cascades ? "knows no CASCADE" : "takes one index at a time"}`,
    });
  for (const path of paths) {
    const name = path.at(-1) ?? "";
    const key = catalog.keyIn(catalog.indexes, name, path.at(-2));
    const index = catalog.indexes.get(key);
    const whole = index === undefined ? indexAbove(name, scene) : undefined;
    if (whole !== undefined) {
      scene.emit({ kind: "fails", why: `${name} is a part of ${whole} of the table above it` });
      continue;
    }
    if (index === undefined && catalog.complete) {
      if (!flag(statement, "missing_ok") && !mayBeCloned(name, catalog))
        scene.emit({ kind: "fails", why: `there is no index ${name}` });
      continue;
    }
    if (index?.constraint !== undefined) {
      scene.emit({
        kind: "fails",
        why: `${name} belongs to the constraint ${index.constraint} of ${shown(index.table)}`,
      });
      continue;
    }
    if (concurrently && index?.table.partitionBy !== undefined) {
      scene.emit({ kind: "fails", why: `${name} is the index of a partitioned table` });
      continue;
    }
    if (index !== undefined)
      scene.emit({
        kind: "lock",
        table: index.table,
        mode: concurrently ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE",
      });
    scene.emit({
      kind: "index dropped",
      table: index?.table,
      index: name,
      concurrently,
      ifExists: flag(statement, "missing_ok"),
      was: index,
    });
    if (cascades)
      scene.emit({
        kind: "cascade",
        what: `DROP INDEX ${name}`,
        older: index === undefined || exists(index.table),
        tables: index === undefined ? [] : [shown(index.table)],
      });
    catalog.indexes.delete(key);
  }
}

/** The index of a partitioned table that the server has made the named one for, on a partition. */
function indexAbove(name: string, { catalog }: Scene): string | undefined {
  for (const {
    table,
    keys,
    constraint,
    only,
    hasExpressions,
    name: whole,
  } of catalog.indexes.values()) {
    if (constraint !== undefined || only || hasExpressions) continue;
    const below = treeOf(table).slice(1);
    if (below.some((one) => name === `${one.name}_${keys.join("_")}_idx`)) return whole;
  }
  return undefined;
}
