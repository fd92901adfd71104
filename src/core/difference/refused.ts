/** Objects that no statement turns into the wished one of the same name, and why. */
import type { SchemaCatalog, TableObject } from "../catalog/catalog.ts";
import { canonical } from "../catalog/changes.ts";
import { names } from "./names.ts";

/** An object that nobody can change into the other one with its name, and why. */
export type RefusedChange = { readonly object: string; readonly reason: string };

export function refusedChanges({
  from,
  to,
}: {
  readonly from: SchemaCatalog;
  readonly to: SchemaCatalog;
}): readonly RefusedChange[] {
  const is = new Map(to.objects.map((object) => [object.id, object]));
  const was = new Map(from.objects.map((object) => [object.id, object]));
  const isChanged = (id: string) =>
    is.has(id) && was.has(id) && canonical(was.get(id)) !== canonical(is.get(id));
  return from.objects.flatMap((before): readonly RefusedChange[] => {
    // The functions that make its values would keep their names, which those of the new one want.
    if (before.kind === "range" && isChanged(before.id))
      return [
        { object: before.id, reason: "a range type does not change: make one by another name" },
      ];
    if (!before.id.startsWith("table ")) return [];
    const name = before.id.slice("table ".length);
    const after = is.get(before.id);
    const reason =
      after === undefined && is.has(`view ${name}`)
        ? "it would become a view, and its rows would be lost"
        : before.kind === "table" && after?.kind === "table"
          ? (ofPartitions(before, after) ?? ofType(before, after, isChanged))
          : undefined;
    return reason === undefined ? [] : [{ object: before.id, reason }];
  });
}

/** The server puts each row by its key, and does not change the type of that. */
function ofPartitions(before: TableObject, after: TableObject): string | undefined {
  const { partitionBy } = after;
  if (before.partitionBy !== partitionBy)
    return `it would be ${partitionBy === undefined ? "partitioned no more" : `partitioned by ${partitionBy}`}, and its rows would be lost`;
  if (partitionBy === undefined) return undefined;
  const key = after.columns.find(({ name, type, collation }) => {
    const was = before.columns.find((column) => column.name === name);
    const isOther = was !== undefined && (was.type !== type || was.collation !== collation);
    return isOther && names(partitionBy, name);
  });
  return key && `it is partitioned by ${key.name}, whose type the server does not change`;
}

/** A column of such a table changes with the type only, and that only where no table has it. */
function ofType(
  before: TableObject,
  { ofType: type }: TableObject,
  isChanged: (id: string) => boolean,
): string | undefined {
  if (type === undefined || canonical(before.ofType) !== canonical(type)) return undefined;
  const path = `${type.prefix}.${type.name}`;
  return isChanged(`type ${path}`)
    ? `it is a table of the type ${path}, which would change`
    : undefined;
}
