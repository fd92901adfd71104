/** An index as `m.createIndexConcurrently` writes it. */

import { wordOf } from "../../sql/token.ts";
import { child, children, names, type Tree, word } from "../../sql/tree.ts";
import type { TableInTypescript } from "./in-dsl.ts";
import { inDsl, nameUnless, type Word } from "./in-dsl.ts";
import {
  afterRelation,
  closing,
  endOf,
  findWord,
  splitAtCommas,
  type WrittenSql,
  writtenSql,
} from "./written-sql.ts";

/** `undefined` for an index that the language cannot say: without a name, or with a tablespace. */
export function indexInTypescript(
  table: TableInTypescript,
  tree: Tree,
  text: string,
): readonly string[] | undefined {
  const name = word(tree, "idxname");
  const sql = writtenSql(text);
  const on = sql.tokens.findIndex((token) => wordOf(token) === "ON");
  const open = sql.tokens.findIndex(
    (token, i) => i >= afterRelation(sql, on + 1) && token.text === "(",
  );
  const pieces = splitAtCommas(sql, open + 1, closing(sql, open));
  const columns = children(tree, "indexParams").map((element, i) =>
    columnOf(element.tree, pieces[i]),
  );
  if (name === undefined || tree.tableSpace !== undefined || columns.includes(undefined))
    return undefined;
  const settings = settingsOf(tree, sql);
  if (settings === undefined) return undefined;
  const plain = columns.map((column) => (typeof column === "string" ? column : ""));
  const isPlain = columns.every((column) => typeof column === "string");
  return [
    inDsl("createIndexConcurrently", table, {
      args: [columns as readonly Word[]],
      options: {
        ...(isPlain ? nameUnless(name, [table.name, ...plain, "index"]) : { name }),
        ...settings,
      },
    }),
  ];
}

/** A column, or an object if the index says more about it. */
function columnOf(element: Tree, written = ""): Word | undefined {
  const collation = names(element, "collation");
  const operators = names(element, "opclass");
  if (element.opclassopts !== undefined || collation.length > 1) return undefined;
  const said = {
    ...(collation.length === 0 ? {} : { collation: collation[0]! }),
    ...(operators.length === 0 ? {} : { operatorClass: operators.join(".") }),
    ...(element.ordering === "SORTBY_DESC" ? { order: "desc" } : {}),
    ...(element.ordering === "SORTBY_ASC" ? { order: "asc" } : {}),
    ...(element.nulls_ordering === "SORTBY_NULLS_FIRST" ? { nulls: "first" } : {}),
    ...(element.nulls_ordering === "SORTBY_NULLS_LAST" ? { nulls: "last" } : {}),
  };
  // An operator class goes into SQL unquoted, so it must be a plain word.
  if (operators.some((one) => !/^[a-z_][a-z0-9_]*$/.test(one))) return undefined;
  const column = word(element, "name");
  if (column !== undefined) return Object.keys(said).length === 0 ? column : { column, ...said };
  const isBare = Object.keys(said).length === 0 && child(element, "expr") !== undefined;
  return isBare ? { expression: written } : undefined;
}

function settingsOf(tree: Tree, sql: WrittenSql): { readonly [option: string]: Word } | undefined {
  const method = word(tree, "accessMethod") ?? "btree";
  const including = children(tree, "indexIncludingParams").map((one) => word(one.tree, "name"));
  if (including.includes(undefined) || !/^[a-z_][a-z0-9_]*$/.test(method)) return undefined;
  const options = tree.options === undefined ? undefined : optionsOf(sql);
  const where = tree.whereClause === undefined ? undefined : behind(sql, /^WHERE$/);
  return {
    ...(tree.unique === true ? { unique: true } : {}),
    ...(method === "btree" ? {} : { using: method }),
    ...(including.length === 0 ? {} : { include: including as readonly string[] }),
    ...(tree.nulls_not_distinct === true ? { nullsDistinct: false } : {}),
    ...(options === undefined ? {} : { options }),
    ...(where === undefined ? {} : { where }),
    ...(tree.if_not_exists === true ? { ifNotExists: true } : {}),
  };
}

function optionsOf(sql: WrittenSql): string {
  const open = findWord(sql, /^WITH$/) + 1;
  return sql.text.slice(endOf(sql.tokens[open]), sql.tokens[closing(sql, open)]?.start).trim();
}

function behind(sql: WrittenSql, wanted: RegExp): string {
  return sql.text.slice(endOf(sql.tokens[findWord(sql, wanted)])).trim();
}
