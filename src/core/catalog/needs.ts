import type { SchemaObject } from "./catalog.ts";

/** What an object needs; of a table also what its defaults and generated columns need. */
export function allNeeds(object: SchemaObject): readonly string[] {
  if (object.kind !== "table") return object.needs;
  return [
    ...object.needs,
    ...object.columns.flatMap(({ default: given, generated }) => [
      ...(given?.needs ?? []),
      ...(generated?.needs ?? []),
    ]),
  ];
}
