/** Table constraints. https://www.sqlite.org/syntax/table-constraint.html */
import type { Constraint } from "../../../core/language/table-parts.ts";
import { quote } from "../quote.ts";
import { alwaysValidated, noComments, refuse, refuseOptions } from "../refuse.ts";
import { tableReference } from "./foreign-key.ts";

/**
 * A constraint as it stands in CREATE TABLE.
 *
 * @throws {UnsupportedOperation}
 */
export function tableConstraint(constraint: Constraint): string {
  const { name } = constraint;
  const what = `constraint ${name}`;
  refuseOptions(constraint, what, { comment: noComments });
  if (constraint.validate === false) refuse(`leave ${what} unvalidated`, alwaysValidated);
  if (constraint.kind === "foreign_key") return tableReference(constraint);
  refuseOptions(constraint, what, {
    deferrable: "Leave it out: SQLite only defers foreign keys.",
  });
  switch (constraint.kind) {
    case "check":
      return `CONSTRAINT ${quote(name)} CHECK (${constraint.expression})`;
    case "primary_key":
      return `CONSTRAINT ${quote(name)} PRIMARY KEY (${constraint.columns.map(quote).join(", ")})`;
    case "unique":
      return unique(constraint);
    case "exclude":
      refuse(`have the exclusion ${what}`, "Use a unique index, or a trigger that raises.");
  }
}

function unique(constraint: Extract<Constraint, { kind: "unique" }>): string {
  const { name, columns, nullsDistinct } = constraint;
  if (nullsDistinct !== undefined) {
    refuse(
      `use the option nullsDistinct of constraint ${name}`,
      "Leave it out: nulls are always distinct in SQLite.",
    );
  }
  refuseOptions(constraint, `constraint ${name}`, {
    usingIndex: "Leave it out, and drop that index afterwards.",
  });
  return `CONSTRAINT ${quote(name)} UNIQUE (${columns.map(quote).join(", ")})`;
}
