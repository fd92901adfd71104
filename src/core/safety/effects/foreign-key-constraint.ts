/** A foreign key as it is added. */
import { flag, names, part } from "../../sql/tree.ts";
import { type AddedConstraint, keepConstraint, named } from "./added-constraint.ts";
import { type CatalogConstraint, shown, type Table } from "./catalog.ts";
import { foreignKeyMismatch } from "./foreign-key.ts";
import { refusePeriod, refuseVirtual } from "./key-refusals.ts";
import { type Scene, tableOf } from "./scene.ts";
import { refuseUnknownColumns } from "./unknown-columns.ts";

/**
 * Adds a foreign key. It locks both tables, and looks up every row of a table in use unless it says
 * NOT VALID.
 */
export function addForeignKey(added: AddedConstraint, scene: Scene): undefined {
  const { table, definition, onColumn, isNewTable, skipsForeignKeyScan } = added;
  const referenced = tableOf(part(definition, "pktable"), scene);
  const written = names(definition, "fk_attrs");
  const columns = written.length === 0 && onColumn !== undefined ? [onColumn] : written;
  const isEnforced = flag(definition, "is_enforced") && added.notEnforced !== true;
  const skips = flag(definition, "skip_validation") && !isNewTable;
  const pk = [...referenced.constraints.values()].find((one) => one.kind === "primary key");
  const given = names(definition, "pk_attrs");
  const constraint: CatalogConstraint = {
    ...named(added, scene, { columns, label: "fkey" }),
    kind: "foreign key",
    columns,
    valid: isEnforced && !skips,
    enforced: isEnforced,
    references: { table: referenced, columns: given.length > 0 ? given : (pk?.columns ?? []) },
  };
  const scans = isEnforced && !skips && !isNewTable && skipsForeignKeyScan !== true;
  refuseUnknownColumns(table, columns, scene);
  refuseForeignKey({ table, constraint, skips }, scene);
  refuseVirtual(table, columns, "a foreign key", scene);
  refusePeriod(definition, scene);
  keepConstraint(table, constraint, scene);
  if (!isNewTable) scene.emit({ kind: "lock", table, mode: "SHARE ROW EXCLUSIVE" });
  if (referenced !== table) {
    const pair = isNewTable ? undefined : constraint;
    scene.emit({ kind: "lock", table: referenced, mode: "SHARE ROW EXCLUSIVE", pair });
  }
  if (!isNewTable)
    scene.emit({
      kind: "constraint added",
      table,
      constraint,
      scans,
      builds: false,
      onColumn: onColumn !== undefined,
      written: definition,
    });
  if (scans) scene.emit({ kind: "work", table, words: "looks up the parent of every row" });
  const mismatch = foreignKeyMismatch(table, constraint, scene);
  scene.emit({ kind: "foreign key made", table, constraint, mismatch });
}

function refuseForeignKey(
  made: { readonly table: Table; readonly constraint: CatalogConstraint; readonly skips: boolean },
  scene: Scene,
): undefined {
  const { table, constraint, skips } = made;
  const { catalog, server } = scene;
  if (table.partitionBy !== undefined && skips && server.major < 18) {
    scene.emit({
      kind: "fails",
      why: `before PostgreSQL 18 a foreign key on the partitioned table ${shown(table)} cannot be NOT VALID`,
    });
  }
  const { table: parent, columns = [] } = constraint.references ?? {};
  if (parent === undefined || !parent.known || columns.length === 0) {
    if (parent?.known && parent.kind === "table" && columns.length === 0)
      scene.emit({ kind: "fails", why: `${shown(parent)} has no primary key` });
    return;
  }
  const wanted = [...columns].sort().join();
  const keys = catalog
    .indexesOf(parent)
    .filter((index) => index.unique && !index.isPartial && !index.hasExpressions);
  if (keys.some((index) => [...index.keys].sort().join() === wanted)) return;
  scene.emit({ kind: "fails", why: `${shown(parent)} has no unique key on ${columns.join(", ")}` });
}
