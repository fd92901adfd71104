/** Why a partition is not attached, or not detached. */
import { children, constantOf, part, type Tree, word } from "../../../sql/tree.ts";
import { shown, type Table } from "../catalog.ts";
import type { Scene } from "../scene.ts";
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
  return partition === table ? `${found.name} cannot be a partition of itself` : undefined;
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
  if (bound.strategy !== "r") return undefined;
  const [lower, upper] = [children(bound, "lowerdatums"), children(bound, "upperdatums")];
  if (lower.length !== by.columns.length || upper.length !== by.columns.length)
    return `FROM and TO must have ${by.columns.length} value${by.columns.length === 1 ? "" : "s"} each`;
  const own = rangeOf(bound);
  if (own === undefined) return undefined;
  if (compare(own[0], own[1]) >= 0) return "FROM must be less than TO";
  for (const other of table.partitions) {
    const range = other.bound === undefined ? undefined : rangeOf(other.bound);
    if (range !== undefined && compare(own[0], range[1]) < 0 && compare(range[0], own[1]) < 0)
      return `it would overlap the partition ${shown(other)}`;
  }
  return undefined;
}

type Value = number | string;

/** Of one column, with values that can be compared as they stand: whole numbers, or dates in the form of ISO 8601. */
function rangeOf(bound: Tree): readonly [Value, Value] | undefined {
  const sides = ["lowerdatums", "upperdatums"].map((side) => {
    const [only, more] = children(bound, side);
    const value = more === undefined ? constantOf(only) : undefined;
    if (typeof value !== "string") return undefined;
    if (/^-?\d{1,15}$/.test(value)) return Number(value);
    return /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/.test(value) ? value : undefined;
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
