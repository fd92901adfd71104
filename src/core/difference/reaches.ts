import type { SchemaObject } from "../catalog/catalog.ts";
import { allNeeds } from "../catalog/needs.ts";

/** Whether these needs include `target`, directly or through their own needs. */
export function reaches(
  objects: ReadonlyMap<string, SchemaObject>,
  needs: readonly string[],
  target: string,
): boolean {
  const [seen, open] = [new Set<string>(), [...needs]];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === target) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    const object = objects.get(id);
    if (object !== undefined) open.push(...allNeeds(object));
  }
  return false;
}
