/**
 * Adds constraints of any kind: chooses their names, and keeps them in the table and in all tables
 * below it.
 */
import { type Tree, word } from "../../sql/tree.ts";
import { type CatalogConstraint, shown, type Table, treeOf } from "./catalog.ts";
import { chooseName, isTaken } from "./names.ts";
import type { Scene } from "./scene.ts";

export type AddedConstraint = {
  readonly table: Table;
  readonly definition: Tree;
  /** The column that it stands with. */
  readonly onColumn?: string | undefined;
  readonly isNewTable: boolean;
  /** A column that comes without a value has nothing that could be wrong. */
  readonly skipsForeignKeyScan?: boolean | undefined;
  /** ALTER TABLE ONLY: what a partitioned table's partitions have stays as it is. Default: they get it too. */
  readonly isOnly?: boolean | undefined;
  /** Whether NOT ENFORCED stands behind it. */
  readonly notEnforced?: boolean | undefined;
};

/** The name that was given, or that the server chooses. */
export function named(
  { table, definition }: AddedConstraint,
  { catalog, origin, transaction }: Scene,
  choice: { readonly columns: readonly string[]; readonly label: string },
): Pick<CatalogConstraint, "name" | "origin" | "transaction"> {
  const given = word(definition, "conname");
  const name =
    given ??
    chooseName({ table: table.name, ...choice }, (taken) => isTaken(taken, table, catalog));
  return { name, origin, transaction: transaction.number };
}

/** Keeps it in the table and in all below it. */
export function keepConstraint(
  table: Table,
  constraint: CatalogConstraint,
  scene: Scene,
): undefined {
  if (table.constraints.has(constraint.name)) {
    scene.emit({
      kind: "fails",
      why: `${shown(table)} has a constraint ${constraint.name} already`,
    });
  }
  for (const below of treeOf(table)) below.constraints.set(constraint.name, constraint);
}
