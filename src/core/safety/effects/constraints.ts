/** Constraints as they are added, to a new table or to one that is in use. */
import { child, columnOf, columnsIn, flag, names, nodesIn } from "../../sql/tree.ts";
import { type AddedConstraint, keepConstraint, named } from "./added-constraint.ts";
import type { CatalogConstraint, Table } from "./catalog.ts";
import { addForeignKey } from "./foreign-key-constraint.ts";
import { addIndexed } from "./indexed-constraint.ts";
import { addNotNull } from "./not-null.ts";
import type { Scene } from "./scene.ts";
import { refuseUnknownColumns } from "./unknown-columns.ts";

/** Adds what a `Constraint` node says; those that belong to the column itself are not here. */
export function addConstraint(added: AddedConstraint, scene: Scene): undefined {
  switch (added.definition.contype) {
    case "CONSTR_CHECK":
      return addCheck(added, scene);
    case "CONSTR_FOREIGN":
      return addForeignKey(added, scene);
    case "CONSTR_UNIQUE":
    case "CONSTR_PRIMARY":
    case "CONSTR_EXCLUSION":
      return addIndexed(added, scene);
    case "CONSTR_NOTNULL":
      return added.onColumn === undefined ? addNotNull(added, scene) : undefined;
    default:
      return undefined;
  }
}

function addCheck(added: AddedConstraint, scene: Scene): undefined {
  const { table, definition, onColumn, isNewTable } = added;
  const isEnforced = flag(definition, "is_enforced") && added.notEnforced !== true;
  const isValid = isEnforced && (isNewTable || !flag(definition, "skip_validation"));
  const mentioned = [...columnsIn(definition.raw_expr)];
  const spoken = namedIn(table, definition.raw_expr);
  const label = spoken.length === 1 ? spoken : [];
  const constraint: CatalogConstraint = {
    ...named(added, scene, { columns: label, label: "check" }),
    kind: "check",
    columns: mentioned,
    valid: isValid,
    enforced: isEnforced,
    expression: child(definition, "raw_expr"),
  };
  refuseUnknownColumns(table, mentioned, scene);
  keepConstraint(table, constraint, scene);
  if (isNewTable) return;
  scene.emit({
    kind: "constraint added",
    table,
    constraint,
    scans: isValid,
    builds: false,
    onColumn: onColumn !== undefined,
    written: definition,
  });
  if (isValid) scene.emit({ kind: "work", table, words: "checks every row" });
}

/** The columns that an expression reads, also as `(t).a`; none where it reads a whole row. */
function namedIn(table: Table, expression: unknown): readonly string[] {
  const fields = [...nodesIn(expression)].flatMap(({ kind, tree }) => {
    const whole = kind === "A_Indirection" ? columnOf(child(tree, "arg")) : undefined;
    return whole === table.name ? names(tree, "indirection").slice(0, 1) : [];
  });
  const read = [...columnsIn(expression)];
  const columns = read.filter((name) => name !== table.name || table.columns.has(name));
  if (columns.length < read.length && fields.length === 0) return [];
  return [...new Set([...columns, ...fields])];
}
