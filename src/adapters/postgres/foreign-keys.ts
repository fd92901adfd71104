/** Foreign keys: inside a column, and as constraints of a table. */

import { UnsupportedOperation } from "../../core/language/dialect.ts";
import type { ForeignKeyConstraint } from "../../core/language/reference-constraint.ts";
import type { ForeignKey, ReferentialAction } from "../../core/language/table-parts.ts";
import type { Named } from "../../core/model/named.ts";
import type { Clause } from "../clauses.ts";
import type { ColumnPlace } from "./column-place.ts";
import { clauses, quote, quoteList, quoteNamed } from "./sql-text.ts";

/** The foreign key of a column where it can stand inside the column, and else nothing. */
export function inlineReference(reference: ForeignKey, place: ColumnPlace): Clause {
  if (!isInline(reference, place)) return undefined;
  const target = { table: reference.table, columns: [reference.column] };
  return `CONSTRAINT ${quote(reference.name)} ${referencesClause(target, reference)}`;
}

/** Whether PostgreSQL takes it inside the column: not over several columns, and not NOT VALID. */
export function isInline(reference: ForeignKey, place: ColumnPlace): boolean {
  const addedUnchecked = place === "existing table" && reference.validate === false;
  return reference.with === undefined && !addedUnchecked;
}

/** The clause of a foreign key behind the name of its constraint. */
export function foreignKeyClause(constraint: ForeignKeyConstraint): string {
  const { columns, references } = constraint;
  return `FOREIGN KEY ${quoteList(columns)} ${referencesClause(references, constraint)}`;
}

/** When a constraint is checked. */
export function deferrableClause(constraint: Pick<ForeignKey, "deferrable">): Clause {
  return constraint.deferrable && `DEFERRABLE ${constraint.deferrable.toUpperCase()}`;
}

function referencesClause(
  target: { readonly table: Named; readonly columns: readonly string[] },
  options: Pick<ForeignKey, "onDelete" | "onUpdate" | "match" | "deferrable">,
): string {
  const { onDelete, onUpdate, match } = options;
  if (match === "partial") {
    throw new UnsupportedOperation("check a foreign key with MATCH PARTIAL", {
      hint: 'Use match: "full" or "simple".',
    });
  }
  return clauses(
    `REFERENCES ${quoteNamed(target.table)} ${quoteList(target.columns)}`,
    match && `MATCH ${match.toUpperCase()}`,
    onDelete && `ON DELETE ${actionClause(onDelete)}`,
    onUpdate && `ON UPDATE ${updateClause(onUpdate)}`,
    deferrableClause(options),
  );
}

/** Only ON DELETE takes a list of columns. https://www.postgresql.org/docs/current/sql-createtable.html */
function updateClause(action: ReferentialAction): string {
  if (typeof action === "string") return actionClause(action);
  throw new UnsupportedOperation("set only some columns of a foreign key on update", {
    hint: 'Use onUpdate: "set null" or "set default", which set all of them.',
  });
}

function actionClause(action: ReferentialAction): string {
  if (typeof action === "string") return action.toUpperCase();
  if (action.setNull !== undefined) return `SET NULL ${quoteList(action.setNull)}`;
  return `SET DEFAULT ${quoteList(action.setDefault)}`;
}
