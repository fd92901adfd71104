/**
 * Finds changes that happen at once although old code may need the object, because something below
 * it is made anew.
 */
import type { SchemaCatalog, SchemaObject } from "../catalog/catalog.ts";
import type { Named } from "../model/named.ts";
import type { DifferenceStep } from "./steps.ts";
import { idOf } from "./table-id.ts";

/** The objects that cannot wait, because something that they need is moving. */
export type AtOnce = {
  /** Whether this object cannot wait. */
  has(object: string): boolean;
  /** Whether a column of this table cannot. */
  hasColumn(table: string, column: string): boolean;
};

export function atOnce(steps: readonly DifferenceStep[], { objects }: SchemaCatalog): AtOnce {
  const before = new Map(objects.map((object) => [object.id, object]));
  const moving = new Set(steps.filter(isMoved).map(({ object }) => object));
  const needsMoved = (needs: readonly string[]) => needs.some((id) => moving.has(id));
  const hasColumn = (table: string, column: string) => {
    const found = before.get(table);
    return found?.kind === "table" && needsMoved(columnNeeds(found, column));
  };
  const taken = steps.flatMap(({ doing, object }) => {
    const found = doing === "take" ? before.get(object) : undefined;
    return found === undefined ? [] : [found];
  });
  const losing = steps.flatMap(({ object, operation }) =>
    operation.kind === "alter_table"
      ? operation.changes.flatMap(({ kind, ...change }) =>
          kind === "remove_column" && "name" in change ? [[object, change.name] as const] : [],
        )
      : [],
  );
  for (const object of taken) {
    const isKey = object.kind === "constraint" && object.of === "primary key";
    if (isKey && steps.some((step) => freesColumn(step, object.table))) moving.add(object.id);
    const parent = object.kind === "table" ? object.partitionOf?.parent : undefined;
    if (parent !== undefined && steps.some((step) => isOf(step, parent))) moving.add(object.id);
  }
  for (let size = -1; size !== moving.size; ) {
    size = moving.size;
    for (const object of taken) if (needsMoved(needsOf(object))) moving.add(object.id);
    for (const [table, column] of losing) if (hasColumn(table, column)) moving.add(table);
  }
  return { has: (object) => moving.has(object), hasColumn };
}

/** Whether the objects that stand on it must go first. */
function isMoved({ doing, object, operation }: DifferenceStep): boolean {
  if (doing === "remake") return true;
  // An enum that loses a value is made beside the old one, which goes.
  if (object.startsWith("type ") && doing === "change")
    return !(operation.kind === "execute" && / ADD VALUE /.test(operation.sql));
  if (operation.kind !== "alter_table") return false;
  return operation.changes.some(({ kind }) => kind === "set_type");
}

/** A partition that comes back must fit its changed parent. */
function isOf({ doing, object }: DifferenceStep, { prefix, name }: Named): boolean {
  const path = `${prefix}.${name}`;
  return doing !== "take" && (object === `table ${path}` || object.endsWith(` on ${path}`));
}

/** A column may be null only where no primary key has it. */
function freesColumn({ operation }: DifferenceStep, { prefix, name }: Named): boolean {
  return (
    operation.kind === "alter_table" &&
    operation.table.name === name &&
    operation.table.prefix === prefix &&
    operation.changes.some(({ kind }) => kind === "drop_not_null")
  );
}

function needsOf(object: SchemaObject): readonly string[] {
  const all = "needs" in object ? object.needs : [];
  // An index or a constraint does not stop a change of its table: the server makes it anew.
  const isPart = object.kind === "index" || object.kind === "constraint";
  const own = isPart ? all.filter((id) => id !== idOf(object.table)) : all;
  if (object.kind !== "table") return own;
  return [...own, ...object.columns.flatMap(({ name }) => columnNeeds(object, name))];
}

function columnNeeds(table: Extract<SchemaObject, { kind: "table" }>, name: string) {
  const column = table.columns.find((one) => one.name === name);
  // A computed column reads other columns of the same table.
  const computed = column?.generated === undefined ? [] : [...column.generated.needs, table.id];
  const type = column === undefined ? [] : [`type ${column.type.replace(/\[\]$/, "")}`];
  return [...(column?.default?.needs ?? []), ...computed, ...type];
}
