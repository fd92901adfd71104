/** An operation → the question that tells after a crash whether it had its effect. */

import type { Named } from "../model/named.ts";
import type { Probe } from "../model/probe.ts";
import type { SchemaOperation } from "./operation.ts";
import type { ColumnChange } from "./table-parts.ts";

/** The probe of an operation; `undefined` when only its author could tell. */
export function probeOf(op: SchemaOperation): Probe | undefined {
  switch (op.kind) {
    case "create_table":
      return { kind: "table", name: op.table, expect: "present" };
    case "drop_table":
      return { kind: "table", name: op.table, expect: "absent" };
    case "alter_table":
      return probeOfChanges(op.table, op.changes);
    case "rename_table":
      return { kind: "table", name: op.table, expect: "absent" };
    case "rename_column":
      return { kind: "column", name: op.table, part: op.column, expect: "absent" };
    case "create_index":
      return {
        kind: "index",
        name: inSchemaOf(op.index.table, op.index.name),
        table: op.index.table,
        expect: "present",
      };
    case "drop_index":
      return {
        kind: "index",
        name: inSchemaOf(op.index.table, op.index.name),
        table: op.index.table,
        expect: "absent",
      };
    case "rename_index":
      return {
        kind: "index",
        name: inSchemaOf(op.table, op.index),
        table: op.table,
        expect: "absent",
      };
    case "create_constraint":
      return { kind: "constraint", name: op.table, part: op.constraint.name, expect: "present" };
    case "drop_constraint":
      return { kind: "constraint", name: op.table, part: op.name, expect: "absent" };
    case "rename_constraint":
      return { kind: "constraint", name: op.table, part: op.constraint, expect: "absent" };
    case "validate_constraint":
      return { kind: "constraint", name: op.table, part: op.name, expect: "validated" };
    case "create_schema":
      return { kind: "schema", name: { name: op.name }, expect: "present" };
    case "drop_schema":
      return { kind: "schema", name: { name: op.name }, expect: "absent" };
    case "create_extension":
      return { kind: "extension", name: { name: op.name }, expect: "present" };
    case "drop_extension":
      return { kind: "extension", name: { name: op.name }, expect: "absent" };
    case "update_extension":
      return { kind: "repeatable" };
    case "create_enum":
      return { kind: "type", name: op.enum, expect: "present" };
    case "drop_enum":
      return { kind: "type", name: op.enum, expect: "absent" };
    case "add_enum_value":
      return { kind: "enum_value", name: op.enum, part: op.value, expect: "present" };
    case "rename_enum_value":
      return { kind: "enum_value", name: op.enum, part: op.to, expect: "present" };
    case "create_sequence":
      return { kind: "sequence", name: op.sequence, expect: "present" };
    case "drop_sequence":
      return { kind: "sequence", name: op.sequence, expect: "absent" };
    case "create_view":
      return op.orReplace
        ? { kind: "repeatable" }
        : { kind: "view", name: op.view, expect: "present" };
    case "drop_view":
      return { kind: "view", name: op.view, expect: "absent" };
    case "comment":
      return { kind: "repeatable" };
    case "execute":
    case "execute_file":
      return undefined;
  }
}

/**
 * All changes of one ALTER TABLE happen or none does, so one that can be seen answers for all. The
 * others restate a column, and may run twice.
 */
export function probeOfChanges(table: Named, changes: readonly ColumnChange[]): Probe {
  for (const change of changes) {
    if (change.kind === "add_column")
      return { kind: "column", name: table, part: change.column.name, expect: "present" };
    if (change.kind === "remove_column")
      return { kind: "column", name: table, part: change.name, expect: "absent" };
  }
  return { kind: "repeatable" };
}

export function inSchemaOf(table: Named, name: string): Named {
  return table.prefix === undefined ? { name } : { name, prefix: table.prefix };
}
