/** The random operations: each is possible in the model as it stands, records itself and changes the model. */

import type { MigrationBuilder } from "../../../src/core/language/builder.ts";
import type { WrittenType } from "../../../src/core/language/column-type.ts";
import {
  constraintOf,
  define,
  indexOf,
  isFree,
  isReferred,
  type Model,
  type ModelColumn,
  type ModelTable,
  optionsOf,
  specOf,
} from "./model.ts";

/** Random numbers, and names that nobody has yet. */
export type Dice = {
  pick<Item>(items: readonly Item[]): Item;
  chance(): boolean;
  name(kind: string): string;
};

export type Move = (m: MigrationBuilder) => void;

/** All that can be done now; what tables can do stands there oftener than the rest. */
export function movesOf(model: Model, dice: Dice, comments: boolean): readonly Move[] {
  const objects = [...viewMoves(model, dice), ...(comments ? postgresMoves(model, dice) : [])];
  const onTable: Move = (m) => dice.pick(tableMoves(model, dice.pick(model.tables), dice))(m);
  return [
    (m) => createTable(m, model, dice),
    (m) => dice.pick(objects)(m),
    ...(model.tables.length === 0 ? [] : Array<Move>(6).fill(onTable)),
  ];
}

function createTable(m: MigrationBuilder, model: Model, dice: Dice): void {
  const name = dice.name("t");
  const table: ModelTable = {
    name,
    key: dice.pick(["counted", "named"]),
    keyName: `${name}_key`,
    renamed: false,
    comment: null,
    columns: [newColumn(dice), newColumn(dice)],
    indexes: [],
    constraints: [],
  };
  if (dice.chance()) {
    table.constraints.push({ name: dice.name("c"), kind: "check", column: table.columns[0]! });
  }
  if (model.tables.length > 0 && dice.chance()) {
    table.columns.push(reference(dice.pick(model.tables), dice));
  }
  m.createTable(name, (t) => define(t, table));
  model.tables.push(table);
}

function newColumn(dice: Dice): ModelColumn {
  const type = dice.pick<WrittenType>(["string", "text", "integer", "bigint", "boolean"]);
  const value = type === "boolean" ? null : type === "integer" || type === "bigint" ? 7 : "it's";
  return {
    name: dice.name("a"),
    type,
    null: dice.chance(),
    default: dice.chance() ? value : null,
    comment: "",
    ...(type === "string" && dice.chance() ? { size: 40 } : {}),
  };
}

function reference(table: ModelTable, dice: Dice): ModelColumn {
  const name = dice.name("r");
  return {
    name,
    type: "bigint",
    null: true,
    default: null,
    comment: "",
    refers: { table, name: `${name}_fk` },
  };
}

function tableMoves(model: Model, table: ModelTable, dice: Dice): readonly Move[] {
  const free = table.columns.filter((column) => isFree(table, column));
  const plain = table.columns.filter(({ refers }) => refers === undefined);
  return [
    (m) => addColumns(m, model, table, dice),
    (m) => renameTable(m, table, dice),
    ...(isDroppable(model, table) ? [(m: MigrationBuilder) => dropTable(m, model, table)] : []),
    ...(free.length > 0 ? [(m: MigrationBuilder) => removeColumn(m, table, dice.pick(free))] : []),
    ...(plain.length > 0 ? plainMoves(table, plain, dice) : []),
    ...table.indexes.flatMap((index) => [
      (m: MigrationBuilder) => {
        const [columns, options] = indexOf(index);
        m.dropIndex(table.name, columns, options);
        table.indexes = table.indexes.filter((other) => other !== index);
      },
      (m: MigrationBuilder) => {
        const to = dice.name("i");
        m.renameIndex(table.name, index.name, { to });
        index.name = to;
      },
    ]),
    ...table.constraints.flatMap((constraint) => [
      (m: MigrationBuilder) => {
        m.dropConstraint(table.name, constraint.name, { was: constraintOf(constraint) });
        table.constraints = table.constraints.filter((other) => other !== constraint);
      },
      (m: MigrationBuilder) => {
        const to = dice.name("c");
        m.renameConstraint(table.name, constraint.name, { to });
        constraint.name = to;
      },
    ]),
  ];
}

/** A table that counts its rows and was renamed cannot be made again: its sequence has the old name. */
function isDroppable(model: Model, table: ModelTable): boolean {
  return !isReferred(model, table) && !(table.renamed && table.key === "counted");
}

function dropTable(m: MigrationBuilder, model: Model, table: ModelTable): void {
  for (const index of table.indexes) {
    const [columns, options] = indexOf(index);
    m.dropIndex(table.name, columns, options);
  }
  const { comment } = table;
  const wasOptions = comment === null ? {} : { comment };
  m.dropTable(table.name, { was: (t) => define(t, table), wasOptions });
  model.tables = model.tables.filter((other) => other !== table);
}

function renameTable(m: MigrationBuilder, table: ModelTable, dice: Dice): void {
  const to = dice.name("t");
  m.renameTable(table.name, { to });
  table.name = to;
  table.renamed = true;
}

function addColumns(m: MigrationBuilder, model: Model, table: ModelTable, dice: Dice): void {
  const plain = newColumn(dice);
  // On a table with rows a column that may not be null needs a default.
  const added = { ...plain, null: plain.null || plain.default === null };
  const key = dice.chance() ? reference(dice.pick(model.tables), dice) : undefined;
  m.alterTable(table.name, (t) => {
    t.add(added.name, added.type, optionsOf(added));
    if (key?.refers)
      t.references(key.name, key.refers.table.name, { name: key.refers.name, null: true });
  });
  table.columns.push(added, ...(key === undefined ? [] : [key]));
}

function removeColumn(m: MigrationBuilder, table: ModelTable, column: ModelColumn): void {
  m.alterTable(table.name, (t) => t.remove(column.name, { was: specOf(column) }));
  table.columns = table.columns.filter((other) => other !== column);
}

/** What can be done to a column that refers to nothing. */
function plainMoves(
  table: ModelTable,
  columns: readonly ModelColumn[],
  dice: Dice,
): readonly Move[] {
  const alter = (change: (column: ModelColumn) => (t: Alter) => void): Move => {
    return (m) => m.alterTable(table.name, change(dice.pick(columns)));
  };
  return [
    (m) => {
      const column = dice.pick(columns);
      const to = dice.name("a");
      m.renameColumn(table.name, column.name, { to });
      column.name = to;
    },
    alter((column) => (t) => setDefault(t, column)),
    alter((column) => (t) => {
      if (column.null) t.setNotNull(column.name);
      else t.dropNotNull(column.name);
      column.null = !column.null;
    }),
    alter((column) => (t) => modify(t, column)),
    alter((column) => (t) => setType(t, column)),
    (m) => createIndex(m, table, columns, dice),
    (m) => {
      const column = dice.pick(columns);
      const constraint = {
        name: dice.name("c"),
        kind: dice.pick(["check", "unique"] as const),
        column,
      } as const;
      m.createConstraint(table.name, constraint.name, constraintOf(constraint));
      table.constraints.push({ ...constraint });
    },
  ];
}

type Alter = Parameters<Parameters<MigrationBuilder["alterTable"]>[1]>[0];

function setDefault(t: Alter, column: ModelColumn): void {
  const before = column.default;
  if (before !== null) {
    t.dropDefault(column.name, { was: before });
    column.default = null;
    return;
  }
  const value = column.type === "integer" || column.type === "bigint" ? 3 : "new";
  if (column.type === "boolean") return;
  t.setDefault(column.name, value, { was: null });
  column.default = value;
}

/** Between types that every database converts both ways without being told how. */
const wider: { readonly [type: string]: WrittenType } = {
  integer: "bigint",
  bigint: "integer",
  string: "text",
  text: "string",
  boolean: "boolean",
};

function modify(t: Alter, column: ModelColumn): void {
  const before = { ...column };
  const { size: _, ...rest } = column;
  const after: ModelColumn = { ...rest, type: wider[column.type]!, null: !column.null };
  t.modify(column.name, after.type, {
    ...optionsOf(after),
    default: after.default,
    was: { ...specOf(before), default: before.default },
  });
  column.type = after.type;
  column.null = after.null;
  delete column.size;
}

function setType(t: Alter, column: ModelColumn): void {
  if (column.type !== "string") return;
  const before = column.size === undefined ? {} : { size: column.size };
  const size = (column.size ?? 40) + 10;
  t.setType(column.name, "string", { size, was: { type: "string", ...before } });
  column.size = size;
}

function createIndex(
  m: MigrationBuilder,
  table: ModelTable,
  columns: readonly ModelColumn[],
  dice: Dice,
): void {
  const first = dice.pick(columns);
  const second = dice.pick(columns);
  const index = {
    name: dice.name("i"),
    columns: first === second ? [first] : [first, second],
    order: dice.pick(["asc", "desc"] as const),
    unique: dice.chance(),
    partial: dice.chance(),
  } as const;
  m.createIndex(table.name, ...indexOf(index));
  table.indexes.push({ ...index });
}

function viewMoves(model: Model, dice: Dice): readonly Move[] {
  const definition = { as: "SELECT 1 AS one" };
  return [
    (m) => {
      const name = dice.name("v");
      m.createView(name, definition);
      model.views.push(name);
    },
    ...model.views.map((name) => (m: MigrationBuilder) => {
      m.dropView(name, { was: definition });
      model.views = model.views.filter((other) => other !== name);
    }),
  ];
}

function postgresMoves(model: Model, dice: Dice): readonly Move[] {
  return [
    (m) => {
      const name = dice.name("s");
      m.createSequence(name, { startValue: 5 });
      model.sequences.push(name);
    },
    (m) => {
      const added = { name: dice.name("e"), values: ["sad", "happy"] };
      m.createEnum(added.name, added.values);
      model.enums.push(added);
    },
    ...model.sequences.map((name) => (m: MigrationBuilder) => {
      m.dropSequence(name, { was: { startValue: 5 } });
      model.sequences = model.sequences.filter((other) => other !== name);
    }),
    ...model.enums.flatMap((known) => [
      (m: MigrationBuilder) => {
        m.dropEnum(known.name, { was: known.values });
        model.enums = model.enums.filter((other) => other !== known);
      },
      (m: MigrationBuilder) => {
        const to = dice.name("x");
        m.renameEnumValue(known.name, known.values[0]!, { to });
        known.values = [to, ...known.values.slice(1)];
      },
    ]),
    ...model.tables.flatMap((table) => [
      (m: MigrationBuilder) => {
        const comment = table.comment === null ? "a 'word'" : null;
        m.commentOnTable(table.name, comment, { was: table.comment });
        table.comment = comment;
      },
      (m: MigrationBuilder) => {
        const column = dice.pick(table.columns);
        if (column === undefined) return;
        const comment = `${column.comment}.`;
        m.commentOnColumn(table.name, column.name, { comment, was: column.comment });
        column.comment = comment;
      },
    ]),
  ];
}
