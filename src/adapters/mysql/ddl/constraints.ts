/** Constraints: inside CREATE TABLE, and added to or taken from an existing table. */

import type { OperationOf } from "../../../core/language/operation.ts";
import type { Constraint } from "../../../core/language/table-parts.ts";
import type { Named } from "../../../core/model/named.ts";
import type { Statement } from "../../../core/model/statement.ts";
import { noCascade, refuse, refuseOptions, refuseUnlessKnown } from "../refuse.ts";
import { type MysqlServer, since } from "../server.ts";
import { clauses, ifExists, quote, quoteList, quoteNamed } from "../sql-text.ts";
import { locking, procedure } from "../statement.ts";
import { foreignKeyClause } from "./foreign-keys.ts";

/** A constraint as it stands in CREATE TABLE, where there is no old row to leave unchecked. */
export function constraintDefinition(constraint: Constraint, server: MysqlServer): string {
  refuseOptions(constraint, words(constraint), {
    comment: "Leave it out: only tables, columns and indexes have comments.",
    deferrable: "Leave it out: every constraint is checked at once.",
  });
  // A primary key gets no name: the server warns about one, and ignores it.
  if (constraint.kind === "primary_key") return `PRIMARY KEY ${quoteList(constraint.columns)}`;
  return `CONSTRAINT ${quote(constraint.name)} ${body(constraint, server)}`;
}

/** A constraint as ALTER TABLE adds it. */
export function addConstraint(constraint: Constraint, server: MysqlServer): string {
  return clauses(
    `ADD ${constraintDefinition(constraint, server)}`,
    constraint.validate === false && notEnforced(constraint, server),
  );
}

/** Adds a constraint to a table. */
export function createConstraint(
  op: OperationOf<"create_constraint">,
  server: MysqlServer,
): readonly Statement[] {
  return [locking("ALTER TABLE", quoteNamed(op.table), addConstraint(op.constraint, server))];
}

/**
 * Takes a constraint away, and with a foreign key the index that the server made for it.
 *
 * @throws {UnsupportedOperation} when its kind is not known on a server that needs to know it
 */
export function dropConstraint(
  op: OperationOf<"drop_constraint">,
  server: MysqlServer,
): readonly Statement[] {
  const { table, name, was } = op;
  refuseOptions(op, `drop constraint ${name}`, { cascade: noCascade });
  if (op.ifExists) {
    refuseUnlessKnown(server, since.ifExists, {
      operation: `drop the constraint ${name} if it exists`,
      hint: "Leave ifExists out.",
    });
  }
  if (was?.kind === "foreign_key" && !op.ifExists) return [dropForeignKey(table, name)];
  const drop = clauses("DROP", droppedKind(op, server));
  return [locking("ALTER TABLE", quoteNamed(table), drop)];
}

/** Takes a foreign key away, and the index that the server made for it. */
export function dropForeignKey(table: Named, name: string): Statement {
  const sql = `ALTER TABLE ${quoteNamed(table)} DROP FOREIGN KEY ${quote(name)}`;
  return {
    ...procedure(sql, { name: "drop_foreign_key", input: { table, name } }),
    probe: { kind: "constraint", name: table, part: name, expect: "absent" },
  };
}

/** @throws {UnsupportedOperation} always */
export function renameConstraint(op: OperationOf<"rename_constraint">): never {
  return refuse(
    `rename the constraint ${op.constraint}`,
    `Drop it and create ${op.to}, or use m.renameIndex for a unique one.`,
  );
}

/** From now on a check that was added unvalidated is checked, the rows that are there included. */
export function validateConstraint(
  op: OperationOf<"validate_constraint">,
  server: MysqlServer,
): readonly Statement[] {
  refuseUnlessKnown(server, since.unenforcedChecks, {
    operation: `validate the constraint ${op.name}`,
    hint: "Leave it out: every constraint here is valid from its beginning.",
  });
  return [locking("ALTER TABLE", quoteNamed(op.table), `ALTER CHECK ${quote(op.name)} ENFORCED`)];
}

function body(
  constraint: Exclude<Constraint, { readonly kind: "primary_key" }>,
  server: MysqlServer,
): string {
  const operation = `add ${words(constraint)}`;
  switch (constraint.kind) {
    case "check":
      refuseUnlessKnown(server, since.checks, { operation, hint: "Leave it out." });
      return `CHECK (${constraint.expression})`;
    case "exclude":
      return refuse(operation, "Check it in the application, or with a trigger.");
    case "unique":
      return uniqueBody(constraint);
    case "foreign_key":
      return foreignKeyClause(constraint);
  }
}

function uniqueBody(constraint: Extract<Constraint, { readonly kind: "unique" }>): string {
  const what = words(constraint);
  refuseOptions(constraint, what, {
    usingIndex: "Leave it out, or keep the unique index: it is the same here.",
  });
  if (constraint.nullsDistinct === false) {
    refuse(
      `take nulls as equal in ${what}`,
      "Leave nullsDistinct out, or make the columns not null.",
    );
  }
  return `UNIQUE ${quoteList(constraint.columns)}`;
}

/** https://dev.mysql.com/doc/refman/8.4/en/create-table-check-constraints.html */
function notEnforced(constraint: Constraint, server: MysqlServer): string {
  const operation = `add ${words(constraint)} unvalidated`;
  if (constraint.kind !== "check") return refuse(operation, "Leave validate out.");
  refuseUnlessKnown(server, since.unenforcedChecks, { operation, hint: "Leave validate out." });
  return "NOT ENFORCED";
}

function droppedKind(op: OperationOf<"drop_constraint">, server: MysqlServer): string {
  const named = clauses(ifExists(op), quote(op.name));
  switch (op.was?.kind) {
    case "primary_key":
      return "PRIMARY KEY";
    case "unique":
      return `INDEX ${named}`;
    case "foreign_key":
      return `FOREIGN KEY ${named}`;
    case "check":
      return server.flavor === "mysql" ? `CHECK ${named}` : `CONSTRAINT ${named}`;
    case "exclude":
    case undefined:
      refuseUnlessKnown(server, since.dropConstraint, {
        operation: `drop the constraint ${op.name} without knowing its kind`,
        hint: `Say what it was: m.dropConstraint("${op.table.name}", "${op.name}", { was: { … } }).`,
      });
      return `CONSTRAINT ${named}`;
  }
}

function words(constraint: Constraint): string {
  return `the ${constraint.kind.replace("_", " ")} constraint ${constraint.name}`;
}
