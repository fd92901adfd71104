/**
 * Compares and changes objects of SQLite: by ALTER TABLE and the rebuild, and else by a rebuild in
 * SQL.
 */
import type { WrittenObject } from "../../../core/catalog/catalog.ts";
import { execute } from "../../../core/difference/steps.ts";
import type {
  WrittenChange,
  WrittenMade,
  WrittenWords,
} from "../../../core/difference/written/words.ts";
import type { SchemaOperation } from "../../../core/language/operation.ts";
import { reverse } from "../../../core/language/reverse.ts";
import type { ColumnChange } from "../../../core/language/table-parts.ts";
import { quote } from "../quote.ts";
import { changeTable } from "../table-sql/change-table.ts";
import { parseTable } from "../table-sql/parse-table.ts";
import {
  type ColumnSql,
  hasName,
  printTable,
  sameName,
  type TableClause,
  type TableSql,
} from "../table-sql/table-sql.ts";
import { columnOf, defaultOf, saidByLanguage, typeOf } from "./in-language.ts";
import { renamed } from "./renamed.ts";
import { isVirtual, settledSql, settledTable, tableLines } from "./settled.ts";

export const sqliteWords: WrittenWords = {
  settled,
  make,
  change,
  refuses: (from, to) =>
    isVirtual(from.definition) || isVirtual(to.definition)
      ? "a virtual table is not changed in place, and what it holds would be lost"
      : undefined,
  between,
  refersTo: ({ definition }) => {
    if (isVirtual(definition)) return [];
    const { columns, constraints } = parseTable(definition);
    const clauses = [...columns.flatMap((column) => column.clauses), ...constraints];
    return clauses.flatMap(({ target }) => target ?? []);
  },
  columns: ({ definition }) =>
    isVirtual(definition)
      ? []
      : parseTable(definition).columns.map(({ name, type }) => ({
          name,
          type: type.toUpperCase(),
        })),
  renamed,
  folded: (name) => name.toLowerCase(),
};

function settled({ of, definition }: WrittenObject): string {
  return of === "table" ? settledTable(definition) : settledSql(definition);
}

function make(object: WrittenObject, { isCircular } = { isCircular: false }): WrittenMade {
  const said = isCircular ? undefined : saidByLanguage(object);
  if (said !== undefined) return { make: [said], last: [] };
  const { of, id, definition } = object;
  const drop = `DROP ${of.toUpperCase()} ${quote(id.slice(of.length + 1))}`;
  const down = isCircular
    ? ["PRAGMA foreign_keys = OFF", drop, "PRAGMA foreign_keys = ON"]
    : [drop];
  return { make: execute([withoutEnd(definition)], down), last: [] };
}

function withoutEnd(sql: string): string {
  return sql.replace(/[;\s]+$/, "");
}

function change(from: WrittenObject, to: WrittenObject): WrittenChange {
  const told = altered(from, to);
  const make = told === undefined ? rebuilt(from, to) : [told];
  return { first: [], make, last: [], takesAlong: told === undefined ? ["index", "trigger"] : [] };
}

/** The columns' changes in the language, if they give the one table, and undone the other. */
function altered(from: WrittenObject, to: WrittenObject): SchemaOperation | undefined {
  const { name } = to.table;
  const [was, is] = [parseTable(from.definition), parseTable(to.definition)];
  try {
    const changes = columnChanges(name, was, is);
    const op: SchemaOperation = { kind: "alter_table", table: { name }, changes };
    const undoing = reverse(op);
    if (changes.length === 0 || "irreversible" in undoing) return undefined;
    const [back] = undoing;
    if (back?.kind !== "alter_table") return undefined;
    const there = changeTable({ name, sql: was }, changes).sql;
    const again = changeTable({ name, sql: there }, back.changes).sql;
    return isSame(there, is) && isSame(again, was) ? op : undefined;
  } catch {
    // The rebuild does what the language cannot spell.
    return undefined;
  }
}

function isSame(one: TableSql, other: TableSql): boolean {
  return tableLines(one).join("\n") === tableLines(other).join("\n");
}

function columnChanges(table: string, was: TableSql, is: TableSql): readonly ColumnChange[] {
  const gone = was.columns.filter((column) => find(is, column.name) === undefined);
  const come = is.columns.filter((column) => find(was, column.name) === undefined);
  const stay = was.columns.flatMap((column) => {
    const other = find(is, column.name);
    return other === undefined ? [] : [[column, other] as const];
  });
  return [
    ...gone.map(
      (column): ColumnChange => ({
        ...{ kind: "remove_column", name: column.name, was: columnOf(table, column) },
      }),
    ),
    ...stay.flatMap(([before, after]) => changesOf(before, after)),
    ...come.map(
      (column): ColumnChange => ({ kind: "add_column", column: columnOf(table, column) }),
    ),
  ];
}

function changesOf(before: ColumnSql, after: ColumnSql): readonly ColumnChange[] {
  const { name } = before;
  const text = (column: ColumnSql, kind: TableClause["kind"]) =>
    column.clauses.find((clause) => clause.kind === kind)?.text;
  const [had, has] = [text(before, "default"), text(after, "default")];
  const [required, requires] = [text(before, "not_null"), text(after, "not_null")];
  const types = [typeOf(before.type), typeOf(after.type)] as const;
  const was = had === undefined ? null : defaultOf(had);
  return [
    ...(types[0] === types[1]
      ? []
      : [
          {
            ...{ kind: "set_type" as const, to: { name, type: types[1] } },
            was: { name, type: types[0] },
          },
        ]),
    ...(JSON.stringify(was) === JSON.stringify(has === undefined ? null : defaultOf(has))
      ? []
      : has === undefined
        ? [{ kind: "drop_default" as const, name, was }]
        : [{ kind: "set_default" as const, name, default: defaultOf(has), was }]),
    ...((required === undefined) === (requires === undefined)
      ? []
      : [
          {
            kind: requires === undefined ? ("drop_not_null" as const) : ("set_not_null" as const),
            name,
          },
        ]),
  ];
}

/** https://www.sqlite.org/lang_altertable.html#otheralter, which the session recognises and makes safe. */
function rebuilt(from: WrittenObject, to: WrittenObject): readonly SchemaOperation[] {
  return execute(rebuild(from, to), rebuild(to, from));
}

function rebuild(from: WrittenObject, to: WrittenObject): readonly string[] {
  const { name } = from.table;
  const [was, is] = [parseTable(from.definition), parseTable(to.definition)];
  const meanwhile = `slipway_new_${name}`;
  // A generated column is read like any other, so one that becomes a value keeps what it showed.
  const both = is.columns
    .filter((column) => isGiven(column) && find(was, column.name) !== undefined)
    .map((column) => quote(column.name));
  const columns = [...(hasRowid(was) && hasRowid(is) ? ["rowid"] : []), ...both].join(", ");
  const [old, fresh] = [quote(name), quote(meanwhile)];
  const counts = [from, to].every(({ definition }) => /\bAUTOINCREMENT\b/i.test(definition));
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return [
    "PRAGMA foreign_keys = OFF",
    withName(to.definition, meanwhile),
    ...(columns === "" ? [] : [`INSERT INTO ${fresh} (${columns}) SELECT ${columns} FROM ${old}`]),
    ...(counts
      ? [
          `DELETE FROM sqlite_sequence WHERE name = ${literal(meanwhile)}`,
          `INSERT INTO sqlite_sequence (name, seq) SELECT ${literal(meanwhile)}, seq FROM sqlite_sequence WHERE name = ${literal(name)}`,
        ]
      : []),
    `DROP TABLE ${old}`,
    `ALTER TABLE ${fresh} RENAME TO ${old}`,
    "PRAGMA foreign_keys = ON",
  ];
}

function find({ columns }: TableSql, name: string): ColumnSql | undefined {
  return columns.find((column) => sameName(column.name, name));
}

function isGiven({ clauses }: ColumnSql): boolean {
  return clauses.every(({ kind }) => kind !== "generated");
}

/** Whether rows have a number that no column shows, which something may know. */
function hasRowid({ columns, constraints, options }: TableSql): boolean {
  const keys = [...columns.flatMap(({ clauses }) => clauses), ...constraints];
  const isAlias =
    columns.some(({ type }) => /^integer$/i.test(type)) &&
    keys.some(({ kind }) => kind === "primary_key");
  const isNamed = columns.some(({ name }) => /^(rowid|_rowid_|oid)$/i.test(name));
  return !isAlias && !isNamed && !/without\s+rowid/i.test(options);
}

/** CREATE TABLE as it was written, by another name. */
function withName(sql: string, name: string): string {
  return withoutEnd(sql).replace(
    /^CREATE\s+TABLE\s+("(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|[^\s(]+)/i,
    () => `CREATE TABLE ${quote(name)}`,
  );
}

/**
 * The table in between: with the columns that go and their constraints. A new NOT NULL comes when
 * old code is gone.
 */
function between(from: WrittenObject, to: WrittenObject): WrittenObject {
  const [was, is] = [parseTable(from.definition), parseTable(to.definition)];
  const gone = was.columns.filter((column) => find(is, column.name) === undefined);
  const names = gone.map(({ name }) => name);
  const kept = was.constraints.filter(
    ({ kind, columns, names: said }) =>
      kind !== "primary_key" && [...columns, ...said].some((name) => hasName(names, name)),
  );
  const keyed = is.constraints.flatMap(({ kind, columns }) =>
    kind === "primary_key" ? columns : [],
  );
  const columns = is.columns.map((column) => {
    const before = find(was, column.name);
    const isNew = before === undefined || before.clauses.every(({ kind }) => kind !== "not_null");
    const isKey =
      hasName(keyed, column.name) || column.clauses.some(({ kind }) => kind === "primary_key");
    const isFilled =
      before === undefined && column.clauses.some(({ kind }) => /^(default|generated)$/.test(kind));
    return isNew && !isKey && !isFilled
      ? { ...column, clauses: column.clauses.filter(({ kind }) => kind !== "not_null") }
      : column;
  });
  const old = gone.map((column) => ({
    ...column,
    clauses: column.clauses.filter(({ kind }) => kind !== "primary_key"),
  }));
  const sql = { ...is, columns: [...columns, ...old], constraints: [...is.constraints, ...kept] };
  return { ...to, definition: printTable(to.table.name, sql) };
}
