/** The shape of a new partition while its parent still has what old code needs. */
import type { SchemaCatalog, TableColumn, TableObject } from "../catalog/catalog.ts";
import type { SchemaOperation } from "../language/operation.ts";
import { madePieces } from "./make.ts";
import type { Sides } from "./steps.ts";
import { idOf } from "./table-id.ts";
import type { LaterChanges } from "./waiting.ts";

/** The first statement of each new partition that is not yet as it is wished, by its id. */
export function partitionsMeanwhile(
  { from, to, words }: Pick<Sides, "from" | "to" | "words">,
  waiting: LaterChanges,
): ReadonlyMap<string, SchemaOperation> {
  const shapes = new Map(
    to.objects.flatMap((object) => {
      const shape =
        object.kind === "table" ? partitionMeanwhile(object, { from, to }, waiting) : undefined;
      return shape === undefined ? [] : [[shape.id, shape] as const];
    }),
  );
  if (shapes.size === 0) return new Map();
  const objects = to.objects.map((object) => shapes.get(object.id) ?? object);
  const pieces = madePieces(objects, objects, words);
  return new Map(
    pieces.flatMap(({ id, operations: [first] }) =>
      shapes.has(id) && first !== undefined ? [[id, first] as const] : [],
    ),
  );
}

/**
 * The partition as its parent takes it at once: without the NOT NULL that the parent gets later, which reaches the
 * partition with it, and with the columns that the parent loses later. `undefined` where it is the one that is wished.
 */
function partitionMeanwhile(
  table: TableObject,
  { from, to }: { readonly from: SchemaCatalog; readonly to: SchemaCatalog },
  waiting: LaterChanges,
): TableObject | undefined {
  const parent = oldParent(table, from, to);
  if (parent === undefined) return undefined;
  const { named } = parent;
  const columns = table.columns.map((column): TableColumn => {
    if (column.notNull === undefined || !waiting.isRequiredLater(named, column.name)) return column;
    const { notNull: _, ...rest } = column;
    return rest;
  });
  const lost = parent.columns
    .filter(({ name }) => waiting.isLostLater(named, name))
    .map(({ default: _, identity: __, comment: ___, ...column }): TableColumn => column);
  const isWished = lost.length === 0 && columns.every((column, i) => column === table.columns[i]);
  return isWished ? undefined : { ...table, columns: [...columns, ...lost] };
}

/** The next table above it that was there before, as it was. */
function oldParent(
  { partitionOf }: TableObject,
  from: SchemaCatalog,
  to: SchemaCatalog,
): TableObject | undefined {
  if (partitionOf === undefined) return undefined;
  const id = idOf(partitionOf.parent);
  const [before, after] = [from, to].map(({ objects }) => objects.find((one) => one.id === id));
  if (before?.kind === "table") return before;
  return after?.kind === "table" ? oldParent(after, from, to) : undefined;
}
