/** Adds new values of enums before all else. Only making the enum anew takes them away. */
import type { TypeObject } from "../catalog/catalog.ts";
import type { SchemaOperation } from "../language/operation.ts";
import { isLonger } from "./reach.ts";
import type { DifferenceStep, Sides } from "./steps.ts";

type Enum = Extract<TypeObject, { readonly kind: "enum" }>;

/** `difference` finds the way back. */
export function enumSteps(
  sides: Sides,
  difference: (sides: Sides) => readonly DifferenceStep[],
): readonly DifferenceStep[] {
  const is = new Map(sides.to.objects.map((object) => [object.id, object]));
  return sides.from.objects.flatMap((before): readonly DifferenceStep[] => {
    const after = is.get(before.id);
    if (before.kind !== "enum" || after?.kind !== "enum") return [];
    if (before.values.length === after.values.length || !isLonger(before.values, after.values))
      return [];
    const ups = added(before, after).flatMap((op) => sides.compile(op).map(({ sql }) => sql));
    const operation: SchemaOperation = {
      ...{ kind: "execute", sql: ups.join(";\n") },
      down: sqlOf(difference(backwards(before, after, sides)), sides),
    };
    return [{ operation, object: before.id, doing: "change" }];
  });
}

function added(before: Enum, after: Enum): readonly SchemaOperation[] {
  return after.values.flatMap((value, i): readonly SchemaOperation[] => {
    if (before.values.includes(value)) return [];
    const previous = after.values[i - 1];
    const next = after.values.slice(i).find((one) => before.values.includes(one));
    const place =
      next === undefined ? {} : previous === undefined ? { before: next } : { after: previous };
    return [{ kind: "add_enum_value", enum: after.named, value, ...place }];
  });
}

/** The way from `from` with the new values back to `from`, with all that it takes along. */
function backwards(before: Enum, after: Enum, sides: Sides): Sides {
  const { from } = sides;
  const objects = from.objects.map((object) =>
    object.id === before.id ? { ...before, values: after.values } : object,
  );
  return { ...sides, from: { ...from, objects }, to: from };
}

function sqlOf(steps: readonly DifferenceStep[], { compile }: Sides): string {
  return steps
    .flatMap(({ operation }) => compile(operation))
    .map(({ sql }) => sql)
    .join(";\n");
}
