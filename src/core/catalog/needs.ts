import type { SchemaObject } from "./catalog.ts";

/** The needs of an object; for a table also those of its defaults and generated columns. */
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
