/** Which objects an operation touches: enough to know whether two of them may change places. */

import { isFragment } from "../model/fragment.ts";
import type { Named } from "../model/named.ts";
import type { Touch, Touches } from "../model/touch.ts";
import type { SqlSyntax } from "../sql/token.ts";
import { mentions, touchesOfSql } from "../sql/touches-of-sql.ts";
import type { Operation } from "./operation.ts";
import type { SafeForm } from "./safe/safe-form.ts";
import type { Column, ColumnChange, Constraint, Index } from "./table-parts.ts";

/**
 * The objects, tables down to columns, that an operation reads or writes. Code and most of the
 * user's own SQL may touch anything. Objects that a drop sets free, such as the table of a foreign
 * key, count as far as `was` names them.
 */
export function touches(op: Operation, syntax: SqlSyntax): Touches {
  switch (op.kind) {
    case "create_table": {
      const { columns, constraints } = op.definition;
      return [
        ...whole(op.table, "writes"),
        ...columns.flatMap((column) => readsOfColumn(op.table, column)),
        ...constraints.flatMap((constraint) => ofConstraint(op.table, constraint)),
      ];
    }
    case "drop_table":
      return op.cascade ? "anything" : whole(op.table, "writes");
    case "alter_table":
      return op.changes.some((change) => change.kind === "remove_column" && change.cascade)
        ? "anything"
        : op.changes.flatMap((change) => ofChange(op.table, change));
    case "rename_table":
      return [...whole(op.table, "writes"), ...whole({ ...op.table, name: op.to }, "writes")];
    case "rename_column":
      return [...part(op.table, "writes", op.column), ...part(op.table, "writes", op.to)];
    case "create_index":
      return ofIndex(op.index);
    case "drop_index":
      return op.cascade ? "anything" : ofIndex(op.index);
    case "rename_index":
      return [
        ...whole(op.table, "reads"),
        ...beside(op.table, `index ${op.index}`),
        ...beside(op.table, `index ${op.to}`),
      ];
    case "create_constraint":
      return ofConstraint(op.table, op.constraint);
    case "drop_constraint":
      if (op.cascade) return "anything";
      return op.was === undefined
        ? [...whole(op.table, "reads"), ...part(op.table, "writes", `constraint ${op.name}`)]
        : ofConstraint(op.table, { ...op.was, name: op.name });
    case "rename_constraint":
      return [op.constraint, op.to].flatMap((name) =>
        part(op.table, "writes", `constraint ${name}`),
      );
    case "validate_constraint":
      return [...whole(op.table, "reads"), ...part(op.table, "writes", `constraint ${op.name}`)];
    case "create_schema":
      return [{ access: "writes", path: [`schema ${op.name}`] }];
    case "drop_schema":
      return op.cascade ? "anything" : [{ access: "writes", path: [`schema ${op.name}`] }];
    case "create_extension":
      return [{ access: "writes", path: [`extension ${op.name}`] }];
    case "drop_extension":
    case "update_extension":
      return "anything";
    case "create_enum":
    case "drop_enum":
    case "add_enum_value":
    case "rename_enum_value":
      return whole(op.enum, "writes");
    case "create_sequence":
      return [
        ...whole(op.sequence, "writes"),
        ...(op.options.ownedBy === undefined ? [] : readsOfText(op.options.ownedBy)),
      ];
    case "drop_sequence":
      return whole(op.sequence, "writes");
    case "create_view":
      return [...whole(op.view, "writes"), ...readsOfText(op.definition.as)];
    case "drop_view":
      if (op.cascade) return "anything";
      return [...whole(op.view, "writes"), ...readsOfText(op.was?.as ?? "")];
    case "comment":
      return part(op.table, "writes", op.column ?? "comment of the table");
    case "execute":
      return touchesOfSql(op.sql, syntax);
    case "execute_file":
    case "run":
      return "anything";
    case "safely":
      return ofForm(op.form);
  }
}

/**
 * Covers both steps of a form that has two. Such a form touches the whole table: a rename or a
 * second column leaves something behind.
 */
function ofForm(form: SafeForm): readonly Touch[] {
  switch (form.form) {
    case "create_index":
    case "drop_index":
      return ofIndex(form.index);
    case "replace_index":
      return [...ofIndex(form.old), ...ofIndex(form.new)];
    case "add_constraint":
      return ofConstraint(form.table, form.constraint);
    case "set_not_null":
      return part(form.table, "writes", form.column);
    case "add_column":
      return [
        ...part(form.table, "writes", form.column.name),
        ...readsOfColumn(form.table, form.column),
        ...readsOfText(form.fill ?? "", form.table),
      ];
    case "change_columns":
      return form.changes.flatMap((change) => ofChange(form.table, change));
    case "rename_table":
      return [...whole(form.table, "writes"), ...whole({ ...form.table, name: form.to }, "writes")];
    case "rename_column":
    case "drop_column":
    case "change_type":
    case "finish_change_type":
      return whole(form.table, "writes");
  }
}

type Access = Touch["access"];

/** A whole object; its schema must be there. */
function whole({ name, prefix }: Named, access: Access): readonly Touch[] {
  if (prefix === undefined) return [{ access, path: [name] }];
  return [
    { access, schema: prefix, path: [name] },
    { access: "reads", path: [`schema ${prefix}`] },
  ];
}

/** One column, or another part of a table. */
function part(table: Named, access: Access, name: string): readonly Touch[] {
  return whole(table, access).map((touch, i) =>
    i === 0 ? { ...touch, path: [...touch.path, name] } : touch,
  );
}

/** An object of the table's schema that is not part of the table. */
function beside({ prefix }: Named, name: string): readonly Touch[] {
  return whole({ name, prefix }, "writes");
}

/** Every name in a piece of SQL: of a column of `table`, or of something else. */
function readsOfText(text: string, table?: Named): readonly Touch[] {
  return mentions(text).flatMap((name) => [
    { access: "reads", path: [name] } as const,
    ...(table === undefined ? [] : part(table, "reads", name)),
  ]);
}

function readsOfColumn(table: Named, column: Column): readonly Touch[] {
  const { type, references, default: value, generated = "" } = column;
  return [
    ...readsOfText(type),
    ...readsOfText(generated, table),
    ...(isFragment(value) ? readsOfText(value.sql) : []),
    ...(references === undefined ? [] : part(references.table, "reads", references.column)),
  ];
}

function ofChange(table: Named, change: ColumnChange): readonly Touch[] {
  switch (change.kind) {
    case "add_column":
    case "modify_column":
      return [...part(table, "writes", change.column.name), ...readsOfColumn(table, change.column)];
    case "set_type":
      return [
        ...part(table, "writes", change.to.name),
        ...readsOfText(change.to.type),
        ...readsOfText(change.to.using ?? "", table),
      ];
    case "set_default":
      return [
        ...part(table, "writes", change.name),
        ...(isFragment(change.default) ? readsOfText(change.default.sql) : []),
      ];
    case "remove_column":
    case "drop_default":
    case "set_not_null":
    case "drop_not_null":
      return part(table, "writes", change.name);
  }
}

/** Where only the name of an index is known, it may contain any column. */
function ofIndex({ table, name, columns, include = [], where = "" }: Index): readonly Touch[] {
  const named = [...columns.map((one) => one.column), ...include].filter(
    (column) => column !== undefined,
  );
  const expressions = [...columns.map((one) => one.expression ?? ""), where];
  return [
    ...beside(table, `index ${name}`),
    ...(columns.length === 0 ? whole(table, "reads") : []),
    ...named.flatMap((column) => part(table, "reads", column)),
    ...expressions.flatMap((expression) => readsOfText(expression, table)),
  ];
}

function ofConstraint(table: Named, constraint: Constraint): readonly Touch[] {
  return [
    ...part(table, "writes", `constraint ${constraint.name}`),
    ...beside(table, `index ${constraint.name}`),
    ...whatConstrained(table, constraint),
  ];
}

function whatConstrained(table: Named, constraint: Constraint): readonly Touch[] {
  switch (constraint.kind) {
    case "check":
      return readsOfText(constraint.expression, table);
    case "exclude":
      return readsOfText(`${constraint.elements} ${constraint.where ?? ""}`, table);
    case "unique":
      return [
        ...constraint.columns.flatMap((column) => part(table, "reads", column)),
        ...(constraint.usingIndex === undefined
          ? []
          : beside(table, `index ${constraint.usingIndex}`)),
      ];
    case "primary_key":
      return constraint.columns.flatMap((column) => part(table, "writes", column));
    case "foreign_key":
      return [
        ...constraint.columns.flatMap((column) => part(table, "reads", column)),
        ...constraint.references.columns.flatMap((column) =>
          part(constraint.references.table, "reads", column),
        ),
      ];
  }
}
