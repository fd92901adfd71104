/** Every kind of operation, and everything that one can say, has a case in the harness. */
import { expect, it } from "vitest";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import type {
  ExtensionOptions,
  Operation,
  SequenceOptions,
  TableDefinition,
  ViewDefinition,
} from "../../src/core/language/operation.ts";
import type { SafeForm } from "../../src/core/language/safe/safe-form.ts";
import type {
  Column,
  ColumnChange,
  ColumnTypeChange,
  Constraint,
  ForeignKey,
  Index,
  IndexColumn,
} from "../../src/core/language/table-parts.ts";
import { chapters } from "./cases/index.ts";
import { irreversible } from "./cases/irreversible.ts";
import { operationsOf, recordCase } from "./compile-case.ts";

type Keys<Part> = { readonly [Key in keyof Required<Part>]: true };
type KeysOfKinds<Union extends { readonly kind: string }> = {
  readonly [Kind in Union["kind"]]: Keys<Omit<Extract<Union, { readonly kind: Kind }>, "kind">>;
};

/** The types say when one is missing here, the test when a case is. */
const operations: KeysOfKinds<Operation> = {
  create_table: { table: true, definition: true, ifNotExists: true },
  drop_table: { table: true, ifExists: true, cascade: true, was: true },
  alter_table: { table: true, changes: true },
  rename_table: { table: true, to: true },
  rename_column: { table: true, column: true, to: true },
  create_index: { index: true, ifNotExists: true },
  drop_index: { index: true, ifExists: true, cascade: true },
  rename_index: { table: true, index: true, to: true },
  create_constraint: { table: true, constraint: true },
  drop_constraint: { table: true, name: true, ifExists: true, cascade: true, was: true },
  rename_constraint: { table: true, constraint: true, to: true },
  validate_constraint: { table: true, name: true },
  create_schema: { name: true, ifNotExists: true },
  drop_schema: { name: true, ifExists: true, cascade: true },
  create_extension: { name: true, ifNotExists: true, schema: true, version: true },
  drop_extension: { name: true, ifExists: true, cascade: true, was: true },
  update_extension: { name: true, to: true, was: true, down: true },
  create_enum: { enum: true, values: true },
  drop_enum: { enum: true, ifExists: true, was: true },
  add_enum_value: { enum: true, value: true, before: true, after: true, ifNotExists: true },
  rename_enum_value: { enum: true, value: true, to: true },
  create_sequence: { sequence: true, options: true, ifNotExists: true },
  drop_sequence: { sequence: true, ifExists: true, was: true },
  create_view: { view: true, definition: true, materialized: true, orReplace: true, was: true },
  drop_view: { view: true, materialized: true, ifExists: true, cascade: true, was: true },
  comment: { on: true, table: true, column: true, comment: true, was: true },
  execute: { sql: true, parameters: true, down: true, from: true },
  // It is read before anything else happens to it, so a case shows it as `execute` with `from`.
  execute_file: { path: true, down: true },
  run: { run: true, down: true, label: true },
  safely: { form: true },
};

// `change_columns` is made of an alterTable by `safe: "auto"` alone.
const safeForms: { readonly [Form in Exclude<SafeForm["form"], "change_columns">]: true } = {
  create_index: true,
  drop_index: true,
  replace_index: true,
  add_constraint: true,
  set_not_null: true,
  add_column: true,
  rename_column: true,
  rename_table: true,
  drop_column: true,
  change_type: true,
  finish_change_type: true,
};

const changes: KeysOfKinds<ColumnChange> = {
  add_column: { column: true, ifNotExists: true },
  modify_column: { column: true, was: true },
  remove_column: { name: true, ifExists: true, cascade: true, was: true },
  set_default: { name: true, default: true, type: true, was: true },
  drop_default: { name: true, type: true, was: true },
  set_not_null: { name: true },
  drop_not_null: { name: true },
  set_type: { to: true, was: true },
};

const constraints: KeysOfKinds<Constraint> = {
  check: { name: true, expression: true, validate: true, comment: true, deferrable: true },
  exclude: {
    name: true,
    using: true,
    elements: true,
    where: true,
    validate: true,
    comment: true,
    deferrable: true,
  },
  unique: {
    name: true,
    columns: true,
    nullsDistinct: true,
    usingIndex: true,
    validate: true,
    comment: true,
    deferrable: true,
  },
  primary_key: { name: true, columns: true, validate: true, comment: true, deferrable: true },
  foreign_key: {
    name: true,
    columns: true,
    references: true,
    onDelete: true,
    onUpdate: true,
    match: true,
    validate: true,
    comment: true,
    deferrable: true,
  },
};

const parts: {
  column: Keys<Column>;
  foreignKey: Keys<ForeignKey>;
  index: Keys<Index>;
  indexColumn: Keys<IndexColumn>;
  table: Keys<TableDefinition>;
  type: Keys<ColumnTypeChange>;
  sequence: Keys<SequenceOptions>;
  extension: Keys<ExtensionOptions>;
  view: Keys<ViewDefinition>;
} = {
  column: {
    name: true,
    type: true,
    null: true,
    default: true,
    primaryKey: true,
    size: true,
    precision: true,
    scale: true,
    comment: true,
    collation: true,
    generated: true,
    startValue: true,
    increment: true,
    fields: true,
    after: true,
    references: true,
  },
  foreignKey: {
    name: true,
    table: true,
    column: true,
    with: true,
    onDelete: true,
    onUpdate: true,
    match: true,
    validate: true,
    deferrable: true,
  },
  index: {
    name: true,
    table: true,
    columns: true,
    unique: true,
    concurrently: true,
    using: true,
    where: true,
    include: true,
    nullsDistinct: true,
    only: true,
    options: true,
    comment: true,
  },
  indexColumn: {
    column: true,
    expression: true,
    order: true,
    nulls: true,
    operatorClass: true,
    collation: true,
  },
  table: {
    columns: true,
    constraints: true,
    comment: true,
    options: true,
    modifiers: true,
    engine: true,
  },
  type: {
    name: true,
    type: true,
    size: true,
    precision: true,
    scale: true,
    collation: true,
    using: true,
  },
  sequence: {
    type: true,
    startValue: true,
    increment: true,
    minValue: true,
    maxValue: true,
    cache: true,
    cycle: true,
    ownedBy: true,
  },
  extension: { schema: true, version: true },
  view: { as: true, columns: true, withData: true },
};

/** Nothing takes these: the types of the builder already refuse them. */
const impossible = [
  "check.deferrable",
  "exclude.validate",
  "unique.validate",
  "primary_key.validate",
];

const expected = Object.entries({ ...operations, ...changes, ...constraints, ...parts })
  .flatMap(([part, keys]) => Object.keys(keys).map((key) => `${part}.${key}`))
  .filter((key) => !impossible.includes(key));

const seen = new Set<string>();
const seenForms = new Set<string>();
const cases = chapters.flatMap((chapter) => chapter.cases);

it("every operation has a case, and every option of it", () => {
  for (const operation of cases) {
    for (const direction of ["up", "down"] as const) {
      for (const op of recordCase(operation, direction, postgresDialect)) {
        see([[op.kind, op], ...partsOf(op)]);
        if (op.kind === "safely") seenForms.add(op.form.form);
      }
      for (const op of operationsOf(operation, direction, postgresDialect)) see([[op.kind, op]]);
    }
  }
  expect(expected.filter((key) => !seen.has(key))).toEqual([]);
  for (const { name, change } of irreversible) {
    for (const op of recordCase({ name, change }, "up", postgresDialect))
      if (op.kind === "safely") seenForms.add(op.form.form);
  }
  expect(Object.keys(safeForms).filter((form) => !seenForms.has(form))).toEqual([]);
});

it("no two cases have one name in a chapter, for it is a heading", () => {
  for (const { cases } of chapters) {
    const names = cases.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  }
});

type Part = readonly [part: string, facts: object | undefined];

function see(parts: readonly Part[]): void {
  for (const [part, facts] of parts) {
    for (const [key, value] of Object.entries(facts ?? {})) {
      if (value !== undefined) seen.add(`${part}.${key}`);
    }
  }
}

function partsOf(op: Operation): readonly Part[] {
  switch (op.kind) {
    case "create_table":
      return partsOfTable(op.definition);
    case "drop_table":
      return op.was === undefined ? [] : partsOfTable(op.was);
    case "alter_table":
      return op.changes.flatMap(partsOfChange);
    case "create_index":
    case "drop_index":
      return [
        ["index", op.index],
        ...op.index.columns.map((column): Part => ["indexColumn", column]),
      ];
    case "create_constraint":
      return [[op.constraint.kind, op.constraint]];
    case "create_extension":
      return [["extension", op]];
    case "create_sequence":
      return [["sequence", op.options]];
    case "create_view":
      return [["view", op.definition]];
    default:
      return [];
  }
}

function partsOfTable(table: TableDefinition): readonly Part[] {
  const { columns, constraints } = table;
  const own = constraints.map((constraint): Part => [constraint.kind, constraint]);
  return [["table", table], ...columns.flatMap(partsOfColumn), ...own];
}

function partsOfColumn(column: Column): readonly Part[] {
  return [
    ["column", column],
    ["foreignKey", column.references],
  ];
}

function partsOfChange(change: ColumnChange): readonly Part[] {
  const own: Part = [change.kind, change];
  if (change.kind === "set_type") return [own, ["type", change.to]];
  return "column" in change ? [own, ...partsOfColumn(change.column)] : [own];
}
