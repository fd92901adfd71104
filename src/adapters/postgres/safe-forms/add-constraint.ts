/** Adds constraints, and checks old rows in a separate transaction. */

import { locks, part } from "../../../core/language/safe/parts.ts";
import { buildIndex } from "../../../core/language/safe/plain-forms.ts";
import type { SafePart } from "../../../core/language/safe/safe-part.ts";
import type { Constraint } from "../../../core/language/table-parts.ts";
import type { Named } from "../../../core/model/named.ts";

/** https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES */
export function addConstraint(table: Named, constraint: Constraint): readonly SafePart[] {
  const { name } = constraint;
  switch (constraint.kind) {
    case "check":
    case "foreign_key": {
      const unchecked = { ...constraint, validate: false };
      const note = constraint.kind === "check" ? locks.moment : locks.writersForAMoment;
      return [
        part(`add ${name} for new rows`, note, {
          kind: "create_constraint",
          table,
          constraint: unchecked,
        }),
        part(`validate ${name}`, locks.beside, { kind: "validate_constraint", table, name }),
      ];
    }
    case "unique":
      return addUnique(table, constraint);
    case "exclude":
    case "primary_key":
      return [
        part(`add ${name}`, "stops readers and writers while its index is built", {
          kind: "create_constraint",
          table,
          constraint,
        }),
      ];
  }
}

/** The constraint takes the index over. */
function addUnique(
  table: Named,
  constraint: Extract<Constraint, { kind: "unique" }>,
): readonly SafePart[] {
  const { name, columns, nullsDistinct } = constraint;
  const index = {
    name,
    table,
    columns: columns.map((column) => ({ column })),
    unique: true,
    concurrently: true,
    ...(nullsDistinct === undefined ? {} : { nullsDistinct }),
  };
  return [
    buildIndex(index, { concurrently: true, note: locks.beside }),
    part(`make index ${name} a constraint`, locks.moment, {
      kind: "create_constraint",
      table,
      constraint: { ...constraint, usingIndex: name },
    }),
  ];
}
