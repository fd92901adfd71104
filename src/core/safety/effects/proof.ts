/** Finds proofs in valid constraints that let the server skip its look at the rows. */
import {
  child,
  children,
  columnOf,
  constantOf,
  names,
  type TreeNode,
  word,
} from "../../sql/tree.ts";
import type { Table } from "./catalog.ts";
import type { ServerMajor } from "./scene.ts";

/**
 * Whether a valid CHECK says that the column is not null, which the server accepts since 12.
 * Only an IS NOT NULL that must hold by itself counts: `a > 0` is also satisfied by NULL.
 * https://www.postgresql.org/docs/current/sql-altertable.html
 */
export function provesNotNull(table: Table, column: string, server: ServerMajor): boolean {
  if (server.major < 12) return false;
  return validChecks(table).some((expression) =>
    conjuncts(expression).some((part) => saysNotNull(part, column)),
  );
}

/** The expressions of the CHECK constraints that hold for every row. */
export function validChecks(table: Table): readonly TreeNode[] {
  return [...table.constraints.values()].flatMap((one) =>
    one.kind === "check" && one.valid && one.expression !== undefined ? [one.expression] : [],
  );
}

/** The conditions that must all hold: the parts of an AND, at any depth. */
export function conjuncts(node: TreeNode): readonly TreeNode[] {
  if (node.kind !== "BoolExpr") return [node];
  const args = children(node.tree, "args");
  if (node.tree.boolop === "AND_EXPR") return args.flatMap(conjuncts);
  const [inner] = args;
  if (node.tree.boolop === "NOT_EXPR" && inner !== undefined) return negated(inner);
  return [node];
}

/** NOT (a OR b) is NOT a AND NOT b. */
function negated(node: TreeNode): readonly TreeNode[] {
  if (node.kind === "NullTest") {
    const turned = node.tree.nulltesttype === "IS_NULL" ? "IS_NOT_NULL" : "IS_NULL";
    return [{ kind: "NullTest", tree: { ...node.tree, nulltesttype: turned } }];
  }
  if (node.kind === "BoolExpr") {
    const args = children(node.tree, "args");
    if (node.tree.boolop === "OR_EXPR") return args.flatMap(negated);
    if (node.tree.boolop === "NOT_EXPR" && args[0] !== undefined) return conjuncts(args[0]);
  }
  const opposite = node.kind === "A_Expr" ? opposites[names(node.tree, "name").join()] : undefined;
  if (opposite !== undefined && node.tree.kind === "AEXPR_OP")
    return [{ kind: "A_Expr", tree: { ...node.tree, name: [{ String: { sval: opposite } }] } }];
  return [{ kind: "BoolExpr", tree: { boolop: "NOT_EXPR", args: [{ [node.kind]: node.tree }] } }];
}

const opposites: { readonly [operator: string]: string } = {
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "=": "<>",
  "<>": "=",
};

/** Whether it is `column IS NOT NULL`. */
export function saysNotNull(node: TreeNode, column: string): boolean {
  return (
    node.kind === "NullTest" &&
    node.tree.nulltesttype === "IS_NOT_NULL" &&
    columnOf(child(node.tree, "arg")) === column
  );
}

/** A comparison of a column with a constant, the column on the left: `k >= 1000`. */
export type Comparison = {
  readonly column: string;
  readonly operator: string;
  readonly value: string;
};

/** Reads `k >= 1000`, also written `1000 <= k`. */
export function comparisonOf(node: TreeNode): Comparison | undefined {
  if (node.kind !== "A_Expr" || word(node.tree, "kind") !== "AEXPR_OP") return undefined;
  const operator = names(node.tree, "name").at(-1) ?? "";
  const left = child(node.tree, "lexpr");
  const right = child(node.tree, "rexpr");
  const leftColumn = columnOf(uncast(left));
  const rightColumn = columnOf(uncast(right));
  if (leftColumn !== undefined) return made(leftColumn, operator, constantOf(right));
  if (rightColumn !== undefined)
    return made(rightColumn, turned[operator] ?? operator, constantOf(left));
  return undefined;
}

const turned: { readonly [operator: string]: string } = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

function made(
  column: string,
  operator: string,
  value: string | boolean | null | undefined,
): Comparison | undefined {
  if (value === undefined || value === null) return undefined;
  return { column, operator, value: String(value) };
}

function uncast(node: TreeNode | undefined): TreeNode | undefined {
  return node?.kind === "TypeCast" ? child(node.tree, "arg") : node;
}
