/** ALTER COLUMN … TYPE, of one or several columns in one statement. */
import { child, columnsIn, names, part, type Tree, word } from "../../sql/tree.ts";
import {
  type CatalogColumn,
  type CatalogIndex,
  shown,
  type Table,
  type TypeName,
  treeOf,
} from "./catalog.ts";
import { aroundViews, whatReads } from "./dependents.ts";
import type { TypeChangeCost } from "./effect.ts";
import { isVirtual } from "./key-refusals.ts";
import type { Scene } from "./scene.ts";
import { castRefusal, hasAssignmentCast, rewriteReason, type TypeChange } from "./type-change.ts";
import { baseType, isSerial, plainType, typeNameOf, typeWords } from "./types.ts";
import { refuseUnknownColumns } from "./unknown-columns.ts";

export function changeColumnTypes(
  table: Table,
  commands: readonly Tree[],
  scene: Scene,
): undefined {
  for (const command of commands) changeColumnType(table, command, scene);
}

function changeColumnType(table: Table, command: Tree, scene: Scene): undefined {
  const name = word(command, "name") ?? "";
  const definition = part(part(command, "def"), "ColumnDef");
  const written = typeNameOf(part(definition, "typeName"));
  const using = child(definition, "raw_default");
  const column = table.columns.get(name);
  if (table.known && column === undefined) return refuseUnknownColumns(table, [name], scene);
  const change = {
    from: column?.type ?? written,
    to: plainType(written),
    column: name,
    using,
    catalog: scene.catalog,
    server: scene.server,
    isUtc: isUtc(scene.settings.get("timezone")),
  };
  const refused = isSerial(written)
    ? `${written.name} is not a type that a column can be changed to`
    : (refusal(table, name, scene) ??
      (column === undefined
        ? undefined
        : (castRefusal(change) ?? defaultRefusal(column, change.to, scene))));
  if (refused !== undefined) {
    const line = `ALTER TABLE ${shown(table)} ALTER COLUMN ${name} TYPE ${typeWords(written)};`;
    const safe = aroundViews(table, name, { change: line, scene });
    return scene.emit({ kind: "fails", why: refused, safe });
  }
  const collation = names(part(definition, "collClause"), "collname").at(-1);
  const rewrite = column === undefined ? "its type before is not known" : writes(change, table);
  const cost = costOf(table, { name, column, to: change.to, collation, rewrite }, scene);
  scene.emit({
    kind: "column type changed",
    table,
    column: name,
    from: column === undefined ? undefined : { ...column },
    indexes: scene.catalog.indexesOf(table).filter(({ columns }) => columns.has(name)),
    to: change.to,
    cost,
  });
  if (cost.kind === "nothing" && !isVirtual(table, name)) loseStatistics(table, name, scene);
  lockForeignKeys(table, name, scene);
  if (cost.kind !== "nothing")
    scene.emit({ kind: "work", table, words: `changes the type of ${name}` });
  if (column !== undefined) {
    scene.emit({
      kind: "column defined",
      table,
      column: { ...column, type: change.to },
      written: typeWords(change.to),
      isKey: false,
    });
    Object.assign(column, { type: change.to, collation });
  }
}

/**
 * Even without a rewrite, statistics describe values of the old type, so they are lost.
 * `RemoveStatistics` in heap.c.
 */
function loseStatistics(table: Table, column: string, scene: Scene): undefined {
  const extended = [...table.statistics].flatMap(([name, columns]) =>
    columns.has(column) ? [name] : [],
  );
  scene.emit({ kind: "statistics lost", table, column, extended });
}

/** A virtual column has no value to write. */
function writes(change: TypeChange, table: Table): string | undefined {
  return isVirtual(table, change.column) ? undefined : rewriteReason(change);
}

/** Foreign keys of the column, and those that point at it, are dropped and made anew. */
function lockForeignKeys(table: Table, name: string, scene: Scene): undefined {
  for (const constraint of table.constraints.values()) {
    const parent = constraint.columns.includes(name) ? constraint.references?.table : undefined;
    if (parent !== undefined && parent !== table)
      scene.emit({ kind: "lock", table: parent, mode: "ACCESS EXCLUSIVE" });
  }
  for (const { from, constraint } of scene.catalog.referencesTo(table))
    if (from !== table && constraint.references?.columns.includes(name))
      scene.emit({ kind: "lock", table: from, mode: "ACCESS EXCLUSIVE" });
}

function costOf(
  table: Table,
  made: {
    readonly name: string;
    readonly column: CatalogColumn | undefined;
    readonly to: TypeName;
    readonly collation: string | undefined;
    readonly rewrite: string | undefined;
  },
  scene: Scene,
): TypeChangeCost {
  const { name, column, to, collation, rewrite } = made;
  if (rewrite !== undefined) return { kind: "rewrite", why: rewrite };
  const recollated = column !== undefined && (column.collation ?? "") !== (collation ?? "");
  const index = scene.catalog
    .indexesOf(table)
    .find(
      (one) =>
        one.columns.has(name) &&
        isRebuilt(one, { name, from: column?.type ?? to, to, recollated }, scene),
    );
  if (index !== undefined) return { kind: "index", index };
  const check = [...table.constraints.values()].find(
    (one) => one.kind === "check" && one.valid && one.columns.includes(name),
  );
  return check === undefined ? { kind: "nothing" } : { kind: "check", constraint: check.name };
}

/** An index is kept only when nothing in it could mean something else: `CheckIndexCompatible` in indexcmds.c. */
function isRebuilt(
  index: CatalogIndex,
  change: {
    readonly name: string;
    readonly from: TypeName;
    readonly to: TypeName;
    readonly recollated: boolean;
  },
  { catalog }: Scene,
): boolean {
  if (index.isPartial || index.hasExpressions) return true;
  if (!index.keys.includes(change.name)) return false;
  if (change.recollated) return true;
  return operatorsOf(change.from, catalog) !== operatorsOf(change.to, catalog);
}

/** Types that share their operators share their indexes. */
function operatorsOf(type: TypeName, catalog: Scene["catalog"]): string {
  const { name } = baseType(type, catalog);
  if (name === "varchar") return "text";
  return name === "cidr" ? "inet" : name;
}

/** Says why the server refuses any new type for this column; `undefined` if it does not. */
function refusal(table: Table, name: string, scene: Scene): string | undefined {
  const keyed = treeOf(table).find(({ partitionBy }) => partitionBy?.columns.includes(name));
  if (keyed !== undefined) return `${name} is in the partition key of ${shown(keyed)}`;
  if (table.parent !== undefined) return `${name} of ${shown(table)} is inherited`;
  return whatReads(table, name, scene);
}

/** USING says nothing about the default: it must be castable by itself. */
function defaultRefusal(
  column: CatalogColumn,
  to: TypeName,
  { catalog }: Scene,
): string | undefined {
  const { default: given } = column;
  if (
    given?.by === "identity" &&
    /^(text|varchar|bpchar|uuid|citext)$/.test(to.name) &&
    column.isIdentity
  )
    return `${column.name} is an identity column and must stay an integer`;
  if (given?.by !== "expression" || columnsIn(given.expression).size > 0) return undefined;
  if (hasAssignmentCast(column.type, to, catalog)) return undefined;
  return `the default of ${column.name} cannot be cast automatically to ${typeWords(to)}`;
}

function isUtc(zone: string | undefined): boolean {
  return /^(utc|gmt|etc\/utc|etc\/gmt|zulu|etc\/zulu|uct|etc\/uct|universal|greenwich|0|\+00|\+00:00)$/i.test(
    zone ?? "",
  );
}
