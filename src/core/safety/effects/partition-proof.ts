/** Whether constraints prove that a table's rows are within a partition's bound, so that none is read. */
import {
  child,
  children,
  columnOf,
  constantOf,
  listOf,
  names,
  part,
  type Tree,
  type TreeNode,
} from "../../sql/tree.ts";
import type { Table } from "./catalog.ts";
import { comparisonOf, conjuncts, validChecks } from "./proof.ts";

/**
 * Whether valid CHECKs imply the bound. Every column of the key must also be NOT NULL, by itself or by a CHECK:
 * the bound of a partition says so too, and without it the server reads every row.
 */
export function provesBound(table: Table, bound: Tree, key: readonly string[]): boolean {
  const parts = validChecks(table).flatMap(conjuncts);
  const neverNull = (column: string) =>
    table.columns.get(column)?.notNull === true ||
    parts.some(
      (one) =>
        one.kind === "NullTest" &&
        one.tree.nulltesttype === "IS_NOT_NULL" &&
        columnOf(child(one.tree, "arg")) === column,
    );
  if (key.length !== 1 || !neverNull(key[0]!)) return false;
  const column = key[0]!;
  if (bound.strategy === "l") return provesList(parts, column, valuesOf(bound.listdatums));
  if (bound.strategy !== "r") return false;
  const low = limitOf(bound.lowerdatums);
  const high = limitOf(bound.upperdatums);
  const holds = (test: (operator: string, value: string) => boolean) =>
    parts.some((one) => {
      const said = comparisonOf(one);
      return said?.column === column && test(said.operator, said.value);
    });
  const above =
    low === "min" ||
    holds((operator, value) => /^(>=|>|=)$/.test(operator) && compare(value, low) >= 0);
  const below =
    high === "max" ||
    holds((operator, value) => {
      const order = compare(value, high);
      return operator === "<" ? order <= 0 : /^(<=|=)$/.test(operator) && order < 0;
    });
  return above && below;
}

/** Whether a valid CHECK of the default partition keeps out what the new partition takes. */
export function provesOutside(table: Table, bound: Tree, key: readonly string[]): boolean {
  const [column] = key;
  if (column === undefined || key.length !== 1) return false;
  return validChecks(table)
    .flatMap(conjuncts)
    .some((one) => {
      if (bound.strategy === "l") return excludesValues(one, column, valuesOf(bound.listdatums));
      return bound.strategy === "r" && excludesRange(alternatives(one), column, bound);
    });
}

function provesList(
  parts: readonly TreeNode[],
  column: string,
  values: readonly string[],
): boolean {
  return parts.some((one) => {
    const said = comparisonOf(one);
    if (said?.column === column && said.operator === "=") return values.includes(said.value);
    const within = memberOf(one, column);
    return within?.every((value) => values.includes(value));
  });
}

/** The values of `k IN (…)` and of `k = ANY (ARRAY[…])`. */
function memberOf(node: TreeNode, column: string): readonly string[] | undefined {
  if (node.kind !== "A_Expr" || columnOf(child(node.tree, "lexpr")) !== column) return undefined;
  if (names(node.tree, "name").join() !== "=") return undefined;
  if (node.tree.kind === "AEXPR_IN") return valuesOf(part(part(node.tree, "rexpr"), "List")?.items);
  const array = child(node.tree, "rexpr");
  const inner = array?.kind === "TypeCast" ? child(array.tree, "arg") : array;
  return inner?.kind === "A_ArrayExpr" ? valuesOf(inner.tree.elements) : undefined;
}

function excludesValues(node: TreeNode, column: string, values: readonly string[]): boolean {
  const said = comparisonOf(node);
  if (said?.column === column && said.operator === "<>")
    return values.every((value) => value === said.value);
  if (
    node.kind === "A_Expr" &&
    node.tree.kind === "AEXPR_IN" &&
    names(node.tree, "name").join() === "<>"
  ) {
    const listed =
      columnOf(child(node.tree, "lexpr")) === column
        ? valuesOf(part(part(node.tree, "rexpr"), "List")?.items)
        : [];
    return values.every((value) => listed.includes(value));
  }
  const inner =
    node.kind === "BoolExpr" && node.tree.boolop === "NOT_EXPR"
      ? children(node.tree, "args")[0]
      : undefined;
  const listed = inner === undefined ? undefined : memberOf(inner, column);
  return listed !== undefined && values.every((value) => listed.includes(value));
}

/** The parts of an OR, and of a negated AND. */
function alternatives(node: TreeNode): readonly TreeNode[] {
  if (node.kind !== "BoolExpr") return [node];
  const args = children(node.tree, "args");
  if (node.tree.boolop === "OR_EXPR") return args.flatMap(alternatives);
  const [inner] = args;
  if (
    node.tree.boolop !== "NOT_EXPR" ||
    inner?.kind !== "BoolExpr" ||
    inner.tree.boolop !== "AND_EXPR"
  )
    return [node];
  return children(inner.tree, "args").flatMap((one) =>
    conjuncts({ kind: "BoolExpr", tree: { boolop: "NOT_EXPR", args: [{ [one.kind]: one.tree }] } }),
  );
}

/** Every alternative lies below the range or above it. */
function excludesRange(parts: readonly TreeNode[], column: string, bound: Tree): boolean {
  const low = limitOf(bound.lowerdatums);
  const high = limitOf(bound.upperdatums);
  return parts.every((one) => {
    if (one.kind === "NullTest")
      return one.tree.nulltesttype === "IS_NULL" && columnOf(child(one.tree, "arg")) === column;
    const said = comparisonOf(one);
    if (said?.column !== column) return false;
    if (said.operator === "<") return low !== "min" && compare(said.value, low) <= 0;
    if (said.operator === "<=") return low !== "min" && compare(said.value, low) < 0;
    return /^(>=|>)$/.test(said.operator) && high !== "max" && compare(said.value, high) >= 0;
  });
}

function valuesOf(list: unknown): readonly string[] {
  return listOf(list).map((node) => String(constantOf(node)));
}

/** A limit of one column; MINVALUE and MAXVALUE are column references in the grammar. */
function limitOf(list: unknown): string {
  const [node] = listOf(list);
  if (node?.kind === "ColumnRef") return columnOf(node) === "minvalue" ? "min" : "max";
  return String(constantOf(node));
}

/** Orders numbers as numbers, dates and texts as they are written. */
function compare(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (a.trim() !== "" && b.trim() !== "" && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  const [left, right] = [asDate(a), asDate(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A day is its midnight. */
function asDate(text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text} 00:00:00` : text.replace("T", " ");
}
