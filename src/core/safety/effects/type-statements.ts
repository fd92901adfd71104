/** Enums and domains: made, changed, used. */
import {
  child,
  children,
  flag,
  names,
  nodesIn,
  part,
  stringsOf,
  type Tree,
  type TreeNode,
  word,
} from "../../sql/tree.ts";
import { type Domain, type EnumType, shown, type Table, type TypeName } from "./catalog.ts";
import { usersOf } from "./composite-type.ts";
import { exists, findTable, type Scene } from "./scene.ts";
import { typeNameOf } from "./types.ts";

export function createEnum(statement: Tree, scene: Scene): undefined {
  const { catalog, origin, transaction } = scene;
  const path = names(statement, "typeName");
  const [name = "", given] = [...path].reverse();
  const schema = catalog.schemaForNew(given);
  if (catalog.enums.has(`${schema}.${name}`))
    return scene.emit({ kind: "fails", why: `the type ${name} exists already` });
  const stamp = { origin, transaction: transaction.number };
  const values = names(statement, "vals").map((value) => [value, stamp] as const);
  catalog.enums.set(`${schema}.${name}`, { schema, name, ...stamp, values: new Map(values) });
  scene.emit({ kind: "enum created", name });
}

export function alterEnum(statement: Tree, scene: Scene): undefined {
  const { catalog, origin, transaction, server } = scene;
  const [name = "", schema] = [...names(statement, "typeName")].reverse();
  const own = catalog.find(catalog.enums, name, schema);
  const value = word(statement, "newVal") ?? "";
  const from = word(statement, "oldVal");
  if (from !== undefined) return renameValue({ own, name, from, to: value }, scene);
  if (own?.values.has(value)) {
    if (!flag(statement, "skipIfNewValExists"))
      scene.emit({ kind: "fails", why: `${name} has a value ${value} already` });
    return;
  }
  const isNew = own !== undefined && own.transaction === transaction.number;
  if (server.major < 12 && transaction.isBlock && !isNew)
    scene.emit({ kind: "enum value used", name, value, added: true });
  scene.emit({
    kind: "enum value placed",
    name,
    value,
    placed: statement.newValNeighbor !== undefined,
  });
  const made = own ?? heardOf(name, scene);
  made.values.set(value, { origin, transaction: transaction.number });
}

/** An enum of which only the new values are known. */
function heardOf(name: string, { catalog }: Scene): EnumType {
  const own: EnumType = {
    schema: "public",
    name,
    origin: { run: false, file: -1 },
    transaction: -1,
    values: new Map(),
  };
  catalog.enums.set(`public.${name}`, own);
  return own;
}

function renameValue(
  {
    own,
    name,
    from,
    to,
  }: {
    readonly own: EnumType | undefined;
    readonly name: string;
    readonly from: string;
    readonly to: string;
  },
  scene: Scene,
): undefined {
  const known = own?.values.get(from);
  if (own !== undefined && known === undefined && exists(own) && own.transaction !== -1)
    return scene.emit({ kind: "fails", why: `${name} has no value ${from}` });
  const older = known === undefined ? own === undefined || exists(own) : exists(known);
  scene.emit({ kind: "renamed", what: "enum value", from: `${name}.${from}`, to, older });
  if (own === undefined || known === undefined) return;
  own.values.delete(from);
  own.values.set(to, known);
}

/**
 * Finds uses of enum values that this transaction has added: they are not there before it is committed.
 * A text is taken for a value where it is cast to the enum, or where a table with a column of the enum is at hand.
 */
export function useEnumValues(statement: TreeNode, scene: Scene): undefined {
  const fresh = [...scene.catalog.enums.values()].flatMap((own) =>
    own.transaction === scene.transaction.number
      ? []
      : [...own.values]
          .filter(([, { transaction }]) => transaction === scene.transaction.number)
          .map(([value]) => ({ own, value })),
  );
  if (fresh.length === 0) return;
  const nodes = [...nodesIn(statement)];
  for (const { own, value } of fresh) {
    if (isUsed(nodes, { own, value }, scene))
      scene.emit({ kind: "enum value used", name: shown(own), value, added: false });
  }
}

function isUsed(
  nodes: readonly TreeNode[],
  { own, value }: { readonly own: EnumType; readonly value: string },
  scene: Scene,
): boolean {
  const says = nodes.some(
    ({ kind, tree }) => kind === "A_Const" && word(part(tree, "sval"), "sval") === value,
  );
  if (!says) return false;
  const casts = nodes.some(
    ({ kind, tree }) => kind === "TypeCast" && typeNameOf(part(tree, "typeName")).name === own.name,
  );
  const defines = nodes.some(
    ({ kind, tree }) =>
      kind === "ColumnDef" && typeNameOf(part(tree, "typeName")).name === own.name,
  );
  if (casts || defines) return true;
  return tablesIn(nodes, scene).some(
    (table) =>
      table === undefined ||
      !table.known ||
      [...table.columns.values()].some((column) => column.type.name === own.name),
  );
}

/** The tables of a statement; `undefined` for one that was never heard of. */
function tablesIn(nodes: readonly TreeNode[], scene: Scene): readonly (Table | undefined)[] {
  const relations = nodes.flatMap(({ kind, tree }) =>
    kind === "RangeVar" ? [tree] : (part(tree, "relation") ?? []),
  );
  return relations.map((relation) => findTable(relation as Tree, scene));
}

export function createDomain(statement: Tree, scene: Scene): undefined {
  const { catalog, origin, transaction } = scene;
  const [name = "", given] = [...names(statement, "domainname")].reverse();
  const schema = catalog.schemaForNew(given);
  const constraints = children(statement, "constraints");
  const has = (contype: string) => constraints.find(({ tree }) => tree.contype === contype)?.tree;
  const checks = constraints
    .filter(({ tree }) => tree.contype === "CONSTR_CHECK")
    .map(
      ({ tree }, i) =>
        [
          word(tree, "conname") ?? `${name}_check${i === 0 ? "" : i}`,
          { valid: true, transaction: transaction.number },
        ] as const,
    );
  const domain: Domain = {
    schema,
    name,
    origin,
    base: typeNameOf(part(statement, "typeName")),
    notNull: has("CONSTR_NOTNULL") !== undefined,
    default: child(has("CONSTR_DEFAULT"), "raw_expr"),
    checks: new Map(checks),
  };
  catalog.domains.set(`${schema}.${name}`, domain);
  if (domain.notNull || domain.checks.size > 0) scene.emit({ kind: "domain constrained", name });
}

export function alterDomain(statement: Tree, scene: Scene): undefined {
  const { catalog, transaction } = scene;
  const [name = "", schema] = [...stringsOf(statement.typeName)].reverse();
  const domain = catalog.find(catalog.domains, name, schema);
  const definition = part(part(statement, "def"), "Constraint");
  switch (word(statement, "subtype")) {
    case "C": {
      const isNotNull = definition?.contype === "CONSTR_NOTNULL";
      const skips = flag(definition, "skip_validation");
      if (!skips) checked(name, domain, isNotNull ? "not null" : "check", scene);
      scene.emit({ kind: "domain constrained", name });
      if (isNotNull && domain !== undefined) domain.notNull = true;
      else
        domain?.checks.set(word(definition, "conname") ?? `${name}_check`, {
          valid: !skips,
          transaction: transaction.number,
        });
      return;
    }
    case "O":
      if (domain?.notNull !== true) checked(name, domain, "not null", scene);
      if (domain !== undefined) domain.notNull = true;
      return;
    case "V": {
      const check = domain?.checks.get(word(statement, "name") ?? "");
      checked(name, domain, "validate", scene);
      if (check !== undefined) check.valid = true;
      return;
    }
    case "N":
      if (domain !== undefined) domain.notNull = false;
      return;
    case "T":
      if (domain !== undefined) domain.default = child(statement, "def");
      return;
    case "X":
      domain?.checks.delete(word(statement, "name") ?? "");
      return;
    default:
      return;
  }
}

/** A column that holds the domain in an array or in a composite type: the server cannot look inside. */
function containerOf(family: ReadonlySet<string>, scene: Scene): string | undefined {
  const { catalog } = scene;
  for (const [composite, attributes] of catalog.composites)
    if (
      attributes.some(({ name, schema }) =>
        family.has(catalog.keyIn(catalog.domains, name, schema)),
      )
    ) {
      const [user] = usersOf(composite, scene);
      if (user !== undefined) return user;
    }
  for (const table of catalog.tables.values())
    for (const { name, type } of table.kind === "table" ? table.columns.values() : [])
      if (
        family.has(catalog.keyIn(catalog.domains, type.name, type.schema)) &&
        (type.isArray || isOfArray(type, catalog))
      )
        return `the column ${name} of ${shown(table)}`;
  return undefined;
}

/** Whether it is a domain of an array, or one made of such a domain. */
function isOfArray(type: TypeName, catalog: Scene["catalog"]): boolean {
  const domain = catalog.find(catalog.domains, type.name, type.schema);
  return domain !== undefined && (domain.base.isArray || isOfArray(domain.base, catalog));
}

/** Every table with a column of the domain, or of a domain made of it, is read under a lock that blocks writes. */
function checked(
  name: string,
  domain: Domain | undefined,
  by: "check" | "not null" | "validate",
  scene: Scene,
): undefined {
  const { catalog } = scene;
  const keyOf = (type: { readonly name: string; readonly schema?: string | undefined }) =>
    catalog.keyIn(catalog.domains, type.name, type.schema);
  const family = new Set([domain === undefined ? keyOf({ name }) : keyOf(domain)]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const other of catalog.domains.values()) {
      if (family.has(keyOf(other)) || !family.has(keyOf(other.base))) continue;
      family.add(keyOf(other));
      grew = true;
    }
  }
  const tables = [...catalog.tables.values()].filter(
    (table) =>
      table.kind === "table" &&
      // Rows are in partitions.
      table.partitionBy === undefined &&
      [...table.columns.values()].some((column) => family.has(keyOf(column.type))),
  );
  const container = containerOf(family, scene);
  if (container !== undefined)
    return scene.emit({ kind: "fails", why: `${container} holds ${name} inside another value` });
  for (const table of tables) {
    scene.emit({ kind: "lock", table, mode: "SHARE" });
    scene.emit({ kind: "work", table, words: `reads every row of ${shown(table)}` });
  }
  scene.emit({ kind: "domain checked", name, domain, tables, by });
}
