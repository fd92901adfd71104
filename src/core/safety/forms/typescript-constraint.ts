/** Keys as the language writes them. */
import { names, part, type Tree, word } from "../../sql/tree.ts";
import type { TableInTypescript } from "./in-dsl.ts";
import { inDsl, nameUnless, type Word } from "./in-dsl.ts";

/** `m.addUniqueConstraint(…)`, for what it can say. */
export function uniqueInTypescript(
  table: TableInTypescript,
  name: string,
  tree: Tree,
): readonly string[] | undefined {
  const { including, options, indexspace, without_overlaps } = tree;
  if ([including, options, indexspace, without_overlaps].some((one) => one !== undefined))
    return undefined;
  const columns = names(tree, "keys");
  return [
    inDsl("addUniqueConstraint", table, {
      args: [columns],
      options: {
        ...nameUnless(name, [table.name, ...columns, "key"]),
        ...(tree.nulls_not_distinct === true ? { nullsDistinct: false } : {}),
        ...deferrable(tree),
      },
    }),
  ];
}

/** `m.addForeignKey(…)`, for what it can say. */
export function foreignKeyInTypescript(
  table: TableInTypescript,
  name: string,
  tree: Tree,
): readonly string[] | undefined {
  const parent = part(tree, "pktable");
  const schema = word(parent, "schemaname") ?? "public";
  const columns = names(tree, "fk_attrs");
  const referred = names(tree, "pk_attrs");
  // Without columns the primary key is meant, whatever it is called; the language takes `id`.
  if (tree.fk_with_period === true || schema !== table.schema || referred.length === 0)
    return undefined;
  const onDelete = actionOf(tree.fk_del_action, names(tree, "fk_del_set_cols"));
  const onUpdate = actionOf(tree.fk_upd_action, []);
  const key: { readonly [option: string]: Word } = {
    columns,
    table: word(parent, "relname") ?? "",
    ...(referred.join() === "id" ? {} : { references: referred }),
    ...nameUnless(name, [table.name, ...columns, "fkey"]),
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
    ...(tree.fk_matchtype === "f" ? { match: "full" } : {}),
    ...deferrable(tree),
    // There the prefix belongs to the same object as everything else.
    ...(table.schema === "public" ? {} : { prefix: table.schema }),
  };
  return [inDsl("addForeignKey", { name: table.name, schema: "public" }, { args: [key] })];
}

function deferrable(tree: Tree): { readonly deferrable?: string } {
  if (tree.deferrable !== true) return {};
  return { deferrable: tree.initdeferred === true ? "initially deferred" : "initially immediate" };
}

/** `FKCONSTR_ACTION_…` in parsenodes.h. */
const actions: { readonly [letter: string]: string } = {
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

function actionOf(letter: unknown, columns: readonly string[]): Word | undefined {
  const action = actions[String(letter)];
  if (action === undefined || columns.length === 0) return action;
  return action === "set null" ? { setNull: columns } : { setDefault: columns };
}
