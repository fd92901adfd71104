/**
 * Reads the parse trees of libpg-query: JSON in which a node is `{ Kind: { … } }`, and false, zero
 * or empty fields are left out. https://github.com/pganalyze/libpg_query
 */

/** The inside of a node. */
export type Tree = { readonly [field: string]: unknown };

/** A node with its kind. */
export type TreeNode = { readonly kind: string; readonly tree: Tree };

/** A statement of a parsed text. Offsets are in bytes of UTF-8. */
export type ParsedStatement = {
  readonly stmt: unknown;
  readonly stmt_location?: number | undefined;
  readonly stmt_len?: number | undefined;
};

/** The node in a value such as `{ ColumnRef: { … } }`. */
export function nodeOf(value: unknown): TreeNode | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [entry] = Object.entries(value);
  if (entry === undefined || !/^[A-Z]/.test(entry[0])) return undefined;
  return { kind: entry[0], tree: (entry[1] ?? {}) as Tree };
}

/** A field that is an object without a kind, such as a `relation`. */
export function part(tree: Tree | undefined, field: string): Tree | undefined {
  const value = tree?.[field];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : undefined;
}

/** A field that is a node. */
export function child(tree: Tree | undefined, field: string): TreeNode | undefined {
  return nodeOf(tree?.[field]);
}

/** A field that is a list of nodes. */
export function children(tree: Tree | undefined, field: string): readonly TreeNode[] {
  return listOf(tree?.[field]);
}

/** The nodes of a list. */
export function listOf(value: unknown): readonly TreeNode[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => nodeOf(item) ?? []);
}

/** A field that is text. */
export function word(tree: Tree | undefined, field: string): string | undefined {
  const value = tree?.[field];
  return typeof value === "string" ? value : undefined;
}

/** A field that is a number; 0 when it is left out. */
export function count(tree: Tree | undefined, field: string): number {
  const value = tree?.[field];
  return typeof value === "number" ? value : 0;
}

/** A field that is true or left out. */
export function flag(tree: Tree | undefined, field: string): boolean {
  return tree?.[field] === true;
}

/** The texts of a list of `String` nodes, as names are written: `["public", "users"]`. */
export function names(tree: Tree | undefined, field: string): readonly string[] {
  return stringsOf(tree?.[field]);
}

/** The texts of the `String` nodes of a list, also of one that is wrapped in a `List`. */
export function stringsOf(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? listOf(value) : [nodeOf(value)].filter((one) => !!one);
  return list.flatMap(({ kind, tree }): readonly string[] => {
    if (kind === "String") return [word(tree, "sval") ?? ""];
    if (kind === "List") return stringsOf(tree.items);
    if (kind === "TypeName") return stringsOf(tree.names);
    return [];
  });
}

/** Every node in a value, the outer before the inner. */
export function* nodesIn(value: unknown): Generator<TreeNode> {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesIn(item);
    return;
  }
  if ("kind" in value && "tree" in value) {
    yield value as TreeNode;
    yield* nodesIn(value.tree);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (/^[A-Z]/.test(key) && typeof inner === "object" && inner !== null) {
      yield { kind: key, tree: inner as Tree };
    }
    yield* nodesIn(inner);
  }
}

/** A constant's value: text, a number as text, a boolean, `null`; `undefined` for anything else. */
export function constantOf(node: TreeNode | undefined): string | boolean | null | undefined {
  if (node === undefined) return undefined;
  if (node.kind === "TypeCast") return constantOf(child(node.tree, "arg"));
  if (node.kind === "CollateClause") return constantOf(child(node.tree, "arg"));
  if (node.kind === "A_Expr" && names(node.tree, "name").join() === "-" && !node.tree.lexpr) {
    const value = constantOf(child(node.tree, "rexpr"));
    return typeof value === "string" ? `-${value}` : undefined;
  }
  if (node.kind !== "A_Const") return undefined;
  const { tree } = node;
  if (flag(tree, "isnull")) return null;
  if ("ival" in tree) return String(count(part(tree, "ival"), "ival"));
  if ("fval" in tree) return word(part(tree, "fval"), "fval") ?? "0";
  if ("boolval" in tree) return flag(part(tree, "boolval"), "boolval");
  if ("sval" in tree) return word(part(tree, "sval"), "sval") ?? "";
  if ("bsval" in tree) return word(part(tree, "bsval"), "bsval") ?? "";
  return undefined;
}

/** The last field of a column reference: `id` of `t.id`; `*` of `t.*`. */
export function columnOf(node: TreeNode | undefined): string | undefined {
  if (node?.kind !== "ColumnRef") return undefined;
  const last = children(node.tree, "fields").at(-1);
  if (last?.kind === "A_Star") return "*";
  return last?.kind === "String" ? (word(last.tree, "sval") ?? "") : undefined;
}

/** The columns that an expression mentions. */
export function columnsIn(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodesIn(value)) {
    const column = columnOf(node);
    if (column !== undefined) found.add(column);
  }
  return found;
}

/** A list of options such as `(CONCURRENTLY false, TABLESPACE x)`; a switch without a value is on. */
export function optionOn(options: readonly TreeNode[], name: string): boolean {
  const option = options.findLast(({ tree }) => word(tree, "defname") === name)?.tree;
  if (option === undefined) return false;
  const given = child(option, "arg");
  if (given === undefined) return true;
  if (given.kind === "Boolean") return flag(given.tree, "boolval");
  if (given.kind === "Integer") return count(given.tree, "ival") !== 0;
  return !/^(false|off|no|0)$/i.test(word(given.tree, "sval") ?? "");
}
