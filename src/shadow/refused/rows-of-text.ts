/**
 * Rows that a statement writes out, and whether a server's error about them holds whatever other
 * rows exist.
 */
import type { Session } from "../../adapters/adapter.ts";
import type { Statement } from "../../core/model/statement.ts";
import {
  listOf,
  names,
  nodesIn,
  part,
  type Tree,
  type TreeNode,
  word,
} from "../../core/sql/tree.ts";
import type { ServerError } from "./is-certain.ts";

/**
 * A statement that needs values of parameters, which nobody has kept. A definition does not run, so
 * it needs none.
 */
export function lacksValues({ kind, tree }: TreeNode, sent: Statement | undefined): boolean {
  if (sent?.parameters !== undefined || /^(?:CreateFunction|Prepare)Stmt$/.test(kind)) return false;
  for (const node of nodesIn(tree)) if (node.kind === "ParamRef") return true;
  return false;
}

/** INSERT … VALUES, whose values come from no table. */
export function isRowsOfText({ kind, tree }: TreeNode): boolean {
  const source = part(part(tree, "selectStmt"), "SelectStmt");
  if (kind !== "InsertStmt" || source === undefined || listOf(source.valuesLists).length === 0)
    return false;
  for (const { kind } of nodesIn(source))
    if (kind === "SubLink" || kind === "ParamRef") return false;
  return true;
}

/** The functions that it calls by name. */
function calledIn(tree: Tree): readonly string[] {
  return [...nodesIn(tree)].flatMap((node) =>
    node.kind === "FuncCall" ? names(node.tree, "funcname").slice(-1) : [],
  );
}

/**
 * Whether no trigger, rule, check, domain or default of the table may read rows or settings, which
 * differ elsewhere. Partitions may come later, from a job for instance.
 */
export async function holdsForAnyRows(
  session: Session,
  { tree }: TreeNode,
  { message, where = "" }: ServerError,
): Promise<boolean> {
  if (/^no partition of relation/.test(message) || /\bfunction\b/.test(where)) return false;
  // A type or domain refuses a value before any trigger sees it; triggers that change a row are
  // BEFORE INSERT.
  const isOfWhole = /^(?:null value in column|new row for relation)/.test(message);
  const relation = part(tree, "relation");
  const table = [word(relation, "schemaname"), word(relation, "relname")].filter((one) => one);
  try {
    const [row] = await session.query(asks, [
      table.map((name) => `"${name!.replaceAll('"', '""')}"`).join("."),
      calledIn(tree),
    ]);
    return row?.asks === false && !(isOfWhole && row.changes !== false);
  } catch {
    return false;
  }
}

const asks = `WITH own AS (SELECT to_regclass($1)::oid AS oid)
SELECT EXISTS (SELECT FROM pg_trigger, own WHERE tgrelid = own.oid AND NOT tgisinternal AND tgtype & 6 = 6) AS changes,
  EXISTS (SELECT FROM pg_rewrite, own WHERE ev_class = own.oid AND ev_type = '3')
  OR EXISTS (SELECT FROM pg_proc WHERE proname = ANY ($2::text[]) AND (oid >= 16384 OR proname ~ '^current_setting|^(curr|last)val$'))
  OR EXISTS (SELECT FROM pg_constraint c JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = c.oid, own
    WHERE d.refclassid = 'pg_proc'::regclass AND (c.conrelid = own.oid OR c.contypid <> 0))
  OR EXISTS (SELECT FROM pg_attrdef a LEFT JOIN pg_depend d
    ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid AND d.refclassid = 'pg_proc'::regclass, own
    WHERE a.adrelid = own.oid AND a.adnum NOT IN (SELECT attnum FROM pg_attribute WHERE attrelid = own.oid AND attgenerated <> '') AND (d.objid IS NOT NULL OR pg_get_expr(a.adbin, a.adrelid) ~ 'current_setting|session_user|current_user'))
  OR (SELECT oid FROM own) IS NULL AS asks`;
