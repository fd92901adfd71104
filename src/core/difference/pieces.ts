/** Orders steps, and holds the facts about objects that stay. */
import type { SchemaCatalog, SchemaObject, TypeObject } from "../catalog/catalog.ts";
import { inOrder, type Orderable } from "../catalog/order.ts";
import type { SchemaOperation } from "../language/operation.ts";
import { isLonger } from "./reach.ts";
import type { DifferenceStep } from "./steps.ts";

export type StepPiece = Orderable & { readonly steps: readonly DifferenceStep[] };

/** The rank of mere changes: after the objects made for them, before those made of them. */
export const changeRank = 8;

/** Behind the name of a type that steps aside. */
export const suffix = "__old";

export function withoutNotNull(type: TypeObject): TypeObject {
  if (type.kind !== "domain" || type.notNull?.name !== undefined) return type;
  const { notNull: _, ...rest } = type;
  return rest;
}

export function asideName(name: string): string {
  return `${name}${suffix}`;
}

/** New values of an enum have come before all else. */
export function asIfLonger(before: SchemaObject, after: SchemaObject): SchemaObject {
  if (before.kind !== "enum" || after.kind !== "enum") return before;
  return isLonger(before.values, after.values) ? { ...before, values: after.values } : before;
}

export function freed(before: SchemaObject, after: SchemaObject): SchemaObject {
  if (before.kind !== "sequence" || after.kind !== "sequence") return before;
  if (JSON.stringify(before.ownedBy) === JSON.stringify(after.ownedBy)) return before;
  return { ...before, ownedBy: undefined };
}

export function ordered(pieces: readonly StepPiece[]): readonly StepPiece[] {
  const { pieces: done, circle } = inOrder(pieces);
  return [...done, ...circle];
}

export function stepsOf(
  operations: readonly SchemaOperation[],
  object: string,
  doing: DifferenceStep["doing"],
): readonly DifferenceStep[] {
  return operations.map((operation) => ({ operation, object, doing }));
}

/** A partition that has its indexes is given none when it becomes one. */
export function beforeAttached(
  piece: string,
  made: readonly SchemaObject[],
  { objects }: SchemaCatalog,
): readonly string[] {
  if (!piece.startsWith("partition table ")) return [];
  const ids = new Set(made.map(({ id }) => id));
  return made.flatMap((object) => {
    if (object.kind !== "index" && object.kind !== "constraint") return [];
    const { partOf, table } = object;
    if (partOf === undefined || piece !== `partition table ${table.prefix}.${table.name}`)
      return [];
    const parent = objects.find(
      (one) =>
        (one.kind === "index" || one.kind === "constraint") &&
        one.table.prefix === partOf.prefix &&
        one.name === partOf.name,
    );
    return parent === undefined || ids.has(parent.id) ? [] : [object.id];
  });
}
