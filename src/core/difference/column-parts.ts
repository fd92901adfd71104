/** The changes of a column that both catalogs have. */
import type { TableColumn, TableObject } from "../catalog/catalog.ts";
import type { CatalogWords } from "../catalog/catalog-access.ts";
import { canonical } from "../catalog/changes.ts";
import type { SchemaOperation } from "../language/operation.ts";
import type { ColumnChange, ColumnTypeChange } from "../language/table-parts.ts";
import { defaultOf, recounted, wholeType } from "./column.ts";
import { columnId, type Reached } from "./reach.ts";
import { execute } from "./steps.ts";

/** A table before and after, and the facts around it. */
export type TableQuestion = {
  readonly from: TableObject;
  readonly to: TableObject;
  readonly reach: Reached;
  readonly words: CatalogWords;
  /** The name of a type that steps aside. */
  aside(type: string): string;
  /** Whether a column's needs are made after the table. */
  isLate(needs: readonly string[]): boolean;
  /** Whether a column only follows that of a parent. */
  follows(column: string): boolean;
};

/** The changes of one column, each part in its place. */
export type ColumnParts = {
  readonly before: readonly SchemaOperation[];
  readonly first: readonly ColumnChange[];
  readonly changes: readonly ColumnChange[];
  readonly rest: readonly SchemaOperation[];
  readonly last: readonly ColumnChange[];
  readonly lastNeeds: readonly string[];
};

export function columnParts(
  before: TableColumn,
  after: TableColumn,
  { to, reach, words, aside, isLate }: TableQuestion,
): ColumnParts {
  const id = columnId(to, after);
  const table = to.named;
  const isAgain = reach.defaults.has(id);
  const isChanged = canonical(before.default?.expression) !== canonical(after.default?.expression);
  const first: readonly ColumnChange[] =
    isAgain && before.default !== undefined
      ? [{ kind: "drop_default", name: before.name, type: before.type, was: defaultOf(before) }]
      : [];
  const standing = first.length > 0 ? undefined : before.default;
  const set: readonly ColumnChange[] =
    after.default !== undefined && (isChanged || isAgain)
      ? [setDefault(after, standing === undefined ? null : before)]
      : after.default === undefined && standing !== undefined
        ? [{ kind: "drop_default", name: after.name, type: after.type, was: defaultOf(before) }]
        : [];
  const waits = isLate(after.default?.needs ?? []) || (after.default?.needs.length ?? 0) > 0;
  const nullness: readonly ColumnChange[] =
    (before.notNull === undefined) === (after.notNull === undefined)
      ? []
      : [
          {
            kind: after.notNull === undefined ? "drop_not_null" : "set_not_null",
            name: after.name,
          },
        ];
  const setColumn = (one: TableColumn, other: TableColumn) =>
    execute(words.alterColumn(to, one, other), words.alterColumn(to, other, one));
  // A new type forgets how values are stored.
  const isRetyped = reach.retyped.has(id);
  const settled = leftOf(before, after, { isRetyped });
  const between = inBetween(settled, after);
  const own = setColumn(between, after);
  const types: readonly ColumnChange[] = isRetyped ? [typeChange(before, after, aside)] : [];
  // An identity wants a column that may not be null.
  const isLast = nullness[0]?.kind === "drop_not_null" && own.length > 0;
  const alter = (changes: readonly ColumnChange[]): readonly SchemaOperation[] =>
    changes.length === 0 ? [] : [{ kind: "alter_table", table, changes }];
  return {
    // One that comes back by DROP NOT NULL undone has the name that the server gives.
    before: [
      ...(before.notNull === undefined || after.notNull !== undefined
        ? []
        : setColumn(before, nameless(before))),
      ...counted(before, after, to, "down"),
      ...setColumn(before, settled),
    ],
    first,
    changes: [...types, ...(isLast ? [] : nullness)],
    rest: [
      ...own,
      ...(after.identity === undefined ? [] : counted(after, before, to, "up")),
      ...(isLast ? alter(nullness) : []),
      ...(waits ? [] : alter(set)),
      ...(before.comment === after.comment
        ? []
        : [
            {
              ...{ kind: "comment" as const, on: "column" as const, table, column: after.name },
              ...{ comment: after.comment ?? null, was: before.comment ?? null },
            },
          ]),
    ],
    last: waits ? set : [],
    lastNeeds: waits ? (after.default?.needs ?? []) : [],
  };
}

/** With the NOT NULL of the one that it becomes, by the name that the server gives. */
function inBetween(before: TableColumn, after: TableColumn): TableColumn {
  const { notNull, identity, ...others } = before;
  const rest: TableColumn = {
    ...others,
    ...(identity === undefined
      ? {}
      : {
          identity: {
            ...identity,
            sequence: recounted(identity.sequence, before.type, after.type),
          },
        }),
  };
  if ((notNull === undefined) === (after.notNull === undefined))
    return notNull === undefined ? rest : { ...rest, notNull };
  return after.notNull === undefined
    ? rest
    : { ...rest, notNull: { isLocal: after.notNull.isLocal } };
}

/** A sequence goes before another comes that may have its name. */
function keepsIdentity({ identity: was }: TableColumn, { identity: is }: TableColumn): boolean {
  if (was === undefined) return true;
  return canonical(was.sequence.named) === canonical(is?.sequence.named);
}

/** The rest of the column when everything in the way of the change is gone. */
function leftOf(
  before: TableColumn,
  after: TableColumn,
  { isRetyped }: { readonly isRetyped: boolean },
): TableColumn {
  const { identity, storage, compression, notNull, ...rest } = before;
  const isRenamed = after.notNull !== undefined && notNull?.name !== after.notNull.name;
  return {
    ...rest,
    ...(notNull === undefined
      ? {}
      : { notNull: isRenamed ? (nameless(before).notNull ?? notNull) : notNull }),
    ...(identity === undefined || !keepsIdentity(before, after) ? {} : { identity }),
    ...(storage === undefined || isRetyped ? {} : { storage }),
    ...(compression === undefined || isRetyped ? {} : { compression }),
  };
}

function nameless(column: TableColumn): TableColumn {
  if (column.notNull === undefined) return column;
  const { name: _, comment: __, ...rest } = column.notNull;
  return { ...column, notNull: rest };
}

/** The sequence that counts for a column, as a name that SQL reads. */
function counterOf({ identity, default: given }: TableColumn): string | undefined {
  if (identity !== undefined) return quotedPath(identity.sequence.named);
  const [, name] = /^nextval\('((?:[^']|'')+)'::regclass\)$/.exec(given?.expression ?? "") ?? [];
  return name?.replaceAll("''", "'");
}

function quotedPath({ prefix, name }: TableObject["named"]): string {
  const parts = prefix === undefined ? [name] : [prefix, name];
  return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join(".");
}

/** Continues the count of an existing column from its rows when another sequence counts for it. */
export function counted(
  column: TableColumn,
  other: TableColumn,
  { named }: TableObject,
  way: "up" | "down",
): readonly SchemaOperation[] {
  const counter = counterOf(column);
  const plain = (path: string | undefined) => path?.replaceAll('"', "");
  const isSame =
    plain(counter) === plain(counterOf(other)) &&
    (column.identity === undefined) === (other.identity === undefined);
  if (counter === undefined || isSame) return [];
  const name = `"${column.name.replaceAll('"', '""')}"`;
  const sql = `SELECT pg_catalog.setval('${counter.replaceAll("'", "''")}', coalesce(pg_catalog.max(${name}), 0) + 1, false) FROM ${quotedPath(named)}`;
  return way === "up" ? execute([sql], []) : execute([], [sql]);
}

export function setDefault(column: TableColumn, before: TableColumn | null): ColumnChange {
  return {
    ...{ kind: "set_default", name: column.name, default: defaultOf(column) },
    ...{ type: column.type, was: before === null ? null : defaultOf(before) },
  };
}

function typeChange(
  before: TableColumn,
  after: TableColumn,
  aside: (type: string) => string,
): ColumnChange {
  const [was, is] = [aside(wholeType(before)), wholeType(after)];
  return {
    kind: "set_type",
    to: { name: after.name, type: is, ...using(after.name, was, is) },
    was: { name: after.name, type: was, ...using(after.name, is, was) },
  };
}

const families: readonly RegExp[] = [
  /^(smallint|integer|bigint|numeric|real|double precision)\b/,
  /^(text|character|"char"|citext|public\.citext)/,
  /^(date|timestamp)\b/,
  /^jsonb?$/,
];

/** How a value of one type becomes one of another, where the server asks for it. */
function using(name: string, from: string, to: string): Pick<ColumnTypeChange, "using"> {
  const bare = (type: string) => type.replace(/ COLLATE .*$/, "").replace(/\([^)]*\)/, "");
  const isList = from.endsWith("[]") !== to.endsWith("[]");
  const isAlike = !isList && families.some((family) => family.test(from) && family.test(to));
  if (isAlike || bare(from) === bare(to) || /^(text|character varying)(?!.*\[\])/.test(to))
    return {};
  const column = /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
  const target = to.replace(/ COLLATE .*$/, "");
  const cast = families[1]?.test(from) ? `${column}::${target}` : `${column}::text::${target}`;
  return { using: cast };
}
