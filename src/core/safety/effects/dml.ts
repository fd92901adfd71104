/** Statements that change rows: how many they can touch. */
import {
  child,
  children,
  columnOf,
  constantOf,
  names,
  nodesIn,
  part,
  type Tree,
  type TreeNode,
  word,
} from "../../sql/tree.ts";
import { shown, type Table } from "./catalog.ts";
import { conjuncts } from "./proof.ts";
import { exists, type Scene, tableOf } from "./scene.ts";

/** Looks at a query and at every statement in its WITH. */
export function changeRows(node: TreeNode, scene: Scene): undefined {
  for (const { kind, tree } of [node, ...nodesIn(node.tree)].filter(isChange)) {
    const verb = kind.replace("Stmt", "").toUpperCase();
    const table = tableOf(part(tree, "relation"), scene);
    // A query that fills a new table still reads another one.
    const read = verb === "INSERT" ? readsMany(tree, scene) : undefined;
    if (read !== undefined)
      scene.emit({ kind: "work", table: read, words: `fills ${shown(table)} from a query` });
    if (!exists(table) || table.persistence === "t") continue;
    scene.emit({ kind: "lock", table, mode: "ROW EXCLUSIVE" });
    if (verb === "INSERT") continue;
    const bounded =
      isBookkeeping(table) ||
      isBounded(kind, tree, { table, ctes: ctesOf(node.tree, tree), scene });
    scene.emit({ kind: "rows changed", verb: verb as "UPDATE", table, bounded });
    if (!bounded)
      scene.emit({ kind: "work", table, words: `may change every row of ${shown(table)}` });
  }
}

function isChange({ kind }: TreeNode): boolean {
  return /^(Update|Delete|Insert|Merge)Stmt$/.test(kind);
}

/** Tables in which tools keep what they have done: few rows. */
function isBookkeeping({ name }: Table): boolean {
  return /^(schema_migrations?|schema_versions?|schema_info|schema_history|flyway_schema_history|alembic_version|knex_migrations(_lock)?|ar_internal_metadata|django_migrations|_prisma_migrations|pgmigrations|data_migrations)$/.test(
    name,
  );
}

/** A table whose rows it may read all. */
function readsMany(insert: Tree, scene: Scene): Table | undefined {
  const select = child(insert, "selectStmt");
  if (
    select === undefined ||
    select.tree.valuesLists !== undefined ||
    select.tree.limitCount !== undefined
  )
    return undefined;
  const sources = [...nodesIn(select.tree.fromClause)].filter(({ kind }) => kind === "RangeVar");
  if (hasKeyEquality(select.tree, sources, scene)) return undefined;
  return sources.map(({ tree }) => tableOf(tree, scene)).find(exists);
}

function hasKeyEquality(select: Tree, sources: readonly TreeNode[], scene: Scene): boolean {
  const [source] = sources;
  const where = child(select, "whereClause");
  if (source === undefined || where === undefined || sources.length > 1) return false;
  return isBounded("SelectStmt", select, {
    table: tableOf(source.tree, scene),
    ctes: new Map(),
    scene,
  });
}

type Bounds = {
  readonly table: Table;
  /** Queries of WITH by their name. */
  readonly ctes: ReadonlyMap<string, TreeNode>;
  readonly scene: Scene;
};

function ctesOf(...trees: readonly Tree[]): ReadonlyMap<string, TreeNode> {
  const found = new Map<string, TreeNode>();
  for (const tree of trees) {
    for (const { tree: cte } of children(part(tree, "withClause"), "ctes")) {
      const query = child(cte, "ctequery");
      if (query !== undefined) found.set(word(cte, "ctename") ?? "", query);
    }
  }
  return found;
}

function isBounded(kind: string, statement: Tree, bounds: Bounds): boolean {
  if (kind === "MergeStmt")
    return isSmall(child(statement, "sourceRelation"), bounds) || !mergeChanges(statement);
  const where = child(statement, "whereClause");
  if (where === undefined) return false;
  const parts = conjuncts(where);
  if (parts.some((one) => boundsRows(one, bounds))) return true;
  if (betweenEnds(parts, bounds) || namesWholeKey(parts, bounds)) return true;
  const others = [...children(statement, "fromClause"), ...children(statement, "usingClause")];
  return others.some((source) => isSmall(source, bounds)) && parts.some(isJoin);
}

/** Whether a MERGE does more than insert. */
function mergeChanges(statement: Tree): boolean {
  return children(statement, "mergeWhenClauses").some(({ tree }) =>
    /CMD_(UPDATE|DELETE)/.test(word(tree, "commandType") ?? ""),
  );
}

function isJoin(node: TreeNode): boolean {
  return (
    node.kind === "A_Expr" &&
    columnOf(child(node.tree, "lexpr")) !== undefined &&
    columnOf(child(node.tree, "rexpr")) !== undefined
  );
}

/** A source of few rows: VALUES, or a query with a LIMIT. */
function isSmall(source: TreeNode | undefined, bounds: Bounds): boolean {
  if (source === undefined) return false;
  if (source.kind === "RangeVar") {
    const cte = bounds.ctes.get(word(source.tree, "relname") ?? "");
    return cte !== undefined && isFew(cte, bounds);
  }
  const query = source.kind === "RangeSubselect" ? child(source.tree, "subquery") : undefined;
  return query !== undefined && isFew(query, bounds);
}

function isFew(query: TreeNode, bounds: Bounds): boolean {
  const { tree, kind } = query;
  if (kind !== "SelectStmt")
    return (
      isChange(query) &&
      isBounded(kind, tree, { ...bounds, table: tableOf(part(tree, "relation"), bounds.scene) })
    );
  if (tree.valuesLists !== undefined) return true;
  const limit = child(tree, "limitCount");
  if (limit !== undefined && constantOf(limit) !== null) return true;
  const [only, second] = children(tree, "fromClause");
  if (only === undefined) return true;
  if (second !== undefined || only.kind !== "RangeVar") return isSmall(only, bounds);
  const cte = bounds.ctes.get(word(only.tree, "relname") ?? "");
  if (cte !== undefined) return isFew(cte, bounds);
  return isBounded(kind, tree, { ...bounds, table: tableOf(only.tree, bounds.scene) });
}

/** Whether one condition alone leaves few rows. */
function boundsRows(node: TreeNode, bounds: Bounds): boolean {
  const { kind, tree } = node;
  if (kind === "CurrentOfExpr") return true;
  if (kind === "A_Const") return constantOf(node) === false || constantOf(node) === null;
  if (kind === "SubLink" && tree.subLinkType === "ANY_SUBLINK")
    return (
      isKey(columnOf(child(tree, "testexpr")) ?? rowColumns(tree), bounds) &&
      isFewSelected(child(tree, "subselect"), bounds)
    );
  if (kind === "BoolExpr" && tree.boolop === "OR_EXPR")
    return children(tree, "args").every((one) =>
      conjuncts(one).some((inner) => boundsRows(inner, bounds)),
    );
  if (kind !== "A_Expr") return false;
  const column = columnOf(child(tree, "lexpr"));
  const other = child(tree, "rexpr");
  const operator = names(tree, "name").join();
  if (tree.kind === "AEXPR_IN") return operator === "=" && isKey(column, bounds);
  if (tree.kind === "AEXPR_OP_ANY")
    return operator === "=" && isKey(column, bounds) && isFewInArray(other, bounds);
  if (tree.kind === "AEXPR_BETWEEN") return isRangeKey(column, bounds);
  if (tree.kind !== "AEXPR_OP" || operator !== "=") return false;
  if (isKey(column, bounds)) return isGiven(other, bounds);
  return isKey(columnOf(other), bounds) && isGiven(child(tree, "lexpr"), bounds);
}

function rowColumns(tree: Tree): string | undefined {
  const row = child(tree, "testexpr");
  return row?.kind === "RowExpr" ? columnOf(children(row.tree, "args")[0]) : undefined;
}

function isFewSelected(query: TreeNode | undefined, bounds: Bounds): boolean {
  return query !== undefined && isFew(query, bounds);
}

function isFewInArray(node: TreeNode | undefined, bounds: Bounds): boolean {
  if (node?.kind === "TypeCast") return isFewInArray(child(node.tree, "arg"), bounds);
  if (node?.kind !== "SubLink") return true;
  return isFewSelected(child(node.tree, "subselect"), bounds);
}

/** A value that is one: a constant, a parameter, a variable, a query of one row; not another table's column. */
function isGiven(node: TreeNode | undefined, bounds: Bounds): boolean {
  if (node === undefined) return false;
  if (node.kind === "SubLink") return node.tree.subLinkType === "EXPR_SUBLINK";
  return columnOf(node) === undefined || !bounds.table.known
    ? ![...nodesIn(node)].some((one) => columnOf(one) !== undefined)
    : false;
}

/** Every column of a unique index of several is given. */
function namesWholeKey(parts: readonly TreeNode[], bounds: Bounds): boolean {
  const given = parts.flatMap(({ kind, tree }) => {
    if (kind !== "A_Expr" || names(tree, "name").join() !== "=") return [];
    const [left, right] = [child(tree, "lexpr"), child(tree, "rexpr")];
    if (tree.kind === "AEXPR_IN") return columnOf(left) ?? [];
    if (tree.kind !== "AEXPR_OP") return [];
    const column = isGiven(right, bounds) ? columnOf(left) : undefined;
    return column ?? (isGiven(left, bounds) ? (columnOf(right) ?? []) : []);
  });
  return bounds.scene.catalog
    .indexesOf(bounds.table)
    .some(
      ({ unique, isPartial, keys }) =>
        unique && !isPartial && keys.every((key) => given.includes(key)),
    );
}

/** Both ends of a range of whole numbers: a batch. */
function betweenEnds(parts: readonly TreeNode[], bounds: Bounds): boolean {
  const ends = parts.flatMap(({ kind, tree }) => {
    if (kind !== "A_Expr" || tree.kind !== "AEXPR_OP") return [];
    const column = columnOf(child(tree, "lexpr"));
    const value = constantOf(child(tree, "rexpr"));
    const isParameter = child(tree, "rexpr")?.kind === "ParamRef";
    if (!isRangeKey(column, bounds) || (typeof value !== "string" && !isParameter)) return [];
    return [{ column, operator: names(tree, "name").join() }];
  });
  const endsWith = (pattern: RegExp) =>
    ends.filter(({ operator }) => pattern.test(operator)).map(({ column }) => column);
  const above = endsWith(/^>=?$/);
  return endsWith(/^<=?$/).some((column) => above.includes(column));
}

/** A key that is a whole number. */
function isRangeKey(column: string | undefined, bounds: Bounds): boolean {
  if (!isKey(column, bounds)) return false;
  const known = bounds.table.columns.get(column ?? "");
  return known === undefined || /^int[248]$/.test(known.type.name);
}

/** Whether the column is unique by itself. In an unknown table, `id` counts as unique. */
function isKey(column: string | undefined, { table, scene }: Bounds): boolean {
  if (column === undefined) return false;
  if (column === "ctid") return true;
  if (!table.known && column === "id") return true;
  return scene.catalog
    .indexesOf(table)
    .some(
      (index) =>
        index.unique && !index.isPartial && index.keys.length === 1 && index.keys[0] === column,
    );
}
