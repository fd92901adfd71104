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
  const schema =
    relation?.relpersistence === "t"
      ? "pg_temp"
      : catalog.schemaForNew(word(relation, "schemaname"));
  const there = catalog.tables.get(`${schema}.${name}`);
  const replaces = flag(statement, "replace");
  if (there !== undefined && there.heardOf !== true && !replaces)
    return scene.emit({ kind: "fails", why: `${shown(there)} exists already` });
  if (there !== undefined && there.heardOf !== true && there.kind !== "view")
    return scene.emit({ kind: "fails", why: `${shown(there)} is not a view` });
  const reads = viewSources(statement.query, scene);
  const columns = outputNames(statement, scene);
  if (there !== undefined && replaces) {
    const why = replaceRefusal(there, columns, reads);
    if (why !== undefined) return scene.emit({ kind: "fails", why });
    scene.emit({ kind: "lock", table: there, mode: "ACCESS EXCLUSIVE" });
    there.reads = reads;
    addColumns(there, columns, scene);
    return;
  }
  const view = emptyTable({ schema, name, origin, known: true, kind: "view", reads });
  addColumns(view, columns, scene);
  Object.assign(view, { known: false });
  catalog.tables.set(`${schema}.${name}`, view);
  scene.emit({ kind: "table made", name: shown(view) });
}

function addColumns(view: Table, columns: readonly string[], { origin }: Scene): undefined {
  for (const name of columns)
    if (!view.columns.has(name))
      view.columns.set(name, {
        ...{ name, origin, type: { name: "", modifiers: [], isArray: false } },
        notNull: false,
      });
}

/** A view that is replaced keeps its columns, in their order and by their names; others come behind them. */
function replaceRefusal(
  view: Table,
  columns: readonly string[],
  reads: readonly ViewSource[],
): string | undefined {
  const before = [...view.columns.keys()];
  const isSure =
    before.length > 0 &&
    ![...before, ...columns].includes("?") &&
    new Set(columns).size === columns.length &&
    reads.every(({ table }) => table.known || (table.kind === "view" && table.columns.size > 0));
  if (!isSure) return undefined;
  if (columns.length < before.length)
    return `${shown(view)} has ${before.length} columns, and none of them can be left out`;
  const at = before.findIndex((name, i) => columns[i] !== name);
  return at === -1
    ? undefined
    : `the column ${before[at]} of ${shown(view)} cannot become ${columns[at]} by being replaced`;
}

/** The tables that a query reads, and their columns as far as the query shows them. */
export function viewSources(query: unknown, scene: Scene): readonly ViewSource[] {
  const withNames = [...nodesIn(query)]
    .filter(({ kind }) => kind === "CommonTableExpr")
    .map(({ tree }) => word(tree, "ctename") ?? "");
  return sourcesIn(query, { scene, withNames: new Set(withNames), outer: [] });
}

type Source = { readonly table: Table; readonly alias: string; readonly columns: Set<string> };

type Around = {
  readonly scene: Scene;
  /** The names that WITH gives its queries: they are no tables. */
  readonly withNames: ReadonlySet<string>;
  /** The sources of the queries around this one. */
  readonly outer: readonly Source[];
};

/**
 * The sources of one query and of those inside it. A column belongs to a table of its query where
 * there is one, and `*` always does.
 */
function sourcesIn(query: unknown, around: Around): readonly Source[] {
  const { own, inner } = nodesOfOneQuery(query);
  const sources = own
    .filter(
      ({ kind, tree }) =>
        kind === "RangeVar" &&
        !(around.withNames.has(word(tree, "relname") ?? "") && !word(tree, "schemaname")),
    )
    .map(({ tree }) => ({
      table: tableOf(tree, around.scene),
      alias: word(part(tree, "alias"), "aliasname") ?? word(tree, "relname") ?? "",
      columns: new Set<string>(),
    }));
  for (const node of own) {
    if (node.kind === "ColumnRef") addColumn(node, { sources, outer: around.outer });
    if (node.kind === "JoinExpr")
      for (const name of names(node.tree, "usingClause"))
        for (const { columns } of sources) columns.add(name);
  }
  const outer = [...sources, ...around.outer];
  return [...sources, ...inner.flatMap((one) => sourcesIn(one, { ...around, outer }))];
}

/** The nodes of a query without those of queries inside it, which come by themselves. */
function nodesOfOneQuery(query: unknown): {
  readonly own: readonly TreeNode[];
  readonly inner: readonly unknown[];
} {
  const own: TreeNode[] = [];
  const inner: unknown[] = [];
  const walk = (value: unknown): undefined => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, below] of Object.entries(value)) {
      if (/^(SelectStmt|larg|rarg)$/.test(key) && !isJoin(value)) inner.push(below);
      else {
        if (/^[A-Z]/.test(key)) own.push({ kind: key, tree: below as Tree });
        walk(below);
      }
    }
  };
  walk(query);
  // A query that is nothing but another one is that one.
  if (own.length > 0 || inner.length !== 1) return { own, inner };
  return nodesOfOneQuery(inner[0]);
}

/** Joins have two sides of the same names as those of UNION, but are one query. */
function isJoin(value: object): boolean {
  return "jointype" in value;
}

function addColumn(
  node: TreeNode,
  { sources, outer }: { readonly sources: readonly Source[]; readonly outer: readonly Source[] },
): undefined {
  const fields = listOf(node.tree.fields);
  const column = columnOf(node) ?? "";
  const qualifier = fields.length > 1 ? word(fields.at(-2)?.tree, "sval") : undefined;
  const isMeant = ({ table, alias }: Source) =>
    qualifier === undefined || qualifier === alias || qualifier === table.name;
  if (column === "*") {
    for (const { table, columns } of sources.filter(isMeant))
      for (const name of table.columns.keys()) columns.add(name);
    return;
  }
  const here = sources.filter(isMeant);
  const known = (one: Source) => one.table.columns.has(column);
  const owner = here.find(known) ?? outer.filter(isMeant).find(known);
  if (owner !== undefined) owner.columns.add(column);
  // Of several tables that are not known, it may be any.
  else for (const { table, columns } of here) if (!table.known) columns.add(column);
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
