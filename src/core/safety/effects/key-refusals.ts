/** Why the server refuses a key, whatever the rows. */
import { names, type Tree } from "../../sql/tree.ts";
import { type CatalogIndex, shown, type Table } from "./catalog.ts";
import type { Scene } from "./scene.ts";
import { baseType } from "./types.ts";

/** An index takes a constraint only in the order that the constraint would have built it. */
export function refuseTakenIndex(index: CatalogIndex, scene: Scene): undefined {
  const fails = (why: string) => scene.emit({ kind: "fails", why });
  const { name } = index;
  if (!index.unique) fails(`${name} is not unique`);
  if (index.isPartial) fails(`${name} is a partial index`);
  if (index.hasExpressions) fails(`${name} contains expressions`);
  if (index.isSorted === true)
    fails(`${name} has an order, a collation or an operator class other than that of its columns`);
  if (index.constraint !== undefined)
    fails(`${name} belongs to the constraint ${index.constraint} already`);
}

/** Virtual generated columns have no value in the row that an index or a key could hold. */
export function refuseVirtual(
  table: Table,
  columns: Iterable<string>,
  what: string,
  scene: Scene,
): undefined {
  for (const name of columns)
    if (isVirtual(table, name))
      return scene.emit({
        kind: "fails",
        why: `${name} of ${shown(table)} is a virtual generated column, which ${what} cannot hold`,
      });
}

/** Whether the column is computed when it is read. */
export function isVirtual(table: Table, name: string): boolean {
  const column = table.columns.get(name);
  return column?.default?.by === "generated" && column.stored === false;
}

/** A foreign key over PERIOD knows NO ACTION alone. https://www.postgresql.org/docs/18/sql-createtable.html */
export function refusePeriod(definition: Tree, scene: Scene): undefined {
  if (definition.fk_with_period !== true) return;
  const acts = (letter: unknown) => letter !== undefined && letter !== "a" && letter !== "";
  if (acts(definition.fk_del_action) || acts(definition.fk_upd_action))
    scene.emit({ kind: "fails", why: "a foreign key over PERIOD allows no action but NO ACTION" });
}

/** WITHOUT OVERLAPS is a GiST index, for which plain types need an extension. */
export function refuseOverlaps(table: Table, definition: Tree, scene: Scene): undefined {
  const { catalog } = scene;
  if (definition.without_overlaps !== true || !catalog.complete || !table.known) return;
  if (catalog.extensions.has("btree_gist")) return;
  for (const name of names(definition, "keys").slice(0, -1)) {
    const column = table.columns.get(name);
    const type = column === undefined ? undefined : baseType(column.type, catalog);
    if (type !== undefined && !type.isArray && withoutGist.has(type.name))
      return scene.emit({
        kind: "fails",
        why: `${name} of ${shown(table)} has no operator class for GiST without the extension btree_gist`,
      });
  }
}

const withoutGist: ReadonlySet<string> = new Set(
  "int2 int4 int8 numeric float4 float8 text varchar bpchar uuid date timestamp timestamptz time timetz interval bool bytea money oid bit varbit macaddr".split(
    " ",
  ),
);
