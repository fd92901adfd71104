/** Decides which changes of a column wait until old code is gone. */
import type { SchemaCatalog, TableObject } from "../catalog/catalog.ts";
import type { Named } from "../model/named.ts";
import type { AtOnce } from "./at-once.ts";
import { idOf } from "./table-id.ts";

export class LaterChanges {
  readonly #was: ReadonlyMap<string, TableObject>;
  readonly #is: ReadonlyMap<string, TableObject>;
  readonly #to: SchemaCatalog;
  readonly #atOnce: AtOnce;

  constructor(
    { from, to }: { readonly from: SchemaCatalog; readonly to: SchemaCatalog },
    atOnce: AtOnce,
  ) {
    this.#was = tablesOf(from);
    this.#is = tablesOf(to);
    this.#to = to;
    this.#atOnce = atOnce;
  }

  /** Whether the table loses the column when old code is gone. */
  isLostLater(table: Named, name: string): boolean {
    const isWanted = columnOf(this.#is, table, name) !== undefined;
    return !isWanted && !this.#atOnce.hasColumn(idOf(table), name);
  }

  /** Whether a table that was there gets the NOT NULL when old code is gone. */
  isRequiredLater(table: Named, name: string): boolean {
    const [was, is] = [this.#was, this.#is].map((tables) => columnOf(tables, table, name));
    const isNew = was === undefined && is?.default === undefined && is?.generated === undefined;
    const isSet = was !== undefined && was.notNull === undefined;
    return is?.notNull !== undefined && (isNew || isSet) && !this.mustNotBeNull(table, name);
  }

  /** Whether a key or an identity needs it at once. */
  mustNotBeNull(table: Named, name: string): boolean {
    if (columnOf(this.#is, table, name)?.identity !== undefined) return true;
    return this.#to.objects.some(
      (object) =>
        object.kind === "constraint" &&
        object.of === "primary key" &&
        idOf(object.table) === idOf(table) &&
        new RegExp(`[(, "]${name.replace(/\W/g, "\\$&")}[), "]`).test(object.definition),
    );
  }
}

/** The tables by their ids. */
export function tablesOf({ objects }: SchemaCatalog): ReadonlyMap<string, TableObject> {
  return new Map(
    objects.flatMap((object) => (object.kind === "table" ? [[object.id, object] as const] : [])),
  );
}

function columnOf(tables: ReadonlyMap<string, TableObject>, table: Named, name: string) {
  return tables.get(idOf(table))?.columns.find((column) => column.name === name);
}
