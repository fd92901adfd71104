import { shown, type Table } from "./catalog.ts";
import type { Scene } from "./scene.ts";

/** A column that is not there is a certain failure, when the table is known. */
export function refuseUnknownColumns(
  table: Table,
  columns: readonly string[],
  scene: Scene,
): undefined {
  if (!table.known) return;
  for (const column of columns) {
    if (
      !table.columns.has(column) &&
      !systemColumns.has(column) &&
      column !== "*" &&
      column !== table.name
    )
      scene.emit({ kind: "fails", why: `${shown(table)} has no column ${column}` });
  }
}

const systemColumns = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"]);
