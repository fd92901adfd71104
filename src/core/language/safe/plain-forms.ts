/**
 * Safe forms where the database has fewer ways: the steps that PostgreSQL needs are one plain operation here. Slipway
 * refuses by name forms that would stop a running application.
 */

import type { Named } from "../../model/named.ts";
import { type Dialect, UnsupportedOperation } from "../dialect.ts";
import type { SchemaOperation } from "../operation.ts";
import type { Column, Constraint, Index } from "../table-parts.ts";
import { alter, batches, locks, part } from "./parts.ts";
import type { ColumnRetreat, SafeForm, Stage } from "./safe-form.ts";
import type { SafePart } from "./safe-part.ts";

/** The traits of a database that plain forms depend on. */
export type PlainPlace = Pick<Dialect, "quote"> & {
  /** A default as SQL that UPDATE takes. */
  readonly defaultSql: (column: Column) => string;
  /** Whether an index can be built beside writers. */
  readonly concurrently: boolean;
  /** Who waits for a plain change of a table. */
  readonly note: string;
};

/** @throws {UnsupportedOperation} for a rename that both names of have to survive, and for a change of type */
export function plainForm(form: SafeForm, place: PlainPlace): readonly SafePart[] {
  const one = (words: string, ...operations: readonly SchemaOperation[]) =>
    part(words, place.note, ...operations);
  switch (form.form) {
    case "create_index": {
      const { index, ifNotExists } = form;
      return [buildIndex(beside(index, place), place, ifNotExists)];
    }
    case "drop_index":
      return [dropIndex(beside(form.index, place), place, form.ifExists)];
    case "replace_index":
      return replaceIndex(form, place);
    case "add_constraint":
      return [addConstraint(form.table, form.constraint, place)];
    case "set_not_null": {
      const { table, column } = form;
      return [
        one(`set not null on ${column}`, alter(table, { kind: "set_not_null", name: column })),
      ];
    }
    case "change_columns":
      return [one(`change table ${form.table.name}`, alter(form.table, ...form.changes))];
    case "add_column":
      return addColumn(form, place);
    case "drop_column":
      return dropColumn(form, form.stage, one);
    case "rename_column":
      throw new UnsupportedOperation(
        `keep both names of column ${form.column} alive while it is renamed`,
        {
          hint: `Add the column ${form.to}, write both in the code, fill it, and drop ${form.column} a release later. Or use m.renameColumn while the application is stopped.`,
        },
      );
    case "rename_table":
      throw new UnsupportedOperation(
        `keep both names of table ${form.table.name} alive while it is renamed`,
        {
          hint: "Use m.renameTable while the application is stopped.",
        },
      );
    case "change_type":
    case "finish_change_type": {
      const name = form.form === "change_type" ? form.column.name : form.column;
      throw new UnsupportedOperation(
        `change the type of column ${name} beside a running application`,
        {
          hint: `Use t.setType("${name}", …) in m.alterTable("${form.table.name}", …).`,
        },
      );
    }
  }
}

function beside(index: Index, place: PlainPlace): Index {
  return place.concurrently ? { ...index, concurrently: true } : index;
}

/** Builds an index. */
export function buildIndex(
  index: Index,
  place: Pick<PlainPlace, "concurrently" | "note">,
  ifNotExists?: boolean,
): SafePart {
  return part(`build index ${index.name}`, place.concurrently ? locks.beside : place.note, {
    kind: "create_index",
    index,
    ...(ifNotExists ? { ifNotExists } : {}),
  });
}

/** Drops an index. */
export function dropIndex(
  index: Index,
  place: Pick<PlainPlace, "concurrently" | "note">,
  ifExists?: boolean,
): SafePart {
  return part(
    `drop index ${index.name}`,
    place.concurrently ? "waits for who uses it; stops nobody" : place.note,
    { kind: "drop_index", index, ...(ifExists ? { ifExists } : {}) },
  );
}

/** The new one first, so that queries are never without. */
export function replaceIndex(
  form: Extract<SafeForm, { form: "replace_index" }>,
  place: Pick<PlainPlace, "concurrently" | "note">,
): readonly SafePart[] {
  const { meanwhile } = form;
  const mark = (index: Index) => (place.concurrently ? { ...index, concurrently: true } : index);
  const { table, name } = form.new;
  const built = mark({ ...form.new, name: meanwhile ?? name });
  const parts = [buildIndex(built, place), dropIndex(mark(form.old), place)];
  if (meanwhile === undefined) return parts;
  const rename = { kind: "rename_index", table, index: meanwhile, to: name } as const;
  return [...parts, part(`rename index ${meanwhile} to ${name}`, locks.none, rename)];
}

function addConstraint(table: Named, constraint: Constraint, place: PlainPlace): SafePart {
  const { name } = constraint;
  const isIndex = constraint.kind === "unique" && place.concurrently;
  if (!isIndex)
    return part(`add constraint ${name}`, place.note, {
      kind: "create_constraint",
      table,
      constraint,
    });
  const { columns } = constraint;
  return buildIndex(
    {
      name,
      table,
      columns: columns.map((column) => ({ column })),
      unique: true,
      concurrently: true,
    },
    place,
  );
}

function addColumn(
  form: Extract<SafeForm, { form: "add_column" }>,
  place: PlainPlace,
): readonly SafePart[] {
  const { table, column, key } = form;
  const { name, type, null: nullable, default: value, ...rest } = column;
  const added = { name, type, ...rest };
  const fill = form.fill ?? place.defaultSql(column);
  const changes = [
    ...(value === undefined
      ? []
      : [alter(table, { kind: "set_default", name, default: value, type, was: null })]),
  ];
  return [
    part(`add column ${name}`, place.note, alter(table, { kind: "add_column", column: added })),
    ...changes.map((change) => part(`set the default of ${name}`, place.note, change)),
    batches(`fill ${name}`, {
      table,
      ...(key === undefined ? {} : { key }),
      set: `${place.quote(name)} = ${fill}`,
      where: `${place.quote(name)} IS NULL`,
    }),
    ...(nullable === false
      ? [part(`set not null on ${name}`, place.note, alter(table, { kind: "set_not_null", name }))]
      : []),
  ];
}

/** Hides the column first: code that still needs it fails at once, and nothing is lost. */
export function dropColumn(
  retreat: ColumnRetreat,
  stage: Stage,
  one: (words: string, ...operations: readonly SchemaOperation[]) => SafePart,
): readonly SafePart[] {
  const { table, column, hidden, was } = retreat;
  const required = was?.null === false;
  switch (stage) {
    case "begin":
      return [
        one(
          `hide column ${column} as ${hidden}`,
          ...(required || was === undefined
            ? [alter(table, { kind: "drop_not_null", name: column })]
            : []),
          { kind: "rename_column", table, column, to: hidden },
        ),
      ];
    case "undo_begin":
      return [
        one(`bring column ${column} back`, {
          kind: "rename_column",
          table,
          column: hidden,
          to: column,
        }),
        ...(required
          ? [one(`set not null on ${column}`, alter(table, { kind: "set_not_null", name: column }))]
          : []),
      ];
    case "finish":
      return [
        one(
          `drop column ${hidden}`,
          alter(table, {
            kind: "remove_column",
            name: hidden,
            ...(was === undefined ? {} : { was: hiddenColumn(was, hidden) }),
          }),
        ),
      ];
    case "undo_finish":
      return was === undefined
        ? []
        : [
            one(
              `add column ${hidden} again, empty`,
              alter(table, { kind: "add_column", column: hiddenColumn(was, hidden) }),
            ),
          ];
  }
}

function hiddenColumn(was: Column, hidden: string): Column {
  const { null: _, ...rest } = was;
  return { ...rest, name: hidden };
}
