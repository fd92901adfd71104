/** Constraints that stand on an index: UNIQUE, PRIMARY KEY and EXCLUDE. */
import { children, columnsIn, listOf, names, type Tree, word } from "../../sql/tree.ts";
import { type AddedConstraint, keepConstraint, named } from "./added-constraint.ts";
import {
  type CatalogConstraint,
  type CatalogIndex,
  partitionKeysOf,
  shown,
  type Table,
} from "./catalog.ts";
import { refuseOverlaps, refuseTakenIndex, refuseVirtual } from "./key-refusals.ts";
import { enforceNotNull, isNullable, makeNotNull, proofsOf } from "./not-null.ts";
import type { Scene } from "./scene.ts";
import { refuseUnknownColumns } from "./unknown-columns.ts";

const kinds = {
  CONSTR_UNIQUE: { kind: "unique", label: "key" },
  CONSTR_PRIMARY: { kind: "primary key", label: "pkey" },
  CONSTR_EXCLUSION: { kind: "exclude", label: "excl" },
} as const;

/** Adds one: its index is built, unless it takes one over that is there. */
export function addIndexed(added: AddedConstraint, scene: Scene): undefined {
  const { table, definition, onColumn, isNewTable } = added;
  const { kind, label } = kinds[definition.contype as keyof typeof kinds];
  const usingIndex = word(definition, "indexname");
  const taken =
    usingIndex === undefined
      ? undefined
      : scene.catalog.find(scene.catalog.indexes, usingIndex, table.schema);
  const written = names(definition, "keys");
  const columns =
    taken?.keys ?? (written.length === 0 && onColumn !== undefined ? [onColumn] : written);
  const called = kind === "primary key" ? [] : [...columns, ...names(definition, "including")];
  const base = named(added, scene, { columns: called, label });
  const name =
    usingIndex !== undefined && word(definition, "conname") === undefined ? usingIndex : base.name;
  const constraint: CatalogConstraint = { ...base, name, kind, columns, valid: true };
  refuseIndexed({ table, constraint, usingIndex, index: taken }, scene);
  refuseVirtual(table, columns, "an index", scene);
  refuseOverlaps(table, definition, scene);
  const nullable = columns.filter((column) => isNullable(table, column));
  if (!isNewTable) {
    if (usingIndex !== undefined && kind === "primary key")
      enforceNotNull(table, nullable, { by: "primary key", written: definition }, scene);
    const isAlone = added.isOnly === true && table.partitionBy !== undefined;
    const builds = usingIndex === undefined && !isAlone;
    scene.emit({
      kind: "constraint added",
      table,
      constraint,
      scans: false,
      builds,
      onColumn: onColumn !== undefined,
      written: definition,
      ...(kind === "primary key" ? { proofs: proofsOf(table, nullable, scene) } : {}),
    });
    if (builds) scene.emit({ kind: "work", table, words: "builds an index" });
  }
  if (kind === "primary key") for (const column of columns) makeNotNull(table, column);
  // With ONLY its partitions get theirs one by one.
  if (added.isOnly === true) table.constraints.set(constraint.name, constraint);
  else keepConstraint(table, constraint, scene);
  keepIndex({ table, constraint, taken, definition }, scene);
}

function refuseIndexed(
  made: {
    readonly table: Table;
    readonly constraint: CatalogConstraint;
    readonly usingIndex: string | undefined;
    readonly index: CatalogIndex | undefined;
  },
  scene: Scene,
): undefined {
  const { table, constraint, usingIndex, index } = made;
  const fails = (why: string) => scene.emit({ kind: "fails", why });
  const { kind, columns } = constraint;
  const existing = [...table.constraints.values()].some((one) => one.kind === "primary key");
  if (kind === "primary key" && existing) fails(`${shown(table)} has a primary key already`);
  refuseUnknownColumns(
    table,
    columns.filter((column) => column !== ""),
    scene,
  );
  if (usingIndex === undefined) {
    const keys = partitionKeysOf(table);
    if (kind !== "exclude" && keys.some((key) => !columns.includes(key)))
      fails(`a ${kind} of the partitioned table ${shown(table)} must include its partition key`);
    return;
  }
  if (table.partitionBy !== undefined)
    fails(`the partitioned table ${shown(table)} cannot take over an index`);
  if (index === undefined) {
    if (table.known && scene.catalog.complete) fails(`there is no index ${usingIndex}`);
    return;
  }
  refuseTakenIndex(index, scene);
}

function keepIndex(
  made: {
    readonly table: Table;
    readonly constraint: CatalogConstraint;
    readonly taken: CatalogIndex | undefined;
    readonly definition: Tree;
  },
  { catalog, origin }: Scene,
): undefined {
  const { table, constraint, taken, definition } = made;
  if (taken !== undefined) {
    catalog.indexes.delete(`${taken.schema}.${taken.name}`);
    catalog.indexes.set(`${taken.schema}.${constraint.name}`, {
      ...taken,
      name: constraint.name,
      constraint: constraint.name,
    });
    return;
  }
  const mentioned = columnsIn([definition.exclusions, definition.where_clause]);
  const keys =
    constraint.kind === "exclude"
      ? listOf(definition.exclusions).map(
          ({ tree }) => word(children(tree, "items")[0]?.tree, "name") ?? "",
        )
      : constraint.columns;
  catalog.indexes.set(`${table.schema}.${constraint.name}`, {
    schema: table.schema,
    name: constraint.name,
    table,
    origin,
    keys,
    columnCount: keys.length + names(definition, "including").length,
    columns: new Set([...constraint.columns, ...names(definition, "including"), ...mentioned]),
    unique: constraint.kind !== "exclude",
    isPartial: definition.where_clause !== undefined,
    hasExpressions: keys.includes(""),
    method: word(definition, "access_method") ?? "btree",
    only: false,
    constraint: constraint.name,
  });
}
