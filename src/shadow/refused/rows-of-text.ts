/** Rows that are written out in a statement, and whether what a server says of them holds whatever else it has. */
import type { Session } from "../../adapters/adapter.ts";
import type { Statement } from "../../core/model/statement.ts";
import { listOf, names, nodesIn, part, type TreeNode, word } from "../../core/sql/tree.ts";
import type { ServerError } from "./is-certain.ts";

/** A statement that asks for values of parameters, which nobody has kept. What is defined is not run, and asks for none. */
export function lacksValues({ kind, tree }: TreeNode, sent: Statement | undefined): boolean {
  if (sent?.parameters !== undefined || /^(?:CreateFunction|Prepare)Stmt$/.test(kind)) return false;
  for (const node of nodesIn(tree)) if (node.kind === "ParamRef") return true;
  return false;
}

/** INSERT … VALUES, of which no value is asked of a table, a setting or a function of somebody's. */
export function isRowsOfText({ kind, tree }: TreeNode): boolean {
  const source = part(part(tree, "selectStmt"), "SelectStmt");
  if (kind !== "InsertStmt" || source === undefined || listOf(source.valuesLists).length === 0)
    return false;
  for (const node of nodesIn(source)) {
    if (node.kind === "SubLink" || node.kind === "ParamRef") return false;
    if (node.kind === "FuncCall" && !ofItself.test(names(node.tree, "funcname").at(-1) ?? ""))
      return false;
  }
  return true;
}

/** Functions that give a value whatever there is. */
const ofItself =
  /^(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|random|gen_random_uuid|uuid_generate_v\w+|uuidv\d|nextval|lower|upper|md5)$/;

/**
 * Whether no trigger, rule, check, domain or default of the table may ask rows or settings, which are others elsewhere.
 * Partitions are made in passing, by a job for instance.
 */
export async function holdsForAnyRows(
  session: Session,
  { tree }: TreeNode,
  { message }: ServerError,
): Promise<boolean> {
  if (/^no partition of relation/.test(message)) return false;
  const relation = part(tree, "relation");
  const table = [word(relation, "schemaname"), word(relation, "relname")].filter((one) => one);
  try {
    const [row] = await session.query(asks, [
      table.map((name) => `"${name!.replaceAll('"', '""')}"`).join("."),
    ]);
    return row?.asks === false;
  } catch {
    return false;
  }
}

const asks = `WITH own AS (SELECT to_regclass($1)::oid AS oid)
SELECT EXISTS (SELECT FROM pg_trigger, own WHERE tgrelid = own.oid AND NOT tgisinternal)
  OR EXISTS (SELECT FROM pg_rewrite, own WHERE ev_class = own.oid)
  OR EXISTS (SELECT FROM pg_constraint c JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = c.oid, own
    WHERE d.refclassid = 'pg_proc'::regclass AND (c.conrelid = own.oid OR c.contypid <> 0))
  OR EXISTS (SELECT FROM pg_attrdef a LEFT JOIN pg_depend d
    ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid AND d.refclassid = 'pg_proc'::regclass, own
    WHERE a.adrelid = own.oid AND (d.objid IS NOT NULL OR pg_get_expr(a.adbin, a.adrelid) ~ 'current_setting|session_user|current_user'))
  OR (SELECT oid FROM own) IS NULL AS asks`;
