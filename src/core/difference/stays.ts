/** Whether an object is the same in both catalogs, and no step touches it. */
import type { SchemaObject } from "../catalog/catalog.ts";
import { canonical } from "../catalog/changes.ts";
import type { Cut } from "./part-lines.ts";
import type { DifferenceStep } from "./steps.ts";

/** `is` has the objects of the wished catalog by their id. */
export function stays(
  object: SchemaObject,
  is: ReadonlyMap<string, SchemaObject>,
  steps: readonly (DifferenceStep | Cut)[],
): boolean {
  const other = is.get(object.id);
  const isTouched = steps.some((step) => "object" in step && step.object === object.id);
  return other !== undefined && canonical(object) === canonical(other) && !isTouched;
}
