/** ALTER TABLE, cut into its head and its subcommands. */

import { wordOf } from "../../sql/token.ts";
import { children, part, type Tree, type TreeNode } from "../../sql/tree.ts";
import type { SqlParser } from "../effects/script.ts";
import { sameTree } from "./same-tree.ts";
import { afterRelation, endOf, splitAtCommas, writtenSql } from "./written-sql.ts";

export type AlteredTable = {
  /** `ALTER TABLE IF EXISTS ONLY users` */
  readonly head: string;
  /** Each subcommand, as it is written and as it was parsed. */
  readonly commands: readonly { readonly text: string; readonly tree: Tree }[];
  readonly tree: Tree;
};

/** `undefined` for a statement that is not ALTER TABLE, or that cannot be cut for sure. */
export function alteredTable(
  node: TreeNode | undefined,
  text: string,
  parse: SqlParser["parse"],
): AlteredTable | undefined {
  if (node?.kind !== "AlterTableStmt") return undefined;
  const sql = writtenSql(text);
  const { tokens } = sql;
  if (wordOf(tokens[0]) !== "ALTER" || wordOf(tokens[1]) !== "TABLE") return undefined;
  const behind = afterRelation(sql, wordOf(tokens[2]) === "IF" ? 4 : 2);
  const head = sql.text.slice(0, endOf(tokens[behind - 1]));
  const pieces = splitAtCommas(sql, behind);
  const trees = children(node.tree, "cmds").map(({ tree }) => tree);
  if (pieces.length !== trees.length) return undefined;
  const commands = pieces.map((piece, i) => ({ text: piece, tree: trees[i]! }));
  const isSure = commands.every(({ text: piece, tree }) =>
    says(`${head} ${piece}`, { ...node.tree, cmds: [{ AlterTableCmd: tree }] }, parse),
  );
  return isSure ? { head, commands, tree: node.tree } : undefined;
}

/** Whether the text is one ALTER TABLE that means this. */
export function says(sql: string, means: Tree, parse: SqlParser["parse"]): boolean {
  const [found, more] = parse(sql) ?? [];
  return found?.kind === "AlterTableStmt" && more === undefined && sameTree(found.tree, means);
}

/** Whether the subcommand, or the constraint in it, is the wanted subtree. */
export function holds(command: Tree, wanted: Tree): boolean {
  const def = part(command, "def");
  if (command === wanted || part(def, "Constraint") === wanted) return true;
  return children(part(def, "ColumnDef"), "constraints").some(({ tree }) => tree === wanted);
}

/** Whether the server chooses its name, which depends on the names that exist already. */
export function takesName({ contype, conname }: Tree): boolean {
  return conname === undefined && /^CONSTR_(CHECK|UNIQUE|FOREIGN)$/.test(String(contype));
}
