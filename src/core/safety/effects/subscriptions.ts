/** Subscriptions of logical replication: what of a change of a table stops the rows that its publisher sends. */
import type { KnownPublications } from "../../model/database-facts.ts";
import { type Catalog, type CatalogColumn, shown, type Table, type TypeName } from "./catalog.ts";
import type { Effect, EffectOf } from "./effect.ts";
import { exists } from "./scene.ts";
import type { SubscribedChange } from "./subscribed-change.ts";
import { typeWords } from "./types.ts";

/** Stands for every table, where nobody knows yet which of them a subscription fills. */
export const everyTable = "*";

/** Puts the subscriptions of production into a catalog. A table counts as subscribed where a partition of it is. */
export function knowSubscriptions(
  { subscriptions = [], tables }: KnownPublications,
  catalog: Catalog,
): void {
  const parents = new Map(tables.map(({ name, partitionOf }) => [name, partitionOf]));
  for (const subscription of subscriptions) {
    const filled = new Set<string>();
    // A file may say that a table is its own partition.
    for (const table of subscription.tables)
      for (
        let at: string | undefined = table;
        at !== undefined && !filled.has(at);
        at = parents.get(at)
      )
        filled.add(at);
    catalog.subscriptions.set(subscription.name, filled);
  }
}

/** The consequence of a statement for what this database receives, where a subscription fills its table. */
export function subscribedChange(effect: Effect, catalog: Catalog): SubscribedChange | undefined {
  if (catalog.subscriptions.size === 0) return undefined;
  const change = changeOf(effect);
  if (change === undefined || !exists(change.table)) return undefined;
  const own = [...catalog.subscriptions].filter(([, filled]) => fills(filled, change.table));
  if (own.length === 0) return undefined;
  return { kind: "subscribed changed", ...change, subscriptions: own.map(([name]) => name) };
}

function fills(filled: ReadonlySet<string>, table: Table): boolean {
  if (filled.has(everyTable)) return table.persistence === "p" && table.kind === "table";
  return filled.has(shown(table)) || (table.parent !== undefined && fills(filled, table.parent));
}

type Change = Omit<SubscribedChange, "kind" | "subscriptions">;

function changeOf(effect: Effect): Change | undefined {
  switch (effect.kind) {
    case "column added":
      return requires(effect.column)
        ? refuses(effect.table, `NOT NULL of ${effect.column.name}, which is not sent`)
        : undefined;
    case "not null enforced": {
      const { table } = effect;
      const columns = effect.columns.filter((column) => !fillsItself(table.columns.get(column)));
      return columns.length === 0 ? undefined : refuses(table, `NOT NULL of ${columns.join(", ")}`);
    }
    case "constraint added":
      return refusalOf(effect);
    case "index built":
      return effect.unique ? refuses(effect.table, `the unique index ${effect.index}`) : undefined;
    case "column type changed": {
      const { table, column, to, cost } = effect;
      if (cost.kind === "nothing" || takesAll(table.columns.get(column)?.type, to))
        return undefined;
      return { table, what: "refuses", column, words: `the type ${typeWords(to)} of ${column}` };
    }
    case "lost": {
      const { table, what, name, older } = effect;
      // Nobody sends what came in the same file.
      if (table === undefined || !older) return undefined;
      if (what === "rows") return { table, what: "truncated" };
      if (what === "table") return { table, what: "table dropped" };
      if (what !== "column") return undefined;
      return { table, what: "column dropped", column: name.slice(name.lastIndexOf(".") + 1) };
    }
    case "renamed": {
      const { table, what, from, older } = effect;
      if (!older || table === undefined || (what !== "column" && what !== "table"))
        return undefined;
      return { table, what: "renamed", column: what === "column" ? from : undefined };
    }
    case "constraint dropped":
      return effect.primaryKey && !effect.replaced
        ? { table: effect.table, what: "key lost" }
        : undefined;
    default:
      return undefined;
  }
}

function refuses(table: Table, words: string): Change {
  return { table, what: "refuses", words };
}

/** Whether a row that does not name it is refused. */
function requires({ notNull, default: value }: CatalogColumn): boolean {
  return notNull && value === undefined;
}

/** Whether it came in this run, so that nobody sends it yet, and has a value by itself. */
function fillsItself(column: CatalogColumn | undefined): boolean {
  return column !== undefined && !exists(column) && column.default !== undefined;
}

/** Foreign keys are not looked up for rows that are received, and NOT NULL is an effect by itself. */
function refusalOf({ table, constraint }: EffectOf<"constraint added">): Change | undefined {
  const { kind, name, enforced, columns } = constraint;
  if (kind === "foreign key" || kind === "not null" || enforced === false) return undefined;
  const isNew = (column: CatalogColumn | undefined) => column !== undefined && !exists(column);
  // Nobody sends these columns yet.
  if (columns.length > 0 && columns.every((name) => isNew(table.columns.get(name))))
    return undefined;
  return refuses(table, `the ${kind === "exclude" ? "exclusion" : kind} constraint ${name}`);
}

const widths = ["int2", "int4", "int8", "numeric"];

/** Whether the new type takes every value that the old one had, as text. */
function takesAll(from: TypeName | undefined, to: TypeName): boolean {
  if (to.modifiers.length > 0 || to.isArray || to.schema !== undefined) return false;
  if (to.name === "text" || to.name === "varchar") return true;
  if (from === undefined || from.isArray) return false;
  if (from.name === "float4" && to.name === "float8") return true;
  const [old, made] = [widths.indexOf(from.name), widths.indexOf(to.name)];
  return old >= 0 && made >= old;
}
