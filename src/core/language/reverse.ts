/** Derives the undoing of operations. */

import type { Operation, OperationOf } from "./operation.ts";
import { reverseSafe } from "./safe/reverse-safe.ts";
import type { Column, ColumnChange } from "./table-parts.ts";

/** Why an operation cannot be undone, and what would make it undoable, in the reader's own names. */
export type Irreversible = { readonly irreversible: string };

/** Gives the operations that undo one operation, in order; or the reason why none can. */
export function reverse(op: Operation): readonly Operation[] | Irreversible {
  switch (op.kind) {
    case "create_table":
      return [
        {
          kind: "drop_table",
          table: op.table,
          was: op.definition,
          ...(op.ifNotExists ? { ifExists: true } : {}),
        },
      ];
    case "drop_table":
      if (op.was === undefined)
        return needs(
          `m.dropTable("${op.table.name}", { was: (t) => { … } }) with the columns that it had`,
        );
      if (op.cascade) return needsNoCascade(`m.dropTable("${op.table.name}", …)`);
      return [
        {
          kind: "create_table",
          table: op.table,
          definition: op.was,
          ...(op.ifExists ? { ifNotExists: true } : {}),
        },
      ];
    case "alter_table":
      return reverseAlterTable(op);
    case "rename_table":
      return [{ kind: "rename_table", table: { ...op.table, name: op.to }, to: op.table.name }];
    case "rename_column":
      return [{ ...op, column: op.to, to: op.column }];
    case "create_index":
      return [
        { kind: "drop_index", index: op.index, ...(op.ifNotExists ? { ifExists: true } : {}) },
      ];
    case "drop_index":
      if (op.index.columns.length === 0)
        return needs(
          `m.dropIndex("${op.index.table.name}", [columns], { name: "${op.index.name}" })`,
        );
      if (op.cascade) return needsNoCascade(`m.dropIndex("${op.index.table.name}", …)`);
      return [
        { kind: "create_index", index: op.index, ...(op.ifExists ? { ifNotExists: true } : {}) },
      ];
    case "rename_index":
      return [{ ...op, index: op.to, to: op.index }];
    case "create_constraint":
      return [
        { kind: "drop_constraint", table: op.table, name: op.constraint.name, was: op.constraint },
      ];
    case "drop_constraint":
      if (op.was === undefined)
        return needs(`m.dropConstraint("${op.table.name}", "${op.name}", { was: { check: "…" } })`);
      if (op.cascade)
        return needsNoCascade(`m.dropConstraint("${op.table.name}", "${op.name}", …)`);
      return [{ kind: "create_constraint", table: op.table, constraint: op.was }];
    case "rename_constraint":
      return [{ ...op, constraint: op.to, to: op.constraint }];
    case "validate_constraint":
      return [];
    case "create_schema":
      return [
        { kind: "drop_schema", name: op.name, ...(op.ifNotExists ? { ifExists: true } : {}) },
      ];
    case "drop_schema":
      if (op.cascade) return needsNoCascade(`m.dropSchema("${op.name}")`);
      return [
        { kind: "create_schema", name: op.name, ...(op.ifExists ? { ifNotExists: true } : {}) },
      ];
    case "create_extension":
      return [
        {
          kind: "drop_extension",
          name: op.name,
          was: { schema: op.schema, version: op.version },
          ...(op.ifNotExists ? { ifExists: true } : {}),
        },
      ];
    case "drop_extension":
      if (op.cascade) return needsNoCascade(`m.dropExtension("${op.name}")`);
      return [
        {
          kind: "create_extension",
          name: op.name,
          ...op.was,
          ...(op.ifExists ? { ifNotExists: true } : {}),
        },
      ];
    case "update_extension":
      if (op.down === "keep") return [];
      if (op.was === undefined)
        return needs(
          `m.updateExtension("${op.name}", { to: "${op.to}", down: "keep" }), which keeps the new version, or was: "…" if the extension has a script for the way back`,
        );
      return [{ ...op, to: op.was, was: op.to }];
    case "create_enum":
      return [{ kind: "drop_enum", enum: op.enum, was: op.values }];
    case "drop_enum":
      if (op.was === undefined)
        return needs(`m.dropEnum("${op.enum.name}", { was: ["…"] }) with the values that it had`);
      return [{ kind: "create_enum", enum: op.enum, values: op.was }];
    case "add_enum_value":
      return needs("your own up(m) and down(m): PostgreSQL cannot remove a value from an enum");
    case "rename_enum_value":
      return [{ ...op, value: op.to, to: op.value }];
    case "create_sequence":
      return [
        {
          kind: "drop_sequence",
          sequence: op.sequence,
          was: op.options,
          ...(op.ifNotExists ? { ifExists: true } : {}),
        },
      ];
    case "drop_sequence":
      if (op.was === undefined)
        return needs(`m.dropSequence("${op.sequence.name}", { was: { … } })`);
      return [
        {
          kind: "create_sequence",
          sequence: op.sequence,
          options: op.was,
          ...(op.ifExists ? { ifNotExists: true } : {}),
        },
      ];
    case "create_view":
      return reverseCreateView(op);
    case "drop_view":
      if (op.was === undefined)
        return needs(`m.dropView("${op.view.name}", { was: { as: "select …" } })`);
      if (op.cascade) return needsNoCascade(`m.dropView("${op.view.name}", …)`);
      return [
        {
          kind: "create_view",
          view: op.view,
          definition: op.was,
          ...(op.materialized ? { materialized: true } : {}),
        },
      ];
    case "comment":
      if (op.was === undefined)
        return needs(
          `was: the comment that ${op.table.name}${op.column ? `.${op.column}` : ""} had, or was: null`,
        );
      return [{ ...op, comment: op.was, was: op.comment }];
    case "execute":
      if (op.down === undefined)
        return needs(
          `m.execute("…", { down: "…" }), or { down: "" } when nothing needs to be undone`,
        );
      return op.down === ""
        ? []
        : [{ kind: "execute", sql: op.down, down: op.sql, ...(op.from ? { from: op.from } : {}) }];
    case "execute_file":
      if (op.down === undefined) return needs(`m.executeFile("${op.path}", { down: "…" })`);
      return [{ kind: "execute_file", path: op.down, down: op.path }];
    case "run":
      if (op.down === undefined)
        return needs("m.run(async (db) => { … }, { down: async (db) => { … } })");
      return [{ ...op, run: op.down, down: op.run }];
    case "safely": {
      const { form } = op;
      if (form.form === "change_columns")
        return reverse({ kind: "alter_table", table: form.table, changes: form.changes });
      const reversed = reverseSafe(form);
      return "needs" in reversed ? needs(reversed.needs) : reversed;
    }
  }
}

function needs(instead: string): Irreversible {
  return { irreversible: `Write ${instead}, or write up(m) and down(m).` };
}

/** The migration does not say which objects a cascade takes along, so nobody can restore them. */
function needsNoCascade(call: string): Irreversible {
  return needs(`${call} without cascade, after dropping what depends on it`);
}

function reverseCreateView(op: OperationOf<"create_view">): readonly Operation[] | Irreversible {
  if (!op.orReplace)
    return [
      {
        kind: "drop_view",
        view: op.view,
        was: op.definition,
        ...(op.materialized ? { materialized: true } : {}),
      },
    ];
  if (op.was === undefined)
    return needs(
      `m.createView("${op.view.name}", …, { orReplace: true, was: { as: "select …" } })`,
    );
  return [{ ...op, definition: op.was, was: op.definition }];
}

function reverseAlterTable(op: OperationOf<"alter_table">): readonly Operation[] | Irreversible {
  const changes: ColumnChange[] = [];
  for (const change of op.changes.toReversed()) {
    const reversed = reverseChange(change, op.table.name);
    if ("irreversible" in reversed) return reversed;
    changes.push(reversed);
  }
  return [{ ...op, changes }];
}

function reverseChange(change: ColumnChange, table: string): ColumnChange | Irreversible {
  const inTable = (call: string) => needs(`${call} in m.alterTable("${table}", …)`);
  switch (change.kind) {
    case "add_column":
      if (change.ifNotExists)
        return inTable(`t.add("${change.column.name}", …) without ifNotExists`);
      return { kind: "remove_column", name: change.column.name, was: change.column };
    case "modify_column":
      return reverseModify(change, inTable);
    case "remove_column":
      if (change.was === undefined)
        return inTable(`t.remove("${change.name}", { was: { type: "…" } })`);
      if (change.ifExists) return inTable(`t.remove("${change.name}", …) without ifExists`);
      if (change.cascade) return inTable(`t.remove("${change.name}", …) without cascade`);
      return { kind: "add_column", column: change.was };
    case "set_default":
      if (change.was === undefined)
        return inTable(`t.setDefault("${change.name}", …, { was: null })`);
      if (change.was === null) {
        const { default: set, ...rest } = change;
        return { ...rest, kind: "drop_default", was: set };
      }
      return { ...change, default: change.was, was: change.default };
    case "drop_default":
      if (change.was === undefined) return inTable(`t.dropDefault("${change.name}", { was: … })`);
      return { ...change, kind: "set_default", default: change.was, was: null };
    case "set_not_null":
      return { kind: "drop_not_null", name: change.name };
    case "drop_not_null":
      return { kind: "set_not_null", name: change.name };
    case "set_type":
      if (change.was === undefined)
        return inTable(`t.setType("${change.to.name}", "${change.to.type}", { was: "…" })`);
      if (change.to.collation !== undefined && change.was.collation === undefined)
        return inTable(
          `was: { type: "${change.was.type}", collation: "…" } for column ${change.to.name}`,
        );
      return { kind: "set_type", to: change.was, was: change.to };
  }
}

/** Type, null and default come back together: `was` must give every one that the change gives. */
function reverseModify(
  change: Extract<ColumnChange, { kind: "modify_column" }>,
  inTable: (call: string) => Irreversible,
): ColumnChange | Irreversible {
  const { column, was } = change;
  if (was === undefined)
    return inTable(`t.modify("${column.name}", "${column.type}", { was: { type: "…" } })`);
  const restated = [
    "null",
    "default",
    "collation",
    "comment",
  ] as const satisfies readonly (keyof Column)[];
  const missing = restated.filter(
    (option) => column[option] !== undefined && was[option] === undefined,
  );
  if (missing.length > 0) {
    return inTable(
      `was: { type: "${was.type}", ${missing.map((option) => `${option}: …`).join(", ")} } for column ${column.name}`,
    );
  }
  return { kind: "modify_column", column: was, was: column };
}
