/** Makes an `Index` of the user's words. */

import { type Fragment, isFragment } from "../model/fragment.ts";
import { givenName, withPrefix } from "./column.ts";
import { InvalidOperation, type RecordContext } from "./defaults.ts";
import { indexName } from "./names.ts";
import type { Index, IndexColumn } from "./table-parts.ts";

/** A column's name, an expression, or one of both with its order. */
export type IndexColumnInput =
  | string
  | Fragment
  | (Omit<IndexColumn, "expression"> & { readonly expression?: string | Fragment });

/** The options of an index, beside its table and columns. */
export type IndexOptions = Partial<Omit<Index, "table" | "columns" | "where">> & {
  /** The schema of the table. Default: the run's, else the repo's. */
  readonly prefix?: string;
  /** Only rows for which this is true. */
  readonly where?: string | Fragment;
};

/** @throws {InvalidOperation} when the options contradict each other. */
export function index(
  table: string,
  columns: readonly IndexColumnInput[],
  options: IndexOptions,
  context: RecordContext,
): Index {
  const { prefix, name, where, ...rest } = options;
  if (!Array.isArray(columns) || columns.length === 0) {
    throw new InvalidOperation(`the index on ${table} names no columns`, {
      hint: `For example m.createIndex("${table}", ["id"]).`,
    });
  }
  if (options.nullsDistinct !== undefined && options.unique !== true) {
    throw new InvalidOperation(
      `the nullsDistinct option can only be used with unique indexes (index on ${table})`,
      {
        hint: "Add unique: true, or leave nullsDistinct out.",
      },
    );
  }
  const parts = columns.map(indexColumn);
  return {
    name:
      name === undefined
        ? indexName(table, parts.map(word), context.identifierLimit)
        : givenName(name, context),
    table: withPrefix(table, { prefix }, context),
    columns: parts,
    ...rest,
    ...(where === undefined ? {} : { where: isFragment(where) ? where.sql : where }),
  };
}

/** Makes an index of its name alone. */
export function indexByName(
  table: string,
  name: string,
  options: IndexOptions,
  context: RecordContext,
): Index {
  const { prefix, concurrently } = options;
  const base = {
    name: givenName(name, context),
    table: withPrefix(table, { prefix }, context),
    columns: [],
  };
  return concurrently === undefined ? base : { ...base, concurrently };
}

function indexColumn(input: IndexColumnInput): IndexColumn {
  if (typeof input === "string") return { column: input };
  if (isFragment(input)) return { expression: input.sql };
  const { expression, ...rest } = input;
  if (expression === undefined) return rest;
  return { ...rest, expression: isFragment(expression) ? expression.sql : expression };
}

function word(part: IndexColumn): string {
  return part.column ?? part.expression ?? "";
}
