/** Finds the effects that only the end of a file shows. */
import type { Catalog, CatalogColumn } from "./catalog.ts";
import type { Effect, EffectOf } from "./effect.ts";
import { isIndexed } from "./foreign-key.ts";
import { exists } from "./scene.ts";
import { refusesNull } from "./types.ts";

type At<Kind extends Effect["kind"]> = {
  readonly effect: EffectOf<Kind>;
  readonly statement: number;
};

/** Effects that a walk keeps until the end of the file. */
export type Remembered = {
  readonly indexesDropped: {
    readonly effect: EffectOf<"index dropped">;
    readonly complete: boolean;
  }[];
  readonly columnsAdded: (At<"column added"> & { readonly atOnce: boolean })[];
  readonly foreignKeys: At<"foreign key made">[];
};

/** Columns that every writer must fill, and foreign keys that still have no index. */
export function laterEffects(
  remembered: Remembered,
  catalog: Catalog,
): readonly { readonly effect: Effect; readonly statement: number }[] {
  const required = remembered.columnsAdded
    .filter(({ effect: { table, column } }) => [...table.columns.values()].includes(column))
    .filter(({ effect: { column }, atOnce }) => atOnce || isRequired(column, catalog))
    .map(({ effect: { table, column }, statement }) => ({
      effect: { kind: "column required", table, column: column.name } as const,
      statement,
    }));
  const unindexed = remembered.foreignKeys
    .filter(({ effect }) => !isIndexed(effect.table, effect.constraint.columns, catalog))
    .map(({ effect, statement }) => ({
      effect: { ...effect, kind: "foreign key unindexed" } as const,
      statement,
    }));
  return [...required, ...unindexed];
}

/** Whether a row without a value for it is refused. */
export function isRequired(column: CatalogColumn, catalog: Catalog): boolean {
  return column.default === undefined && (column.notNull || refusesNull(column.type, catalog));
}

/** Whether a new index does what one did that was dropped before it. */
export function isReplacedBy(
  { effect: { was, table, index, ifExists }, complete }: Remembered["indexesDropped"][number],
  built: EffectOf<"index built">,
): boolean {
  if (table === undefined) {
    if (ifExists && !complete && index === built.index) return false;
    const [first = ""] = built.columns;
    return (
      index === built.index ||
      (index.includes(built.table.name) && first !== "" && index.includes(first))
    );
  }
  if (table !== built.table || !exists(table) || (was !== undefined && !exists(was))) return false;
  return index === built.index || (was?.keys[0] !== "" && was?.keys[0] === built.columns[0]);
}
