/** Schemas, extensions, enums, sequences and views. */

import { UnsupportedOperation } from "../../core/language/dialect.ts";
import type { OperationOf } from "../../core/language/operation.ts";
import type { Named } from "../../core/model/named.ts";
import type { Statement } from "../../core/model/statement.ts";
import type { Clause } from "../clauses.ts";
import { refuseOptions } from "../refuse-options.ts";
import { sequenceClauses } from "../sequence-clauses.ts";
import { stringLiteral } from "./literal.ts";
import { clauses, quote, quoteList, quoteNamed } from "./sql-text.ts";
import { locking, plain } from "./statement.ts";

/** Makes a schema. */
export function createSchema(op: OperationOf<"create_schema">): readonly Statement[] {
  return [plain("CREATE SCHEMA", ifNotExists(op), quote(op.name))];
}

/** Drops a schema. */
export function dropSchema(op: OperationOf<"drop_schema">): readonly Statement[] {
  return [locking("DROP SCHEMA", ifExists(op), quote(op.name), cascade(op))];
}

/** Installs an extension in this database. */
export function createExtension(op: OperationOf<"create_extension">): readonly Statement[] {
  return [
    plain(
      clauses("CREATE EXTENSION", ifNotExists(op), quote(op.name)),
      op.schema !== undefined && `SCHEMA ${quote(op.schema)}`,
      op.version !== undefined && `VERSION ${stringLiteral(op.version)}`,
    ),
  ];
}

/** Removes an extension from this database. */
export function dropExtension(op: OperationOf<"drop_extension">): readonly Statement[] {
  return [locking("DROP EXTENSION", ifExists(op), quote(op.name), cascade(op))];
}

/** Updates an extension. At that version already, the server does nothing, and says so. */
export function updateExtension(op: OperationOf<"update_extension">): readonly Statement[] {
  return [locking("ALTER EXTENSION", quote(op.name), "UPDATE TO", stringLiteral(op.to))];
}

/** Makes an enum. */
export function createEnum(op: OperationOf<"create_enum">): readonly Statement[] {
  const values = op.values.map(stringLiteral).join(", ");
  return [plain("CREATE TYPE", quoteNamed(op.enum), `AS ENUM (${values})`)];
}

/** Drops an enum. */
export function dropEnum(op: OperationOf<"drop_enum">): readonly Statement[] {
  return [locking("DROP TYPE", ifExists(op), quoteNamed(op.enum))];
}

/** Adds a value: since PostgreSQL 12 inside a transaction too, where the new value cannot be used before its end. */
export function addEnumValue(op: OperationOf<"add_enum_value">): readonly Statement[] {
  return [
    plain(
      clauses("ALTER TYPE", quoteNamed(op.enum), "ADD VALUE", ifNotExists(op)),
      stringLiteral(op.value),
      op.before !== undefined && `BEFORE ${stringLiteral(op.before)}`,
      op.after !== undefined && `AFTER ${stringLiteral(op.after)}`,
    ),
  ];
}

/** Gives a value of an enum another name. */
export function renameEnumValue(op: OperationOf<"rename_enum_value">): readonly Statement[] {
  const rename = `RENAME VALUE ${stringLiteral(op.value)} TO ${stringLiteral(op.to)}`;
  return [plain("ALTER TYPE", quoteNamed(op.enum), rename)];
}

/** Makes a sequence. */
export function createSequence(op: OperationOf<"create_sequence">): readonly Statement[] {
  const { ownedBy } = op.options;
  return [
    plain(
      clauses("CREATE SEQUENCE", ifNotExists(op), quoteNamed(op.sequence)),
      ...sequenceClauses(op.options),
      ownedBy !== undefined && `OWNED BY ${ownerColumn(ownedBy, op.sequence)}`,
    ),
  ];
}

/** Drops a sequence. */
export function dropSequence(op: OperationOf<"drop_sequence">): readonly Statement[] {
  return [locking("DROP SEQUENCE", ifExists(op), quoteNamed(op.sequence))];
}

/**
 * Makes a view, or replaces one.
 *
 * @throws {UnsupportedOperation} for replacing a materialized view
 */
export function createView(op: OperationOf<"create_view">): readonly Statement[] {
  const { view, definition, materialized, orReplace } = op;
  if (materialized && orReplace) {
    throw new UnsupportedOperation(`replace the materialized view ${view.name}`, {
      hint: "Drop it and create it again.",
    });
  }
  if (!materialized) {
    const hint = "Leave it out: only a materialized view has data.";
    refuseOptions(definition, `view ${view.name}`, { withData: hint });
  }
  const { as: select, columns, withData } = definition;
  const statement = orReplace ? locking : plain;
  const create = clauses("CREATE", orReplace && "OR REPLACE", materialized && "MATERIALIZED");
  const data = materialized && withData !== undefined && `\nWITH ${withData ? "" : "NO "}DATA`;
  return [
    statement(
      clauses(create, "VIEW", quoteNamed(view), columns && quoteList(columns)),
      `AS ${select.trim().replace(/;+$/, "")}${data || ""}`,
    ),
  ];
}

/** Drops a view. */
export function dropView(op: OperationOf<"drop_view">): readonly Statement[] {
  const kind = op.materialized ? "MATERIALIZED VIEW" : "VIEW";
  return [locking("DROP", kind, ifExists(op), quoteNamed(op.view), cascade(op))];
}

/** `table.column`, in the schema of the sequence unless it names one: PostgreSQL asks for the same. */
function ownerColumn(ownedBy: string, sequence: Named): string {
  const parts = ownedBy.split(".");
  const { prefix } = sequence;
  return (parts.length === 2 && prefix !== undefined ? [prefix, ...parts] : parts)
    .map(quote)
    .join(".");
}

function ifExists(op: { readonly ifExists?: boolean | undefined }): Clause {
  return op.ifExists && "IF EXISTS";
}

function ifNotExists(op: { readonly ifNotExists?: boolean | undefined }): Clause {
  return op.ifNotExists && "IF NOT EXISTS";
}

function cascade(op: { readonly cascade?: boolean | undefined }): Clause {
  return op.cascade && "CASCADE";
}
