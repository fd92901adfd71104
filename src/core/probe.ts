/**
 * How to find out, after a crash, whether a statement had its effect: a question to the catalog, as data.
 * Each database answers it in its own words.
 */
import type { ColumnChange, Named, SchemaOperation } from "./schema/operation.ts";

/** A question to the catalog, and the answer that means that the statement has run. */
export type CatalogProbe = {
  readonly kind:
    | "table"
    | "view"
    | "sequence"
    | "type"
    | "index"
    | "schema"
    | "extension"
    | "column"
    | "constraint"
    | "enum_value";
  /** The thing, or the table or enum that it belongs to. */
  readonly name: Named;
  /** Of an index: its table, without which MySQL does not find it. */
  readonly table?: Named | undefined;
  /** The column, constraint or enum value. */
  readonly part?: string | undefined;
  readonly expect: "present" | "absent" | "validated";
};

/**
 * `repeatable`: running it once more gives the same.
 * `setting`: it changes the connection and nothing else, so a new connection needs it again. One that is `ownOnly`
 * could change what names mean or who is asking, so it holds for what is the migration's own and not for what is ours.
 */
export type Probe =
  | CatalogProbe
  | { readonly kind: "repeatable" }
  | { readonly kind: "setting"; readonly ownOnly?: true };

/** What the catalog shows. A broken thing is there and not usable, such as an index whose build was interrupted. */
export type ProbeState = "present" | "absent" | "broken" | "validated";

/** What that says of the statement. */
export type ProbeAnswer = "done" | "not_done" | "broken";

/** Whether what is seen is what the statement was to bring about. */
export function answerOf(probe: CatalogProbe, state: ProbeState): ProbeAnswer {
  switch (probe.expect) {
    case "absent":
      return state === "absent" ? "done" : "not_done";
    case "validated":
      return state === "validated" ? "done" : "not_done";
    case "present":
      return state === "absent" ? "not_done" : state === "broken" ? "broken" : "done";
  }
}

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
 * All changes of one ALTER TABLE happen or none does, so one that can be seen answers for all.
 * The others restate what a column is to be, which may be done twice.
 */
function probeOfChanges(table: Named, changes: readonly ColumnChange[]): Probe {
  for (const change of changes) {
    if (change.kind === "add_column")
      return { kind: "column", name: table, part: change.column.name, expect: "present" };
    if (change.kind === "remove_column")
      return { kind: "column", name: table, part: change.name, expect: "absent" };
  }
  return { kind: "repeatable" };
}

function inSchemaOf(table: Named, name: string): Named {
  return table.prefix === undefined ? { name } : { name, prefix: table.prefix };
}
