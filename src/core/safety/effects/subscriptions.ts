/** Subscriptions of logical replication: what of a change of a table stops the rows that its publisher sends. */
import type { KnownPublications } from "../../model/database-facts.ts";
import {
  type Catalog,
  type CatalogColumn,
  type CatalogConstraint,
  shown,
  type Table,
  type TypeName,
} from "./catalog.ts";
import type { Effect, EffectOf } from "./effect.ts";
import { conjuncts, saysNotNull } from "./proof.ts";
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
  const change = changeOf(effect, catalog);
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

function changeOf(effect: Effect, catalog: Catalog): Change | undefined {
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
      return effect.unique && mayRepeat(effect, catalog)
        ? refuses(effect.table, `the unique index ${effect.index}`)
        : undefined;
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
    case "constraint dropped": {
      const { table, primaryKey, replaced } = effect;
      const byOther = catalog.identities.get(shown(table))?.by === "index";
      return !primaryKey || replaced || byOther ? undefined : { table, what: "key lost" };
    }
    case "index dropped": {
      const { table, index } = effect;
      if (table === undefined || catalog.identities.get(shown(table))?.index !== index)
        return undefined;
      return { table, what: "key lost" };
    }
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

/** Whether it came in this run, so that nobody sends it yet. */
function isUnsent(column: CatalogColumn | undefined): boolean {
  return column !== undefined && !exists(column);
}

/** Whether nobody sends it yet, and it has a value by itself. */
function fillsItself(column: CatalogColumn | undefined): boolean {
  return isUnsent(column) && column?.default !== undefined;
}

/** Foreign keys are not looked up for rows that are received, and a NOT NULL that is valid is an effect by itself. */
function refusalOf(effect: EffectOf<"constraint added">): Change | undefined {
  const { table, constraint, builds } = effect;
  const { kind, name, enforced, columns, valid } = constraint;
  if (kind === "foreign key" || enforced === false) return undefined;
  const column = (one: string) => table.columns.get(one);
  const isEmpty = (one: string) => !fillsItself(column(one));
  if (kind === "not null")
    return !valid && columns.some(isEmpty)
      ? refuses(table, `NOT NULL of ${columns.join(", ")}`)
      : undefined;
  // It takes an index that is there.
  if (!builds && (kind === "unique" || kind === "primary key")) return undefined;
  const isNew = columns.length > 0 && columns.every((one) => isUnsent(column(one)));
  // Nobody sends these columns yet, so they are NULL or their default.
  if (isNew && !columns.some((one) => isEmpty(one) && refusesNull(constraint, one)))
    return undefined;
  return refuses(table, `the ${kind === "exclude" ? "exclusion" : kind} constraint ${name}`);
}

function refusesNull({ expression }: CatalogConstraint, column: string): boolean {
  return (
    expression !== undefined && conjuncts(expression).some((part) => saysNotNull(part, column))
  );
}

/** Whether rows that differ so far could be the same for it. */
function mayRepeat({ table, columns }: EffectOf<"index built">, catalog: Catalog): boolean {
  if (columns.length > 0 && columns.every((one) => isUnsent(table.columns.get(one)))) return false;
  return !catalog
    .indexesOf(table)
    .some(
      ({ unique, isPartial, hasExpressions, keys }) =>
        unique && !isPartial && !hasExpressions && keys.every((key) => columns.includes(key)),
    );
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
