/** Why a partition is not attached, or not detached. */
import { children, constantOf, flag, part, type Tree, word } from "../../../sql/tree.ts";
import { shown, type Table } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { typeKey } from "../types.ts";
import { relationNamed } from "./relation.ts";
import { article } from "./relation-kinds.ts";

export function attachRefusal(table: Table, command: Tree, scene: Scene): string | undefined {
  const relation = part(command, "name");
  const found = relationNamed(relation, scene);
  if (found === "missing") return `there is no table ${word(relation, "relname")}`;
  const bound = part(command, "bound") ?? {};
  const wrong = boundRefusal(table, bound);
  if (found === undefined || wrong !== undefined) return wrong;
  if (!/^(table|partitioned table|foreign table)$/.test(found.kind))
    return `${found.name} is ${article(found.kind)}`;
  const partition = found.table;
  if (partition === undefined) return undefined;
  if (partition.parent !== undefined)
    return `${found.name} is a partition of ${shown(partition.parent)} already`;
  if (partition.ofType !== undefined) return `${found.name} is a table OF a type`;
  if (partition.inherits.length > 0)
    return `${found.name} inherits from ${partition.inherits.map(shown).join(", ")}`;
  if (partition === table) return `${found.name} cannot be a partition of itself`;
  const other = otherType(table, partition);
  return other === undefined ? undefined : `${other} of ${found.name} has another type`;
}

/** A column that is of another type than the parent's. */
function otherType(parent: Table, child: Table): string | undefined {
  if (!parent.known || !child.known) return undefined;
  return [...parent.columns.values()].find(({ name, type }) => {
    const own = child.columns.get(name);
    return own !== undefined && typeKey(own.type) !== typeKey(type);
  })?.name;
}

/** CREATE TABLE … PARTITION OF. */
export function partitionRefusal(statement: Tree, scene: Scene): string | undefined {
  const bound = part(statement, "partbound");
  if (bound === undefined) return undefined;
  const relation = children(statement, "inhRelations")[0]?.tree;
  const found = relationNamed(relation, scene);
  if (found === "missing") return `there is no table ${word(relation, "relname")}`;
  if (found?.table === undefined || flag(statement, "if_not_exists")) return undefined;
  return found.kind === "partitioned table"
    ? boundRefusal(found.table, bound)
    : `${found.name} is ${article(found.kind)} without partitions`;
}

/** A bound must be of the table's strategy, have a value for each column of the key, and be new. */
export function boundRefusal(table: Table, bound: Tree): string | undefined {
  const by = table.partitionBy;
  if (by === undefined || bound.is_default === true) {
    const other =
      bound.is_default === true &&
      [...table.partitions].find((one) => one.bound?.is_default === true);
    return other ? `${shown(other)} is the default partition of ${shown(table)}` : undefined;
  }
  const strategy = {
    PARTITION_STRATEGY_RANGE: "r",
    PARTITION_STRATEGY_LIST: "l",
    PARTITION_STRATEGY_HASH: "h",
  }[by.strategy];
  if (strategy !== undefined && bound.strategy !== strategy)
    return `${shown(table)} is partitioned in another way than the bound says`;
  if (bound.strategy === "l") return listOverlap(table, bound);
  if (bound.strategy === "h") return hashOverlap(table, bound);
  const [lower, upper] = [children(bound, "lowerdatums"), children(bound, "upperdatums")];
  if (lower.length !== by.columns.length || upper.length !== by.columns.length)
    return `FROM and TO must have ${by.columns.length} value${by.columns.length === 1 ? "" : "s"} each`;
  const own = rangeOf(bound, table);
  if (own === undefined) return undefined;
  if (compare(own[0], own[1]) >= 0) return "FROM must be less than TO";
  for (const other of table.partitions) {
    const range = other.bound === undefined ? undefined : rangeOf(other.bound, table);
    if (range !== undefined && compare(own[0], range[1]) < 0 && compare(range[0], own[1]) < 0)
      return `it would overlap the partition ${shown(other)}`;
  }
  return undefined;
}

/** Values that another partition has. */
function listOverlap(table: Table, bound: Tree): string | undefined {
  const valuesOf = (tree: Tree | undefined) =>
    children(tree, "listdatums").flatMap((one) => {
      const value = constantOf(one);
      return value === undefined ? [] : [value];
    });
  const own = new Set(valuesOf(bound));
  for (const other of table.partitions) {
    const both =
      other.bound?.strategy === "l" ? valuesOf(other.bound).find((one) => own.has(one)) : undefined;
    if (both !== undefined) return `it would overlap the partition ${shown(other)}`;
  }
  return undefined;
}

/** A remainder that another partition has too. */
function hashOverlap(table: Table, bound: Tree): string | undefined {
  const [modulus, remainder] = hashOf(bound);
  if (remainder >= modulus) return `${remainder} is no remainder of ${modulus}`;
  for (const other of table.partitions) {
    if (other.bound?.strategy !== "h") continue;
    const [its, own] = hashOf(other.bound);
    const [small, large] = [Math.min(its, modulus), Math.max(its, modulus)];
    if (large % small !== 0)
      return `${small} is no factor of ${large}, the modulus of ${shown(other)}`;
    if (own % small === remainder % small) return `it would overlap the partition ${shown(other)}`;
  }
  return undefined;
}

function hashOf({ modulus, remainder }: Tree): readonly [number, number] {
  return [Number(modulus ?? 1), Number(remainder ?? 0)];
}

type Value = number | string;

/** Of one column, with values that can be compared as they stand: whole numbers, or dates in the form of ISO 8601. */
function rangeOf(
  bound: Tree,
  { partitionBy, columns }: Table,
): readonly [Value, Value] | undefined {
  const type = columns.get(partitionBy?.columns[0] ?? "")?.type;
  const isNumber = /^(int[248]|numeric)$/.test(type?.name ?? "");
  const isTime = /^(date|timestamp|timestamptz)$/.test(type?.name ?? "");
  const sides = ["lowerdatums", "upperdatums"].map((side) => {
    const [only, more] = children(bound, side);
    const value = more === undefined ? constantOf(only) : undefined;
    if (typeof value !== "string") return undefined;
    if (isNumber && /^-?\d{1,15}$/.test(value)) return Number(value);
    return isTime && /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/.test(value) ? value : undefined;
  });
  const [lower, upper] = sides;
  if (lower === undefined || upper === undefined || typeof lower !== typeof upper) return undefined;
  return [lower, upper];
}

function compare(a: Value, b: Value): number {
  if (typeof a !== typeof b) return Number.NaN;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function detachRefusal(table: Table, command: Tree, scene: Scene): string | undefined {
  const relation = part(command, "name");
  const found = relationNamed(relation, scene);
  if (found === "missing") return `there is no table ${word(relation, "relname")}`;
  const partition = found?.table;
  if (partition === undefined || !table.known || !partition.known) return undefined;
  if (partition.parent !== table) return `${shown(partition)} is no partition of ${shown(table)}`;
  return undefined;
}
