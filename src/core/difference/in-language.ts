/** Objects of a catalog that the language has a word for. */
import type {
  ConstraintObject,
  SchemaObject,
  SequenceObject,
  TableColumn,
  TableObject,
} from "../catalog/catalog.ts";
import type { SchemaOperation, SequenceOptions } from "../language/operation.ts";
import { constraintOf } from "./parse-definition.ts";

export function nameIn(definition: string): string {
  const name = definition.replace("CREATE SCHEMA ", "");
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** Whether the language's CREATE TABLE can express the whole table. */
export function saidByLanguage(table: TableObject): boolean {
  const { partitionBy, partitionOf, inherits, ofType, accessMethod, columns } = table;
  return (
    [partitionBy, partitionOf, ofType, accessMethod].every((one) => one === undefined) &&
    inherits.length === 0 &&
    columns.length > 0 &&
    columns.every((column) => columnSaid(table, column))
  );
}

export function columnSaid(table: TableObject, { name, notNull, identity }: TableColumn): boolean {
  const own = `${table.named.name}_${name}_seq`;
  const isOwn =
    identity === undefined ||
    (identity.sequence.named.name === own &&
      identity.sequence.named.prefix === table.named.prefix &&
      identity.sequence.persistence === table.persistence);
  return notNull?.name === undefined && notNull?.noInherit === undefined && isOwn;
}

/** The primary key where a word at each of its columns says all of it. */
export function keyOf(table: TableObject, constraints: readonly ConstraintObject[]) {
  const key = constraints.find(({ of }) => of === "primary key");
  const constraint = key === undefined ? undefined : constraintOf(key);
  if (key === undefined || constraint?.kind !== "primary_key") return undefined;
  const { columns, deferrable, comment, name } = constraint;
  const inOrder = table.columns.map((column) => column.name).filter((one) => columns.includes(one));
  const isPlain = [deferrable, comment, key.partOf].every((one) => one === undefined);
  return isPlain && name === `${table.named.name}_pkey` && inOrder.join("\n") === columns.join("\n")
    ? { id: key.id, columns }
    : undefined;
}

export function sequence(object: SequenceObject): readonly SchemaOperation[] | undefined {
  const { named, type, start, increment, min, max, cache, cycle, persistence } = object;
  const numbers = [start, increment, min, cache].map(Number);
  if (persistence === "unlogged" || !numbers.every(Number.isSafeInteger)) return undefined;
  const isMost = max === "9223372036854775807" && type === "bigint";
  if (!isMost && !Number.isSafeInteger(Number(max))) return undefined;
  const options: SequenceOptions = {
    ...(type === "bigint" ? {} : { type }),
    ...(start === "1" ? {} : { startValue: Number(start) }),
    ...(increment === "1" ? {} : { increment: Number(increment) }),
    ...(min === "1" ? {} : { minValue: Number(min) }),
    ...(isMost ? {} : { maxValue: Number(max) }),
    ...(cache === "1" ? {} : { cache: Number(cache) }),
    ...(cycle ? { cycle } : {}),
  };
  // A falling sequence starts at another number than a rising one.
  if (increment.startsWith("-")) return undefined;
  return [{ kind: "create_sequence", sequence: named, options }];
}

export function view(
  object: Extract<SchemaObject, { kind: "view" }>,
): readonly SchemaOperation[] | undefined {
  const { options, accessMethod, named, definition, materialized, populated } = object;
  if (options.length > 0 || accessMethod !== undefined) return undefined;
  return [
    {
      kind: "create_view",
      view: named,
      definition: {
        as: definition.trim().replace(/;$/, ""),
        ...(materialized && !populated ? { withData: false } : {}),
      },
      ...(materialized ? { materialized: true } : {}),
    },
  ];
}
