/** Views: what they read, so that what they read cannot be taken away from under them. */
import {
  child,
  children,
  columnOf,
  flag,
  listOf,
  names,
  nodesIn,
  part,
  type Tree,
  type TreeNode,
  word,
} from "../../sql/tree.ts";
import { emptyTable, shown, type Table, type ViewSource } from "./catalog.ts";
import { type Scene, tableOf } from "./scene.ts";

export function createView(statement: Tree, scene: Scene): undefined {
  const { catalog, origin } = scene;
  const relation = part(statement, "view");
  const name = word(relation, "relname") ?? "";
  const schema = catalog.schemaForNew(word(relation, "schemaname"));
  const there = catalog.tables.get(`${schema}.${name}`);
  const replaces = flag(statement, "replace");
  if (there?.known && !replaces)
    return scene.emit({ kind: "fails", why: `${shown(there)} exists already` });
  if (there?.known && there.kind !== "view")
    return scene.emit({ kind: "fails", why: `${shown(there)} is not a view` });
  const reads = viewSources(statement.query, scene);
  const columns = outputNames(statement, scene);
  if (there !== undefined && replaces) {
    scene.emit({ kind: "lock", table: there, mode: "ACCESS EXCLUSIVE" });
    there.reads = reads;
    return;
  }
  const view = emptyTable({ schema, name, origin, known: true, kind: "view", reads });
  for (const column of columns)
    view.columns.set(column, {
      name: column,
      origin,
      type: { name: "", modifiers: [], isArray: false },
      notNull: false,
    });
  Object.assign(view, { known: false });
  catalog.tables.set(`${schema}.${name}`, view);
}

/** The tables that a query reads, and their columns as far as can be told. */
export function viewSources(query: unknown, scene: Scene): readonly ViewSource[] {
  const nodes = [...nodesIn(query)];
  const own = new Set(
    nodes.filter(({ kind }) => kind === "CommonTableExpr").map(({ tree }) => word(tree, "ctename")),
  );
  const tables = nodes
    .filter(
      ({ kind, tree }) =>
        kind === "RangeVar" && !(own.has(word(tree, "relname")) && !word(tree, "schemaname")),
    )
    .map(({ tree }) => ({
      table: tableOf(tree, scene),
      alias: word(part(tree, "alias"), "aliasname") ?? word(tree, "relname") ?? "",
    }));
  return tables.map(({ table, alias }) => {
    const columns = new Set<string>();
    for (const node of nodes) {
      if (node.kind === "ColumnRef") addColumns(columns, node, { table, alias });
    }
    for (const { kind, tree } of nodes) {
      if (kind === "JoinExpr") for (const name of names(tree, "usingClause")) columns.add(name);
    }
    return { table, columns };
  });
}

function addColumns(
  columns: Set<string>,
  node: TreeNode,
  { table, alias }: { readonly table: Table; readonly alias: string },
): undefined {
  const fields = listOf(node.tree.fields);
  const column = columnOf(node) ?? "";
  const qualifier = fields.length > 1 ? word(fields.at(-2)?.tree, "sval") : undefined;
  if (qualifier !== undefined && qualifier !== alias && qualifier !== table.name) return;
  if (column === "*") for (const name of table.columns.keys()) columns.add(name);
  else if (!table.known || table.columns.has(column)) columns.add(column);
}

/** The names of a view's columns. */
export function outputNames(statement: Tree, scene: Scene): readonly string[] {
  const given = names(statement, "aliases");
  const select = child(statement, "query");
  const targets = children(select?.tree, "targetList").flatMap(({ tree }) => {
    const value = child(tree, "val");
    const column = columnOf(value);
    if (column !== "*") return [word(tree, "name") ?? column ?? "?"];
    return viewSources(statement.query, scene).flatMap(({ table }) => [...table.columns.keys()]);
  });
  return targets.map((name, i) => given[i] ?? name);
}
