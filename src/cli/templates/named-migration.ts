/**
 * Turns the name of a new migration into lines of its `change`: `add_slug_to_posts` adds a column.
 * Pure.
 */
import type { Field } from "./fields.ts";

/** Lines of `change(m)`, without their indentation; nothing for a name that says nothing. */
export function changeOf(name: string, fields: readonly Field[]): readonly string[] | undefined {
  for (const { pattern, write } of ways) {
    const groups = pattern.exec(name)?.groups;
    if (groups !== undefined) return write(groups as Groups, fields);
  }
  return undefined;
}

/** The table and the column that a name like `backfill_published_at_of_posts` or `backfill_posts_slug` means. */
export function backfillOf(name: string): { readonly table: string; readonly column: string } {
  const said = /^backfill_(?<column>\w+?)_(of|in|on|for)_(?<table>\w+)$/.exec(name)?.groups;
  const guess = /^backfill_(?<table>[^_]+)_(?<column>\w+)$/.exec(name)?.groups;
  const { table = "posts", column = "published_at" } = said ?? guess ?? {};
  return { table, column };
}

type Groups = { readonly [group: string]: string };
type Way = {
  readonly pattern: RegExp;
  readonly write: (groups: Groups, fields: readonly Field[]) => readonly string[];
};

/** The first that fits counts. */
const ways: readonly Way[] = [
  {
    pattern: /^add_(?<unique>unique_)?index_(to|on)_(?<table>\w+?)_(on|for)_(?<columns>\w+)$/,
    write: ({ unique, table = "", columns = "" }) => [
      index(table, columns.split("_and_"), unique !== undefined),
    ],
  },
  {
    pattern: /^create_(?<table>\w+)$/,
    write: ({ table = "" }, fields) => createTable(table, fields),
  },
  {
    pattern: /^add_(?<what>\w+)_to_(?<table>\w+)$/,
    write: ({ what = "", table = "" }, fields) => addColumns(table, given(fields, what)),
  },
  {
    pattern: /^(remove|drop|delete)_(?<what>\w+)_from_(?<table>\w+)$/,
    write: ({ what = "", table = "" }, fields) =>
      given(fields, what).map(
        ({ column, type }) =>
          `m.dropColumnSafely(${text(table)}, ${text(column)}, { was: ${text(type)} });`,
      ),
  },
  {
    pattern: /^rename_(?<from>\w+)_to_(?<to>\w+)_(in|on|of)_(?<table>\w+)$/,
    write: ({ from = "", to = "", table = "" }) => [
      "// PostgreSQL keeps both names alive; elsewhere it is m.renameColumn.",
      `m.renameColumnSafely(${text(table)}, ${text(from)}, { to: ${text(to)} });`,
    ],
  },
  {
    pattern: /^rename_(?<from>\w+)_to_(?<to>\w+)$/,
    write: ({ from = "", to = "" }) => [
      "// PostgreSQL keeps both names alive; elsewhere it is m.renameTable.",
      `m.renameTableSafely(${text(from)}, { to: ${text(to)} });`,
    ],
  },
];

function createTable(table: string, fields: readonly Field[]): readonly string[] {
  const columns = fields.map(({ column, type, references, isRequired }) => {
    const required = isRequired ? ", { null: false }" : "";
    return references === undefined
      ? `  t.column(${text(column)}, ${text(type)}${required});`
      : `  t.references(${text(column)}, ${text(references)}${required});`;
  });
  return [
    `m.createTable(${text(table)}, (t) => {`,
    "  t.id();",
    ...columns,
    "  t.timestamps();",
    "});",
    ...fields
      .filter(({ index: wanted }) => wanted !== undefined)
      .map(({ column, index: wanted }) => {
        const unique = wanted === "unique" ? ", { unique: true }" : "";
        return `m.createIndex(${text(table)}, [${text(column)}]${unique});`;
      }),
  ];
}

/** An existing table may be large: keys and indexes are made in their safe form. */
function addColumns(table: string, fields: readonly Field[]): readonly string[] {
  const columns = fields.map(({ column, type }) => `  t.add(${text(column)}, ${text(type)});`);
  const required = fields.filter(({ isRequired }) => isRequired);
  return [
    `m.alterTable(${text(table)}, (t) => {`,
    ...columns,
    "});",
    ...fields.flatMap(({ column, references, index: wanted }) => [
      ...(references === undefined
        ? []
        : [
            `m.addForeignKey(${text(table)}, { columns: [${text(column)}], table: ${text(references)} });`,
          ]),
      ...(wanted === undefined ? [] : [index(table, [column], wanted === "unique")]),
    ]),
    ...required.flatMap(({ column }) => [
      `// Rows that are there already have no ${column}: fill them first, or use m.addColumnWithBackfill.`,
      `m.setNotNullSafely(${text(table)}, ${text(column)});`,
    ]),
  ];
}

function index(table: string, columns: readonly string[], unique: boolean): string {
  const list = `[${columns.map(text).join(", ")}]`;
  const options = unique ? ", { unique: true }" : "";
  return `m.createIndexConcurrently(${text(table)}, ${list}${options});`;
}

/** The given columns; else those in the name, each with the most usual type for such a name. */
function given(fields: readonly Field[], what: string): readonly Field[] {
  if (fields.length > 0) return fields;
  return what.split("_and_").map((column) => ({ column, type: typeOf(column) }));
}

function typeOf(column: string): string {
  if (/_at$/.test(column)) return "utc_datetime";
  if (/_(on|date)$/.test(column)) return "date";
  if (/^(is|has)_/.test(column)) return "boolean";
  if (/_count$/.test(column)) return "integer";
  if (/_id$/.test(column)) return "bigint";
  return "string";
}

const text = (value: string): string => JSON.stringify(value);
