import type { SchemaObject } from "../catalog/catalog.ts";
import { allNeeds } from "../catalog/needs.ts";

/** Whether what is needed needs `target`, itself or by what it needs in turn. */
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
