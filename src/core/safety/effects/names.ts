/** The names that PostgreSQL chooses where the statement gives none. */
import {
  child,
  children,
  columnOf,
  names,
  type Tree,
  type TreeNode,
  word,
} from "../../sql/tree.ts";
import type { Catalog, Table } from "./catalog.ts";

/** `users_email_key`, cut to 63 bytes as the server does, with a number when it is taken. */
export function chooseName(
  parts: { readonly table: string; readonly columns: readonly string[]; readonly label: string },
  taken: (name: string) => boolean,
): string {
  const { table, columns, label } = parts;
  for (let number = 0; ; number++) {
    const ending = number === 0 ? label : `${label}${number}`;
    const name = fitted(table, columns.join("_"), ending);
    if (!taken(name)) return name;
  }
}

/** The longer of the two halves is cut until the whole fits. */
function fitted(table: string, columns: string, ending: string): string {
  const available = 63 - bytes(ending) - 1 - (columns === "" ? 0 : 1);
  let [left, right] = [bytes(table), bytes(columns)];
  while (left + right > available) {
    if (left > right) left--;
    else right--;
  }
  const halves = [clip(table, left), clip(columns, right)];
  return [...halves.filter((half) => half !== ""), ending].join("_");
}

/** The first bytes of a name, without half a character. */
function clip(name: string, length: number): string {
  let clipped = name;
  while (bytes(clipped) > length) clipped = [...clipped].slice(0, -1).join("");
  return clipped;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Whether a constraint of the table, or a relation of its schema, has the name. */
export function isTaken(name: string, table: Table, catalog: Catalog): boolean {
  const key = `${table.schema}.${name}`;
  return table.constraints.has(name) || catalog.indexes.has(key) || catalog.tables.has(key);
}

/**
 * The server's names for the columns of an index, with those of INCLUDE: `ChooseIndexColumnNames`
 * in indexcmds.c.
 */
export function indexColumnNames(statement: Tree): readonly string[] {
  const taken: string[] = [];
  for (const { tree } of [
    ...children(statement, "indexParams"),
    ...children(statement, "indexIncludingParams"),
  ]) {
    const given = word(tree, "name") ?? figuredName(child(tree, "expr"))?.name ?? "expr";
    let name = given;
    for (let number = 1; taken.includes(name); number++) name = `${given}${number}`;
    taken.push(name);
  }
  return taken;
}

/**
 * The server's name for an expression, and whether it is sure: `FigureColnameInternal` in
 * parse_target.c.
 */
function figuredName(
  node: TreeNode | undefined,
): { readonly name: string; readonly isWeak: boolean } | undefined {
  const sure = (name: string | undefined) =>
    name === undefined ? undefined : { name, isWeak: false };
  switch (node?.kind) {
    case "ColumnRef": {
      const column = columnOf(node);
      return column === "*" ? undefined : sure(column);
    }
    case "A_Indirection":
      return sure(names(node.tree, "indirection").at(-1)) ?? figuredName(child(node.tree, "arg"));
    case "FuncCall":
      return sure(names(node.tree, "funcname").at(-1));
    case "A_Expr":
      return node.tree.kind === "AEXPR_NULLIF" ? sure("nullif") : undefined;
    case "TypeCast": {
      const inner = figuredName(child(node.tree, "arg"));
      if (inner?.isWeak === false) return inner;
      const type = names(node.tree.typeName as Tree | undefined, "names").at(-1);
      return type === undefined ? inner : { name: type, isWeak: true };
    }
    case "CollateClause":
      return figuredName(child(node.tree, "arg"));
    case "CaseExpr": {
      const inner = figuredName(child(node.tree, "defresult"));
      return inner?.isWeak === false ? inner : { name: "case", isWeak: true };
    }
    case "CoalesceExpr":
      return sure("coalesce");
    case "MinMaxExpr":
      return sure(node.tree.op === "IS_LEAST" ? "least" : "greatest");
    case "A_ArrayExpr":
      return sure("array");
    case "RowExpr":
      return sure("row");
    default:
      return undefined;
  }
}
