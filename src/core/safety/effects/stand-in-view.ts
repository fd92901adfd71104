import type { Catalog } from "./catalog.ts";
import type { EffectOf } from "./effect.ts";
import type { OpenTransaction } from "./transaction.ts";

/** Whether a view under the old name shows what running code asks for, from the moment of the rename on. */
export function hasStandIn(
  { what, from, table }: EffectOf<"renamed">,
  { open, catalog }: { readonly open: OpenTransaction<unknown>; readonly catalog: Catalog },
): boolean {
  if (table === undefined || what === "enum value" || what === "schema") return false;
  const before = open.nameBefore(table);
  if (before === undefined) return false;
  const [name = "", schema] = before.split(".").reverse();
  const view = catalog.find(catalog.tables, name, schema);
  if (view === undefined || view === table || view.kind !== "view") return false;
  if (!view.reads.some((source) => source.table === table)) return false;
  return what !== "column" || view.columns.has(from);
}
