/** The changes of a table that both catalogs have. */
import type { TableColumn, TableObject } from "../catalog/catalog.ts";
import type { CatalogWords } from "../catalog/catalog-access.ts";
import type { SchemaOperation } from "../language/operation.ts";
import type { Column, ColumnChange } from "../language/table-parts.ts";
import { columnOf } from "./column.ts";
import { columnParts, counted, setDefault, type TableQuestion } from "./column-parts.ts";
import { columnSaid } from "./in-language.ts";
import { bareColumn } from "./make.ts";
import { columnId } from "./reach.ts";
import { execute } from "./steps.ts";

/** The parts of a table's change: before everything else, in the middle, and after the objects that it needs. */
export type TableDifference = {
  readonly take: readonly SchemaOperation[];
  /** Operations that run before the indexes go. */
  readonly unmark: readonly SchemaOperation[];
  /** The objects that `unmark` changes. */
  readonly marks: readonly string[];
  readonly give: readonly SchemaOperation[];
  readonly late: readonly SchemaOperation[];
  /** The objects that `give` needs. */
  readonly needs: readonly string[];
  readonly lateNeeds: readonly string[];
};

export function changesOf(question: TableQuestion): TableDifference {
  const { from, to, words } = question;
  const was = new Map(from.columns.map((column) => [column.name, column]));
  const is = new Map(to.columns.map((column) => [column.name, column]));
  const isOwn = (column: TableColumn) => !question.follows(column.name);
  const anew = (column: TableColumn) => question.reach.columns.has(columnId(to, column));
  const gone = from.columns.filter((one) => isOwn(one) && (!is.has(one.name) || anew(one)));
  const come = to.columns.filter((one) => isOwn(one) && (!was.has(one.name) || anew(one)));
  const both = to.columns.flatMap((column) => {
    const before = was.get(column.name);
    return before === undefined || anew(column) || !isOwn(column)
      ? []
      : [[before, column] as const];
  });
  const parts = both.map(([before, after]) => columnParts(before, after, question));
  const lateNeeds = come.filter(({ default: given }) => question.isLate(given?.needs ?? []));
  const alter = (changes: readonly ColumnChange[]): readonly SchemaOperation[] =>
    changes.length === 0 ? [] : [{ kind: "alter_table", table: to.named, changes }];
  const [bare, other] = [from, to].map((one) => ({ ...one, comment: undefined })) as [
    TableObject,
    TableObject,
  ];
  const marks = indexMarks(from, to, question);
  const [standing, wanted] = [
    { ...bare, ...marks.standing },
    { ...other, ...marks.standing },
  ];
  const alterTable = (one: TableObject, next: TableObject) =>
    execute(words.alter(one, next) ?? [], words.alter(next, one) ?? []);
  const own = alterTable(standing, wanted);
  return {
    take: [
      ...parts.flatMap(({ before }) => before),
      ...gone.flatMap((column) => undoneSettings(from, column, words)),
      ...alter([
        ...parts.flatMap(({ first }) => first),
        ...gone.map(
          (column): ColumnChange => ({
            kind: "remove_column",
            name: column.name,
            was: whole(column),
          }),
        ),
      ]),
    ],
    unmark: alterTable(bare, standing),
    marks: marks.had,
    give: [
      ...own,
      ...alter([
        ...parts.flatMap(({ changes }) => changes),
        ...come.map(
          (column): ColumnChange => ({
            kind: "add_column",
            column: whole(column, { withoutDefault: lateNeeds.includes(column) }),
          }),
        ),
      ]),
      ...parts.flatMap(({ rest }) => rest),
      ...come.flatMap((column) => settingsOf(to, column, words)),
      ...tableComment(from, to),
    ],
    late: [
      ...alter([
        ...parts.flatMap(({ last }) => last),
        ...lateNeeds.map((column) => setDefault(column, null)),
      ]),
      ...both.flatMap(([before, after]) =>
        after.identity === undefined ? counted(after, before, to, "up") : [],
      ),
      ...alterTable(wanted, other),
    ],
    needs: come
      .filter((column) => !lateNeeds.includes(column))
      .flatMap(needsOf)
      .concat(both.flatMap(([, after]) => after.generated?.needs ?? [])),
    lateNeeds: [
      ...marks.needs,
      ...lateNeeds.flatMap(needsOf),
      ...parts.flatMap(({ lastNeeds }) => lastNeeds),
    ],
  };
}

type Marks = Pick<TableObject, "replicaIdentity" | "clusteredOn">;

/** The indexes that a table is marked by: one that goes or comes is so neither before nor after. */
function indexMarks(
  from: TableObject,
  to: TableObject,
  { reach }: TableQuestion,
): {
  readonly standing: Marks;
  readonly had: readonly string[];
  readonly needs: readonly string[];
} {
  const { prefix, name } = to.named;
  const ids = (index: string) => [
    `index ${prefix}.${index}`,
    `constraint ${index} on ${prefix}.${name}`,
  ];
  const stays = (was: string | undefined, is: string | undefined) =>
    was === is && (was === undefined || !ids(was).some((id) => reach.anew.has(id)));
  return {
    standing: {
      replicaIdentity: stays(from.replicaIdentity, to.replicaIdentity)
        ? to.replicaIdentity
        : undefined,
      clusteredOn: stays(from.clusteredOn, to.clusteredOn) ? to.clusteredOn : undefined,
    },
    had: [from.replicaIdentity, from.clusteredOn].flatMap((index) =>
      index === undefined ? [] : ids(index),
    ),
    needs: [to.replicaIdentity, to.clusteredOn].flatMap((index) =>
      index === undefined ? [] : ids(index),
    ),
  };
}

function needsOf(column: TableColumn): readonly string[] {
  return [...(column.default?.needs ?? []), ...(column.generated?.needs ?? [])];
}

function whole(
  column: TableColumn,
  { withoutDefault = false }: { readonly withoutDefault?: boolean } = {},
): Column {
  const { default: given, ...rest } = columnOf(column);
  return {
    ...rest,
    ...(given === undefined || withoutDefault ? {} : { default: given }),
    ...(column.comment === undefined ? {} : { comment: column.comment }),
  };
}

/** The settings of a new column. */
function settingsOf(
  table: TableObject,
  column: TableColumn,
  words: CatalogWords,
): readonly SchemaOperation[] {
  const plain = added(table, column);
  return execute(words.alterColumn(table, plain, column), words.alterColumn(table, column, plain));
}

function undoneSettings(
  table: TableObject,
  column: TableColumn,
  words: CatalogWords,
): readonly SchemaOperation[] {
  const plain = added(table, column);
  return execute(words.alterColumn(table, column, plain), words.alterColumn(table, plain, column));
}

/** As the language adds it: with the names that the server gives. */
function added(table: TableObject, column: TableColumn): TableColumn {
  const plain = bareColumn(column);
  if (columnSaid(table, column)) return plain;
  const { notNull, identity, ...rest } = plain;
  const sequence = identity && {
    ...identity.sequence,
    named: { ...table.named, name: `${table.named.name}_${column.name}_seq` },
    persistence: table.persistence,
  };
  return {
    ...rest,
    ...(notNull === undefined ? {} : { notNull: { isLocal: notNull.isLocal } }),
    ...(identity === undefined || sequence === undefined
      ? {}
      : { identity: { ...identity, sequence } }),
  };
}

function tableComment(from: TableObject, to: TableObject): readonly SchemaOperation[] {
  if (from.comment === to.comment) return [];
  const texts = { comment: to.comment ?? null, was: from.comment ?? null };
  return [{ kind: "comment", on: "table", table: to.named, ...texts }];
}
