import type { SchemaObject, TableObject } from "../catalog/catalog.ts";

/** Names of an object among those of tables, views, sequences, indexes and types, which share their namespace. */
export function relationName(object: SchemaObject): readonly string[] {
  if (object.kind === "constraint") {
    const isKey = ["primary key", "unique", "exclusion"].includes(object.of);
    return isKey ? [`${object.table.prefix}.${object.name}`] : [];
  }
  if (object.kind === "routine" || !("named" in object)) return [];
  const counters = object.kind === "table" ? object.columns.flatMap(counterName) : [];
  return [`${object.named.prefix}.${object.named.name}`, ...counters];
}

/** An identity counts by a sequence, which no other one may be named as. */
function counterName({ identity }: TableObject["columns"][number]): readonly string[] {
  if (identity === undefined) return [];
  const { prefix, name } = identity.sequence.named;
  return [`${prefix}.${name}`];
}
