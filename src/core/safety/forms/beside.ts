/** A statement with CONCURRENTLY: beside readers and writers. */

import { wordOf } from "../../sql/token.ts";
import { children, listOf, part, type Tree, type TreeNode, word } from "../../sql/tree.ts";
import type { SafeStatement } from "./safe-form.ts";
import { sameTree } from "./same-tree.ts";
import type { Written } from "./written.ts";
import { endOf, insert, splitAtCommas, type WrittenSql, writtenSql } from "./written-sql.ts";

type Changed = { readonly sql: string; readonly means: Tree };

/** One line for each thing that is built or dropped. */
export function beside(
  { note }: Extract<SafeStatement, { form: "concurrently" }>,
  { statement, parse }: Written,
): readonly string[] | undefined {
  const { node, text } = statement;
  if (node === undefined) return undefined;
  const changed = changes(node, writtenSql(text));
  const isSame = changed?.every(({ sql, means }) => {
    const [found, more] = parse(sql) ?? [];
    return found?.kind === node.kind && more === undefined && sameTree(found.tree, means);
  });
  if (changed === undefined || isSame !== true) return undefined;
  const words = note === undefined ? "outside a transaction" : `outside a transaction; ${note}`;
  return changed.map(({ sql }) => `${sql};  -- ${words}`);
}

function changes({ kind, tree }: TreeNode, sql: WrittenSql): readonly Changed[] | undefined {
  const after = (words: RegExp) => {
    const at = sql.tokens.findIndex((token) => words.test(wordOf(token)));
    return at < 0 ? undefined : insert(sql.text, endOf(sql.tokens[at]), "CONCURRENTLY");
  };
  const one = (made: string | undefined, means: Tree) =>
    made === undefined ? undefined : [{ sql: made, means }];
  switch (kind) {
    case "IndexStmt":
      return one(after(/^INDEX$/), { ...tree, concurrent: true });
    case "RefreshMatViewStmt":
      // Without data there is nothing to compare.
      return tree.skipData === true
        ? undefined
        : one(after(/^VIEW$/), { ...tree, concurrent: true });
    case "ReindexStmt":
      return one(reindexed(sql), reindexMeans(tree));
    case "DropStmt":
      return dropped(tree, sql);
    case "AlterTableStmt":
      return one(`${sql.text} CONCURRENTLY`, detachMeans(tree));
    default:
      return undefined;
  }
}

/**
 * CONCURRENTLY stands behind the kind of the rebuilt object, which follows the options in
 * parentheses.
 */
function reindexed(sql: WrittenSql): string | undefined {
  let depth = 0;
  for (const token of sql.tokens.slice(1)) {
    if (token.text === "(") depth++;
    else if (token.text === ")") depth--;
    else if (depth === 0) return insert(sql.text, endOf(token), "CONCURRENTLY");
  }
  return undefined;
}

function reindexMeans(tree: Tree): Tree {
  const params = Array.isArray(tree.params) ? tree.params : [];
  const option = { DefElem: { defname: "concurrently", defaction: "DEFELEM_UNSPEC" } };
  return { ...tree, params: [...params, option] };
}

/** CONCURRENTLY takes one index at a time. */
function dropped(tree: Tree, sql: WrittenSql): readonly Changed[] | undefined {
  if (tree.behavior === "DROP_CASCADE") return undefined;
  const isGuarded = wordOf(sql.tokens[2]) === "IF";
  const isRestrict = /^RESTRICT$/.test(wordOf(sql.tokens.at(-1)));
  const names = splitAtCommas(
    sql,
    isGuarded ? 4 : 2,
    isRestrict ? sql.tokens.length - 1 : sql.tokens.length,
  );
  const objects = Array.isArray(tree.objects) ? (tree.objects as readonly unknown[]) : [];
  if (word(tree, "removeType") !== "OBJECT_INDEX" || names.length !== objects.length)
    return undefined;
  const guard = isGuarded ? "IF EXISTS " : "";
  return names.map((name, i) => ({
    sql: `DROP INDEX CONCURRENTLY ${guard}${name}`,
    means: { ...tree, objects: [objects[i]], concurrent: true },
  }));
}

function detachMeans(tree: Tree): Tree {
  const [only, more] = children(tree, "cmds");
  const command = more === undefined ? part(part(only?.tree, "def"), "PartitionCmd") : undefined;
  if (command === undefined) return {};
  const def = { PartitionCmd: { ...command, concurrent: true } };
  return { ...tree, cmds: [{ AlterTableCmd: { ...listOf(tree.cmds)[0]?.tree, def } }] };
}
