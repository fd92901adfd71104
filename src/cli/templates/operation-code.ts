/** Operations as the lines of a migration that record them. */
import type { Operation } from "../../core/language/operation.ts";
import type { SafeForm } from "../../core/language/safe/safe-form.ts";
import type { Column, Constraint, Index, IndexColumn } from "../../core/language/table-parts.ts";
import type { Fragment } from "../../core/model/fragment.ts";
import type { Named } from "../../core/model/named.ts";
import { call } from "./code.ts";
import { changeCode, foreignKey, tableLines } from "./table-code.ts";

/** One line, or several, of `change(m)`; without an indentation. */
export function operationCode(op: Operation): string {
  switch (op.kind) {
    case "create_table":
      return createTable(op);
    case "drop_table": {
      if (op.was === undefined) throw new Error("nothing writes a drop without its way back");
      const { options, modifiers, comment, engine } = op.was;
      const had = words({ options, modifiers, comment, engine });
      const lines = [
        ...prefixWords(op.table),
        ...(had.length === 0 ? [] : [`wasOptions: { ${had.join(", ")} }`]),
        `was: (t) => {\n${tableLines(op.was, "    ")}\n  }`,
      ];
      const more = lines.map((line) => `  ${line},\n`).join("");
      return `m.dropTable(${JSON.stringify(op.table.name)}, {\n${more}});`;
    }
    case "alter_table": {
      const prefix = prefixWords(op.table);
      const more = prefix.length === 0 ? "" : `, { ${prefix.join(", ")} }`;
      const lines = op.changes.map((change) => `  ${changeCode(change)}`);
      return `m.alterTable(${JSON.stringify(op.table.name)}, (t) => {\n${lines.join("\n")}\n}${more});`;
    }
    case "create_index":
      return indexCall("createIndex", op.index);
    case "drop_index":
      return indexCall("dropIndex", op.index);
    case "create_constraint":
      return call("m.createConstraint", [
        ...[op.table.name, op.constraint.name],
        { ...constraintOptions(op.constraint, op.table), ...prefixOf(op.table) },
      ]);
    case "drop_constraint":
      return call("m.dropConstraint", [
        ...[op.table.name, op.name],
        {
          ...prefixOf(op.table),
          was: op.was === undefined ? undefined : constraintOptions(op.was, op.table),
        },
      ]);
    case "create_schema":
      return call("m.createSchema", [op.name]);
    case "drop_schema":
      return call("m.dropSchema", [op.name]);
    case "update_extension":
      return call("m.updateExtension", [op.name, { to: op.to, was: op.was, down: op.down }]);
    case "create_enum":
      return call("m.createEnum", [op.enum.name, op.values, prefixOf(op.enum)]);
    case "drop_enum":
      return call("m.dropEnum", [op.enum.name, { ...prefixOf(op.enum), was: op.was }]);
    case "create_sequence":
      return call("m.createSequence", [
        op.sequence.name,
        { ...prefixOf(op.sequence), ...op.options },
      ]);
    case "drop_sequence":
      return call("m.dropSequence", [op.sequence.name, { ...prefixOf(op.sequence), was: op.was }]);
    case "create_view":
      return call("m.createView", [
        ...[op.view.name, op.definition],
        { ...prefixOf(op.view), materialized: op.materialized },
      ]);
    case "drop_view":
      return call("m.dropView", [
        op.view.name,
        { ...prefixOf(op.view), materialized: op.materialized, was: op.was },
      ]);
    case "comment":
      return op.column === undefined
        ? call("m.commentOnTable", [
            op.table.name,
            op.comment,
            { ...prefixOf(op.table), was: op.was },
          ])
        : call("m.commentOnColumn", [
            ...[op.table.name, op.column],
            { ...prefixOf(op.table), comment: op.comment, was: op.was },
          ]);
    case "execute":
      return call("m.execute", [op.sql, { down: op.down }]);
    case "rename_table":
      return call("m.renameTable", [op.table.name, { ...prefixOf(op.table), to: op.to }]);
    case "rename_column":
      return call("m.renameColumn", [
        ...[op.table.name, op.column],
        { ...prefixOf(op.table), to: op.to },
      ]);
    case "safely":
      return safeCode(op.form);
    default:
      throw new Error(`nothing writes ${op.kind}`);
  }
}

function safeCode(form: SafeForm): string {
  switch (form.form) {
    case "create_index":
      return indexCall("createIndexConcurrently", form.index);
    case "drop_index":
      return indexCall("dropIndexConcurrently", form.index);
    case "replace_index": {
      const { columns, ...was } = indexOptions(form.old);
      const { columns: others, ...options } = indexOptions(form.new);
      return call("m.replaceIndex", [
        ...[form.new.table.name, others],
        {
          ...prefixOf(form.new.table),
          ...{ replaces: form.old.name, keepName: true, ...options },
          was: { columns, ...was },
        },
      ]);
    }
    case "add_constraint":
      return constraintCall(form.table, form.constraint);
    case "set_not_null":
      return call("m.setNotNullSafely", [form.table.name, form.column, prefixOf(form.table)]);
    case "add_column": {
      const { name, type, ...options } = form.column;
      return call("m.addColumnWithBackfill", [
        ...[form.table.name, name, type],
        { ...prefixOf(form.table), ...options },
      ]);
    }
    case "change_type": {
      const { name, type, ...column } = form.column;
      const { using, back, indexes } = form;
      return call("m.changeTypeSafely", [
        ...[form.table.name, name, type],
        {
          ...{ ...prefixOf(form.table), ...column, was: wasColumn(form.was) },
          ...{ using: fragmentOf(using), back: fragmentOf(back), indexes: wasIndexes(indexes) },
        },
      ]);
    }
    case "finish_change_type": {
      const { was, back, indexes } = form;
      return call("m.finishChangeType", [
        ...[form.table.name, form.column],
        {
          ...{ ...prefixOf(form.table), was: was && wasColumn(was) },
          ...{ back: fragmentOf(back), indexes: wasIndexes(indexes) },
        },
      ]);
    }
    default:
      throw new Error(`nothing writes ${form.form}`);
  }
}

/** The type alone, where that is all. */
function wasColumn({ name: _, ...spec }: Column) {
  return Object.keys(spec).length === 1 ? spec.type : spec;
}

function wasIndexes(indexes: readonly Index[]) {
  if (indexes.length === 0) return undefined;
  return indexes.map((index) => ({ name: index.name, ...indexOptions(index) }));
}

function fragmentOf(sql: string | undefined): Fragment | undefined {
  return sql === undefined ? undefined : { kind: "fragment", sql };
}

function constraintCall(table: Named, constraint: Constraint): string {
  const { name, comment } = constraint;
  const shared = { ...prefixOf(table), comment };
  switch (constraint.kind) {
    case "check":
      return call("m.addCheck", [table.name, name, constraint.expression, shared]);
    case "unique": {
      const { columns, nullsDistinct, deferrable } = constraint;
      return call("m.addUniqueConstraint", [
        ...[table.name, columns],
        { name, ...shared, nullsDistinct, deferrable },
      ]);
    }
    case "foreign_key":
      return call("m.addForeignKey", [
        table.name,
        { name, ...foreignKey(constraint), ...shared, deferrable: constraint.deferrable },
      ]);
    default:
      throw new Error(`nothing writes a safe ${constraint.kind}`);
  }
}

function createTable({
  table,
  definition,
}: Extract<Operation, { readonly kind: "create_table" }>): string {
  const { options, modifiers, comment, engine } = definition;
  const given = [...prefixWords(table), ...words({ options, modifiers, comment, engine })];
  const more = given.length === 0 ? "" : `, { ${given.join(", ")} }`;
  return `m.createTable(${JSON.stringify(table.name)}, (t) => {\n${tableLines(definition)}\n}${more});`;
}

function indexCall(method: string, index: Index): string {
  const { columns, ...options } = indexOptions(index);
  return call(`m.${method}`, [
    ...[index.table.name, columns],
    { name: index.name, ...prefixOf(index.table), ...options },
  ]);
}

function indexOptions({ name: _, table: __, columns, ...options }: Index) {
  return { columns: columns.map(indexColumn), ...options };
}

function indexColumn({ column, expression, ...rest }: IndexColumn) {
  const isBare = Object.keys(rest).length === 0;
  if (expression !== undefined) {
    const sql = { kind: "fragment" as const, sql: expression };
    return isBare ? sql : { expression, ...rest };
  }
  return isBare ? column : { column, ...rest };
}

function constraintOptions(constraint: Constraint, table: Named) {
  const { name: _, kind, ...rest } = constraint;
  switch (constraint.kind) {
    case "check": {
      const { validate, comment } = constraint;
      return { check: constraint.expression, validate, comment };
    }
    case "primary_key":
    case "unique": {
      const { columns, ...options } = rest as typeof rest & { readonly columns: readonly string[] };
      return { [kind === "unique" ? "unique" : "primaryKey"]: columns, ...options };
    }
    case "exclude": {
      const { using, elements, where, comment, deferrable } = constraint;
      return { exclude: { using, elements, where }, comment, deferrable };
    }
    case "foreign_key": {
      const { validate, comment, deferrable } = constraint;
      return { foreignKey: foreignKey(constraint, table), validate, comment, deferrable };
    }
  }
}

/** The schema where it is not the one that every database has. */
function prefixOf({ prefix }: Named): { readonly prefix?: string } {
  return prefix === undefined || prefix === "public" ? {} : { prefix };
}

function prefixWords(named: Named): readonly string[] {
  return words(prefixOf(named));
}

function words(options: { readonly [key: string]: string | undefined }): readonly string[] {
  return Object.entries(options).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${JSON.stringify(value)}`],
  );
}
