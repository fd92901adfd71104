/** Grants again, going up and going down, every right on an object that goes and comes again. */
import type { SchemaCatalog, SchemaObject } from "../catalog/catalog.ts";
import type { KeptRights } from "../catalog/catalog-access.ts";
import type { Operation } from "../language/operation.ts";
import { type DifferenceStep, execute, madeAnew } from "./steps.ts";

/** Whether it keeps rights or gives them back, going up. */
export function isOfRights(op: Operation): boolean {
  return (
    op.kind === "execute" &&
    op.sql.startsWith("DO $slipway$\n") &&
    op.sql.includes("slipway.granted_")
  );
}

/** The steps, with those that keep the rights before the first one of each object, and give them back behind its last. */
export function carryingRights(
  steps: readonly DifferenceStep[],
  from: SchemaCatalog,
  keptRights: (object: SchemaObject, number: number) => KeptRights | undefined,
): readonly DifferenceStep[] {
  const objects = new Map(from.objects.map((object) => [object.id, object]));
  let carried = steps;
  for (const [i, id] of madeAnew(steps, from).entries()) {
    const object = objects.get(id);
    const rights = object && keptRights(object, i + 1);
    if (rights === undefined) continue;
    const isOfIt = (step: DifferenceStep) => step.object === id && step.doing === "remake";
    const first = carried.findIndex(isOfIt);
    const last = carried.findLastIndex(isOfIt);
    const step = (up: string, down: string): readonly DifferenceStep[] =>
      execute([up], [down]).map((operation) => ({ operation, object: id, doing: "remake" }));
    carried = [
      ...carried.slice(0, first),
      ...step(rights.keep, rights.giveBack),
      ...carried.slice(first, last + 1),
      ...step(rights.giveBack, rights.keep),
      ...carried.slice(last + 1),
    ];
  }
  return carried;
}
