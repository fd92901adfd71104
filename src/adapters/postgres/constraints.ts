/** Constraints: inside CREATE TABLE, and added to or taken from an existing table. */

import { UnsupportedOperation } from "../../core/language/dialect.ts";
import type { OperationOf } from "../../core/language/operation.ts";
import type { Constraint } from "../../core/language/table-parts.ts";
import type { Named } from "../../core/model/named.ts";
import type { Statement } from "../../core/model/statement.ts";
import { deferrableClause, foreignKeyClause } from "./foreign-keys.ts";
import { stringLiteral } from "./literal.ts";
import { clauses, quote, quoteList, quoteNamed } from "./sql-text.ts";
import { locking, online, plain } from "./statement.ts";

/** A constraint as it stands in CREATE TABLE, where there is no old row to leave unchecked. */
export function constraintDefinition(constraint: Constraint): string {
  return clauses(`CONSTRAINT ${quote(constraint.name)}`, body(constraint));
}

/** A constraint as ALTER TABLE adds it. */
export function addConstraint(constraint: Constraint): string {
  const definition = constraintDefinition(constraint);
  return clauses("ADD", definition, constraint.validate === false && notValid(constraint));
}

/** Adds a constraint to a table, with its comment. */
export function createConstraint(op: OperationOf<"create_constraint">): readonly Statement[] {
  const { table, constraint } = op;
  return [
    locking("ALTER TABLE", quoteNamed(table), addConstraint(constraint)),
    ...constraintComments(table, [constraint]),
  ];
}

/** Takes a constraint away. */
export function dropConstraint(op: OperationOf<"drop_constraint">): readonly Statement[] {
  const ifExists = op.ifExists && "IF EXISTS";
  const cascade = op.cascade && "CASCADE";
  const drop = clauses("DROP CONSTRAINT", ifExists, quote(op.name), cascade);
  return [locking("ALTER TABLE", quoteNamed(op.table), drop)];
}

/** Gives a constraint another name. */
export function renameConstraint(op: OperationOf<"rename_constraint">): readonly Statement[] {
  const rename = `RENAME CONSTRAINT ${quote(op.constraint)} TO ${quote(op.to)}`;
  return [locking("ALTER TABLE", quoteNamed(op.table), rename)];
}

/** Checks the rows that are there: it reads the whole table, but neither readers nor writers wait for it. */
export function validateConstraint(op: OperationOf<"validate_constraint">): readonly Statement[] {
  return [online("ALTER TABLE", quoteNamed(op.table), `VALIDATE CONSTRAINT ${quote(op.name)}`)];
}

/** The comments of those constraints that have one. */
export function constraintComments(
  table: Named,
  constraints: readonly Constraint[],
): readonly Statement[] {
  return constraints.flatMap(({ name, comment }) => {
    if (comment === undefined) return [];
    const on = `${quote(name)} ON ${quoteNamed(table)}`;
    return [plain("COMMENT ON CONSTRAINT", on, "IS", stringLiteral(comment))];
  });
}

function body(constraint: Constraint): string {
  const deferrable = deferrableClause(constraint);
  switch (constraint.kind) {
    case "check":
      if (constraint.deferrable !== undefined) throw notDeferrable(constraint);
      return `CHECK (${constraint.expression})`;
    case "exclude":
      return clauses(
        `EXCLUDE USING ${constraint.using} (${constraint.elements})`,
        constraint.where !== undefined && `WHERE (${constraint.where})`,
        deferrable,
      );
    case "unique":
      return clauses(uniqueBody(constraint), deferrable);
    case "primary_key":
      return clauses(`PRIMARY KEY ${quoteList(constraint.columns)}`, deferrable);
    case "foreign_key":
      return foreignKeyClause(constraint);
  }
}

function uniqueBody(constraint: Extract<Constraint, { readonly kind: "unique" }>): string {
  const { columns, nullsDistinct, usingIndex } = constraint;
  if (usingIndex !== undefined) return `UNIQUE USING INDEX ${quote(usingIndex)}`;
  const nulls = nullsDistinct !== undefined && `NULLS ${nullsDistinct ? "" : "NOT "}DISTINCT`;
  return clauses("UNIQUE", nulls, quoteList(columns));
}

function notValid(constraint: Constraint): string {
  if (constraint.kind === "check" || constraint.kind === "foreign_key") return "NOT VALID";
  const kind = constraint.kind.replace("_", " ");
  throw new UnsupportedOperation(`add the ${kind} constraint ${constraint.name} unvalidated`, {
    hint:
      constraint.kind === "unique"
        ? "Build a unique index concurrently, then give its name as usingIndex."
        : "Leave validate out.",
  });
}

function notDeferrable(constraint: Constraint): UnsupportedOperation {
  return new UnsupportedOperation(`defer the check constraint ${constraint.name}`, {
    hint: "Leave deferrable out.",
  });
}
