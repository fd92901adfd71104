/** NOT NULL of columns: what enforces it, and what proves it. */
import { child, columnOf, flag, names, type Tree, word } from "../../sql/tree.ts";
import type { NotNullProof } from "../forms/safe-form.ts";
import { type AddedConstraint, keepConstraint, named } from "./added-constraint.ts";
import { type CatalogConstraint, shown, type Table, treeOf } from "./catalog.ts";
import { chooseName, isTaken } from "./names.ts";
import { provesNotNull } from "./proof.ts";
import type { Scene } from "./scene.ts";
import { refuseUnknownColumns } from "./unknown-columns.ts";

/** NOT NULL as a constraint with a name, since 18. */
export function addNotNull(added: AddedConstraint, scene: Scene): undefined {
  const { table, definition, isNewTable } = added;
  const column = names(definition, "keys")[0] ?? columnOf(child(definition, "raw_expr")) ?? "";
  const skips = flag(definition, "skip_validation") && !isNewTable;
  if (scene.server.major < 18) {
    scene.emit({
      kind: "fails",
      why: "a NOT NULL constraint is added with ALTER COLUMN … SET NOT NULL before PostgreSQL 18",
    });
    return;
  }
  refuseUnknownColumns(table, [column], scene);
  const name = word(definition, "conname");
  const there = notNullName(table, column);
  if (name !== undefined && there !== undefined && there !== name)
    return scene.emit({
      kind: "fails",
      why: `${column} of ${shown(table)} has a NOT NULL constraint ${there} already`,
    });
  const constraint: CatalogConstraint = {
    ...named(added, scene, { columns: [column], label: "not_null" }),
    kind: "not null",
    columns: [column],
    valid: !skips,
    noInherit: flag(definition, "is_no_inherit"),
  };
  if (isNewTable) makeNotNull(table, column);
  else if (!skips && isNullable(table, column, { unknown: true }))
    enforceNotNull(
      table,
      [column],
      { by: "not null constraint", written: definition, named: constraint.name },
      scene,
    );
  scene.emit({
    kind: "constraint added",
    table,
    constraint,
    scans: false,
    builds: false,
    onColumn: false,
    written: definition,
  });
  keepConstraint(table, constraint, scene);
}

/** The name of a column's NOT NULL, which it has though nobody has written one. */
function notNullName(table: Table, column: string): string | undefined {
  const named = [...table.constraints.values()].find(
    (one) => one.kind === "not null" && one.columns[0] === column,
  );
  if (named !== undefined) return named.name;
  const known = table.columns.get(column);
  if (known?.notNull !== true) return undefined;
  return (
    known.notNullName ??
    chooseName({ table: table.name, columns: [column], label: "not_null" }, () => false)
  );
}

/** Before a table or a column is called something else, or is copied: the constraint stays called as it is. */
export function keepNotNullNames(table: Table): undefined {
  for (const column of table.columns.values()) column.notNullName = notNullName(table, column.name);
}

/** Makes columns NOT NULL, which the server checks row by row unless a constraint proves it. */
export function enforceNotNull(
  table: Table,
  columns: readonly string[],
  said: {
    readonly by: "set not null" | "not null constraint" | "primary key";
    readonly written: Tree;
    /** The name that the constraint itself has. Default: the server chooses one. */
    readonly named?: string;
  },
  scene: Scene,
): undefined {
  const leaves = treeOf(table).filter((one) => one.partitionBy === undefined);
  const isProven = (column: string) =>
    provesNotNull(table, column, scene.server) ||
    (table.partitionBy !== undefined &&
      leaves.every(
        (leaf) =>
          leaf.columns.get(column)?.notNull === true ||
          isBelieved(leaf, column) ||
          provesNotNull(leaf, column, scene.server),
      ));
  const open = columns.filter((column) => !isProven(column));
  if (open.length > 0) {
    const { by, written, named } = said;
    const proofs =
      named === undefined
        ? proofsOf(table, open, scene)
        : open.map((column) => ({ column, constraint: named }));
    scene.emit({ kind: "not null enforced", table, columns: open, by, written, proofs });
    scene.emit({ kind: "work", table, words: "checks every row for NULL" });
  }
  for (const column of columns) makeNotNull(table, column);
}

/** Whether the column has a NOT NULL constraint, validated or not: the server looks no further. */
function isBelieved({ constraints }: Table, column: string): boolean {
  return [...constraints.values()].some(
    ({ kind, columns }) => kind === "not null" && columns[0] === column,
  );
}

/** The constraints that could prove it, called as the server calls the NOT NULL of a column. */
export function proofsOf(
  table: Table,
  columns: readonly string[],
  { catalog }: Scene,
): readonly NotNullProof[] {
  return columns.map((column) => ({
    column,
    constraint: chooseName({ table: table.name, columns: [column], label: "not_null" }, (taken) =>
      isTaken(taken, table, catalog),
    ),
  }));
}

/** Whether a column may hold NULL. Of a column that is not known: `unknown`, which is `false` by default. */
export function isNullable(
  table: Table,
  column: string,
  options: { readonly unknown?: boolean } = {},
): boolean {
  const known = table.columns.get(column);
  return known === undefined ? (options.unknown ?? false) : !known.notNull;
}

/** The column holds no NULL from now on. */
export function makeNotNull(table: Table, column: string): undefined {
  const known = table.columns.get(column);
  if (known !== undefined) known.notNull = true;
}
