import type { Column, Constraint, ForeignKey } from "./table-parts.ts";

/** A foreign key among the constraints of a table. */
export type ForeignKeyConstraint = Extract<Constraint, { readonly kind: "foreign_key" }>;

/** The foreign key of a column as a constraint of its table. */
export function referenceConstraint(column: Column, reference: ForeignKey): ForeignKeyConstraint {
  const { name, table, onDelete, onUpdate, match, validate, deferrable } = reference;
  const pairs = [[column.name, reference.column] as const, ...Object.entries(reference.with ?? {})];
  return {
    kind: "foreign_key",
    name,
    columns: pairs.map(([local]) => local),
    references: { table, columns: pairs.map(([, referred]) => referred) },
    onDelete,
    onUpdate,
    match,
    validate,
    deferrable,
  };
}
