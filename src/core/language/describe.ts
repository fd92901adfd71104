/** One line of words per operation, as Ecto logs them. */

import type { Named } from "../model/named.ts";
import { type Operation, streamedBy } from "./operation.ts";
import { describeSafe } from "./safe/describe-safe.ts";
import type { Constraint } from "./table-parts.ts";

/** `create table posts`, `alter table posts`, `execute "…"`. */
export function describe(op: Operation): string {
  switch (op.kind) {
    case "create_table": {
      const modifiers = op.definition.modifiers ? `${op.definition.modifiers.toLowerCase()} ` : "";
      return `create ${modifiers}table ${op.ifNotExists ? "if not exists " : ""}${dotted(op.table)}`;
    }
    case "drop_table":
      return `drop table ${ifExists(op)}${dotted(op.table)}${cascade(op)}`;
    case "alter_table":
      return `alter table ${dotted(op.table)}`;
    case "rename_table":
      return `rename table ${dotted(op.table)} to ${dotted({ ...op.table, name: op.to })}`;
    case "rename_column":
      return `rename column ${op.column} to ${op.to} on table ${dotted(op.table)}`;
    case "create_index":
      return `create index ${op.ifNotExists ? "if not exists " : ""}${dotted({ ...op.index.table, name: op.index.name })}`;
    case "drop_index":
      return `drop index ${ifExists(op)}${dotted({ ...op.index.table, name: op.index.name })}${cascade(op)}`;
    case "rename_index":
      return `rename index ${op.index} to ${op.to}`;
    case "create_constraint":
      return `create ${constraintWord(op.constraint)} constraint ${op.constraint.name} on table ${dotted(op.table)}`;
    case "drop_constraint":
      return `drop constraint ${ifExists(op)}${op.name} from table ${dotted(op.table)}`;
    case "rename_constraint":
      return `rename constraint ${op.constraint} to ${op.to} on table ${dotted(op.table)}`;
    case "validate_constraint":
      return `validate constraint ${op.name} on table ${dotted(op.table)}`;
    case "create_schema":
      return `create schema ${op.ifNotExists ? "if not exists " : ""}${op.name}`;
    case "drop_schema":
      return `drop schema ${ifExists(op)}${op.name}${cascade(op)}`;
    case "create_extension":
      return `create extension ${op.ifNotExists ? "if not exists " : ""}${op.name}`;
    case "drop_extension":
      return `drop extension ${ifExists(op)}${op.name}${cascade(op)}`;
    case "update_extension":
      return `update extension ${op.name} to ${op.to}`;
    case "create_enum":
      return `create enum ${dotted(op.enum)}`;
    case "drop_enum":
      return `drop enum ${ifExists(op)}${dotted(op.enum)}`;
    case "add_enum_value":
      return `add value ${op.value} to enum ${dotted(op.enum)}`;
    case "rename_enum_value":
      return `rename value ${op.value} to ${op.to} in enum ${dotted(op.enum)}`;
    case "create_sequence":
      return `create sequence ${op.ifNotExists ? "if not exists " : ""}${dotted(op.sequence)}`;
    case "drop_sequence":
      return `drop sequence ${ifExists(op)}${dotted(op.sequence)}`;
    case "create_view":
      return `create ${op.orReplace ? "or replace " : ""}${op.materialized ? "materialized " : ""}view ${dotted(op.view)}`;
    case "drop_view":
      return `drop ${op.materialized ? "materialized " : ""}view ${ifExists(op)}${dotted(op.view)}${cascade(op)}`;
    case "comment":
      return `comment on ${op.on} ${dotted(op.table)}${op.column ? `.${op.column}` : ""}`;
    case "execute":
      return op.from === undefined ? `execute ${quoted(op.sql)}` : `execute file ${op.from}`;
    case "execute_file":
      return `execute file ${op.path}`;
    case "run": {
      const file = streamedBy(op.run);
      if (file !== undefined) return `execute file ${file.origin}`;
      return op.label === undefined ? "run code" : `run code: ${op.label}`;
    }
    case "safely":
      return describeSafe(op.form);
  }
}

/** `prefix.name`, unquoted. */
export function dotted(named: Named): string {
  return named.prefix === undefined ? named.name : `${named.prefix}.${named.name}`;
}

function constraintWord(constraint: Constraint): string {
  return constraint.kind.replace("_", " ");
}

function ifExists(op: { readonly ifExists?: boolean | undefined }): string {
  return op.ifExists ? "if exists " : "";
}

function cascade(op: { readonly cascade?: boolean | undefined }): string {
  return op.cascade ? " cascade" : "";
}

/** The first 200 characters on one line. */
function quoted(sql: string): string {
  const line = sql.trim().replace(/\s+/g, " ");
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line);
}
