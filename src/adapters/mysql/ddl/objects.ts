/** Databases, sequences and views. */

import type { OperationOf } from "../../../core/language/operation.ts";
import type { Named } from "../../../core/model/named.ts";
import type { Statement } from "../../../core/model/statement.ts";
import { sequenceClauses } from "../../sequence-clauses.ts";
import { noCascade, refuse, refuseOptions, refuseUnlessKnown } from "../refuse.ts";
import { type MysqlServer, since } from "../server.ts";
import { clauses, ifExists, ifNotExists, quote, quoteList, quoteNamed } from "../sql-text.ts";
import { locking, plain, procedure } from "../statement.ts";

/** Makes a database: the server has no other schema. */
export function createSchema(op: OperationOf<"create_schema">): readonly Statement[] {
  return [plain("CREATE DATABASE", ifNotExists(op), quote(op.name))];
}

/** Drops a database when it is empty; the server itself would not ask. */
export function dropSchema(op: OperationOf<"drop_schema">): readonly Statement[] {
  const { name } = op;
  refuseOptions(op, `drop schema ${name}`, { cascade: noCascade });
  const sql = clauses("DROP DATABASE", ifExists(op), quote(name));
  return [procedure(sql, { name: "drop_schema", input: { name, sql } })];
}

/** Makes a sequence. */
export function createSequence(
  op: OperationOf<"create_sequence">,
  server: MysqlServer,
): readonly Statement[] {
  const { type } = op.options;
  refuseSequence(op.sequence, server);
  refuseOptions(op.options, `the sequence ${op.sequence.name}`, {
    ownedBy: "Leave it out, and drop the sequence by itself.",
  });
  if (type !== undefined) {
    refuseUnlessKnown(server, since.typedSequences, {
      operation: `give the sequence ${op.sequence.name} a type`,
      hint: "Leave the type out.",
    });
  }
  return [
    plain(
      clauses("CREATE SEQUENCE", ifNotExists(op), quoteNamed(op.sequence)),
      ...sequenceClauses(op.options),
    ),
  ];
}

/** Drops a sequence. */
export function dropSequence(
  op: OperationOf<"drop_sequence">,
  server: MysqlServer,
): readonly Statement[] {
  refuseSequence(op.sequence, server);
  return [locking("DROP SEQUENCE", ifExists(op), quoteNamed(op.sequence))];
}

/**
 * Makes a view, or replaces one.
 *
 * @throws {UnsupportedOperation} for a materialized view
 */
export function createView(op: OperationOf<"create_view">): readonly Statement[] {
  const { view, definition, orReplace } = op;
  refuseMaterialized(op);
  refuseOptions(definition, `view ${view.name}`, {
    withData: "Leave it out: a view has no data.",
  });
  const statement = orReplace ? locking : plain;
  return [
    statement(
      clauses("CREATE", orReplace && "OR REPLACE", "VIEW", quoteNamed(view)),
      definition.columns && quoteList(definition.columns),
      `AS ${definition.as.trim().replace(/;+$/, "")}`,
    ),
  ];
}

/** Drops a view. */
export function dropView(op: OperationOf<"drop_view">): readonly Statement[] {
  refuseMaterialized(op);
  refuseOptions(op, `drop view ${op.view.name}`, { cascade: noCascade });
  return [locking("DROP VIEW", ifExists(op), quoteNamed(op.view))];
}

function refuseSequence({ name }: Named, server: MysqlServer): void {
  refuseUnlessKnown(server, since.sequences, {
    operation: `have the sequence ${name}`,
    hint: 'Use a primary key of type "bigserial".',
  });
}

function refuseMaterialized(op: OperationOf<"create_view" | "drop_view">): void {
  if (!op.materialized) return;
  refuse(`have the materialized view ${op.view.name}`, "Use a view, or a table that you fill.");
}
