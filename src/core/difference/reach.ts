/** Finds the objects that a change below them forces to be made anew. */
import type { SchemaCatalog, SchemaObject, TableColumn, TableObject } from "../catalog/catalog.ts";
import type { CatalogWords } from "../catalog/catalog-access.ts";
import { canonical } from "../catalog/changes.ts";
import { names, textOf } from "./names.ts";

/** The objects and columns of both catalogs that a change reaches. */
export type Reached = {
  /** Objects that are taken away and made again. */
  readonly anew: ReadonlySet<string>;
  /** Types that step aside until no column has them any more. */
  readonly aside: ReadonlySet<string>;
  /** `column title of table public.posts`: taken away and added again. */
  readonly columns: ReadonlySet<string>;
  /** Columns whose default goes first and comes back last. */
  readonly defaults: ReadonlySet<string>;
  /** Columns whose type is made again, so that they must take it once more. */
  readonly retyped: ReadonlySet<string>;
};

export const columnId = (table: TableObject, { name }: Pick<TableColumn, "name">) =>
  `column ${name} of ${table.id}`;

export const typeKinds: ReadonlySet<SchemaObject["kind"]> = new Set([
  "enum",
  "domain",
  "composite",
  "range",
]);

export function reached(from: SchemaCatalog, to: SchemaCatalog, words: CatalogWords): Reached {
  const reach = new Reach(from, to, words);
  while (reach.grow());
  return reach;
}

class Reach implements Reached {
  readonly anew = new Set<string>();
  readonly aside = new Set<string>();
  readonly columns = new Set<string>();
  readonly defaults = new Set<string>();
  readonly retyped = new Set<string>();
  readonly #both: readonly (readonly [SchemaObject, SchemaObject])[];
  readonly #gone: ReadonlySet<string>;
  readonly #words: CatalogWords;

  constructor(from: SchemaCatalog, to: SchemaCatalog, words: CatalogWords) {
    const is = new Map(to.objects.map((object) => [object.id, object]));
    this.#words = words;
    this.#both = from.objects.flatMap((object) => {
      const other = is.get(object.id);
      return other === undefined ? [] : [[object, other] as const];
    });
    this.#gone = new Set(from.objects.map(({ id }) => id).filter((id) => !is.has(id)));
    for (const [before, after] of this.#both) this.#begin(before, after);
  }

  #begin(before: SchemaObject, after: SchemaObject): void {
    if (before.kind === "table" && after.kind === "table") this.#beginTable(before, after);
    if (before.kind === "enum" && after.kind === "enum" && isLonger(before.values, after.values))
      return;
    if (this.#staysInPlace(before, after)) return;
    this.#again(before);
  }

  #again({ id, kind }: SchemaObject): void {
    if (typeKinds.has(kind)) this.aside.add(id);
    else this.anew.add(id);
  }

  #staysInPlace(before: SchemaObject, after: SchemaObject): boolean {
    return before.kind === after.kind && this.#words.alter(before, after) !== undefined;
  }

  #beginTable(before: TableObject, after: TableObject): void {
    for (const column of before.columns) {
      const other = after.columns.find(({ name }) => name === column.name);
      if (other === undefined) continue;
      const id = columnId(after, column);
      if (canonical(column.generated) !== canonical(other.generated)) this.columns.add(id);
      const retyped = column.type !== other.type || column.collation !== other.collation;
      if (retyped) this.retyped.add(id);
      if (column.default !== undefined && (retyped || other.identity !== undefined))
        this.defaults.add(id);
    }
  }

  /** Whether it has found more. */
  grow(): boolean {
    const before = this.#size();
    const moved = new Set([...this.#gone, ...this.anew, ...this.aside]);
    for (const [object] of this.#both) {
      if (this.anew.has(object.id) || this.aside.has(object.id)) continue;
      if (object.kind === "table") this.#growTable(object, moved);
      else if (this.#isReached(object, moved)) this.#again(object);
    }
    return this.#size() > before;
  }

  #size(): number {
    const sets = [this.anew, this.aside, this.columns, this.defaults, this.retyped];
    return sets.reduce((sum, { size }) => sum + size, 0);
  }

  #growTable(table: TableObject, moved: ReadonlySet<string>): void {
    for (const column of table.columns) {
      const id = columnId(table, column);
      const needs = column.generated?.needs ?? [];
      if (needs.some((need) => moved.has(need))) this.columns.add(id);
      if (column.generated !== undefined && this.#namesMoved(table, column)) this.columns.add(id);
      if (column.default?.needs.some((need) => moved.has(need))) this.defaults.add(id);
      if (this.#hasAside(column)) {
        this.retyped.add(id);
        if (column.default !== undefined) this.defaults.add(id);
      }
    }
  }

  /** A generated column that is made of one whose type changes. */
  #namesMoved(table: TableObject, { generated }: TableColumn): boolean {
    const expression = generated?.expression ?? "";
    return table.columns.some(
      (column) =>
        (this.retyped.has(columnId(table, column)) || this.columns.has(columnId(table, column))) &&
        names(expression, column.name),
    );
  }

  #hasAside({ type }: TableColumn): boolean {
    return [...this.aside].some((id) => {
      const path = id.slice("type ".length);
      const bare = type.replace(/(\[\])+$/, "").replaceAll('"', "");
      return bare === path || bare.startsWith(`${path}(`);
    });
  }

  #isReached(object: SchemaObject, moved: ReadonlySet<string>): boolean {
    if (inert.has(object.kind)) return false;
    if (object.needs.some((need) => moved.has(need))) return true;
    if ("table" in object && moved.has(`table ${object.table.prefix}.${object.table.name}`))
      return true;
    return this.#both.some(
      ([table]) =>
        table.kind === "table" &&
        (object.needs.includes(table.id) ||
          ("table" in object && sameTable(object.table, table.named))) &&
        table.columns.some((column) => this.#disturbs(table, column, object)),
    );
  }

  /** Whether a change of the column is in the way of objects that name it. */
  #disturbs(table: TableObject, column: TableColumn, object: SchemaObject): boolean {
    const id = columnId(table, column);
    const isGone = this.columns.has(id) || this.#isRemoved(table, column);
    if (!isGone && !this.retyped.has(id)) return false;
    if (object.kind === "routine" && !/BEGIN ATOMIC|\n RETURN /.test(object.definition))
      return false;
    if (!isGone && object.kind === "index" && !this.#hasAside(column)) return false;
    if (
      !isGone &&
      object.kind === "constraint" &&
      object.of !== "foreign key" &&
      !this.#hasAside(column)
    )
      return false;
    return names(textOf(object), column.name);
  }

  #isRemoved(table: TableObject, { name }: TableColumn): boolean {
    const other = this.#both.find(([before]) => before.id === table.id)?.[1];
    return other?.kind === "table" && !other.columns.some((column) => column.name === name);
  }
}

/** Nothing that changes below takes these along. */
const inert: ReadonlySet<SchemaObject["kind"]> = new Set(["schema", "extension", "sequence"]);

function sameTable(
  a: { readonly name: string; readonly prefix?: string | undefined },
  b: { readonly name: string; readonly prefix?: string | undefined },
): boolean {
  return a.name === b.name && a.prefix === b.prefix;
}

/** Whether values only come in between. */
export function isLonger(before: readonly string[], after: readonly string[]): boolean {
  let at = 0;
  for (const value of after) if (value === before[at]) at++;
  return at === before.length;
}
