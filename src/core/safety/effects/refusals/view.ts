/** Why CREATE VIEW is refused. */
import {
  child,
  children,
  columnOf,
  listOf,
  names,
  nodesIn,
  type Tree,
  word,
} from "../../../sql/tree.ts";
import { shown } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { isSystemColumn } from "./column.ts";
import { relationNamed } from "./relation.ts";

export function viewRefusal(statement: Tree, scene: Scene): string | undefined {
  const select = child(statement, "query");
  const targets = children(select?.tree, "targetList");
  const given = names(statement, "aliases");
  const isWhole = targets.every(({ tree }) => columnOf(child(tree, "val")) !== "*");
  const isOne = select?.kind === "SelectStmt" && select.tree.op === "SETOP_NONE";
  if (isOne && isWhole && targets.length > 0 && given.length > targets.length)
    return `${given.length} names are too many for ${targets.length} columns`;
  return select === undefined ? undefined : unknownColumn(select.tree, scene);
}

/** Of a query of one table, and of nothing else that could have the column. */
function unknownColumn(select: Tree, scene: Scene): string | undefined {
  const nodes = [...nodesIn(select)];
  const others =
    /^(SubLink|SelectStmt|CommonTableExpr|JoinExpr|RangeSubselect|RangeFunction|RangeTableFunc|JsonTable|XmlExpr)$/;
  const sources = nodes.filter(({ kind }) => kind === "RangeVar");
  const [source, more] = sources;
  if (source === undefined || more !== undefined || nodes.some(({ kind }) => others.test(kind)))
    return undefined;
  const found = relationNamed(source.tree, scene);
  const table = typeof found === "object" ? found.table : undefined;
  if (table?.known !== true || table.kind !== "table") return undefined;
  const alias = word(nodes.find(({ kind }) => kind === "alias")?.tree, "aliasname");
  const known = new Set([
    ...table.columns.keys(),
    ...[table.name, alias, "*"].flatMap((name) => name ?? []),
    ...children(select, "targetList").flatMap(({ tree }) => word(tree, "name") ?? []),
  ]);
  const unknown = nodes
    .filter(({ kind, tree }) => kind === "ColumnRef" && listOf(tree.fields).length === 1)
    .map((node) => columnOf(node))
    .find((name) => name !== undefined && !known.has(name) && !isSystemColumn(name));
  return unknown === undefined || source.tree.alias !== undefined
    ? undefined
    : `${shown(table)} has no column ${unknown}`;
}
