/** Why CREATE INDEX is refused, whatever the rows. */
import { child, children, flag, names, part, type Tree, word } from "../../../sql/tree.ts";
import { shown, type Table } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { baseType } from "../types.ts";
import { expressionRefusal, literalRefusal } from "./expression.ts";
import { defaultClassMissing, methods } from "./index-methods.ts";
import { optionRefusal } from "./options.ts";
import { isSchemaMissing, relationNamed, takenBy } from "./relation.ts";
import { article } from "./relation-kinds.ts";
import { collationRefusal } from "./type.ts";

/** As many columns as an index can have. */
const most = 32;

export function createIndexRefusal(statement: Tree, scene: Scene): string | undefined {
  const relation = part(statement, "relation");
  const schema = word(relation, "schemaname");
  if (isSchemaMissing(schema, scene)) return `there is no schema ${schema}`;
  const found = relationNamed(relation, scene);
  if (found === "missing") return `there is no table ${word(relation, "relname")}`;
  if (found !== undefined && !/^(table|partitioned table|materialized view)$/.test(found.kind))
    return `${found.name} is ${article(found.kind)}, which has no indexes`;
  const table = found?.table;
  const name = word(statement, "idxname");
  const taken =
    name === undefined || table === undefined ? undefined : takenBy(name, table.schema, scene);
  if (taken !== undefined)
    return flag(statement, "if_not_exists") ? undefined : `there is ${taken} ${name} already`;
  return ofMethod(statement) ?? ofColumns(statement, table, scene);
}

function ofMethod(statement: Tree): string | undefined {
  const name = word(statement, "accessMethod") ?? "btree";
  if (name === "heap") return "heap is an access method of tables";
  const method = methods[name];
  const elements = children(statement, "indexParams");
  const included = children(statement, "indexIncludingParams");
  if (elements.length + included.length > most) return `an index has no more than ${most} columns`;
  if (method === undefined) return undefined;
  if (flag(statement, "unique") && method.isUnique !== true) return `${name} cannot be unique`;
  if (elements.length > 1 && method.takesSeveral !== true) return `${name} takes one column`;
  if (included.length > 0 && method.includes !== true) return `${name} cannot INCLUDE columns`;
  const isOrdered = ({ ordering, nulls_ordering }: Tree) =>
    ordering !== "SORTBY_DEFAULT" || nulls_ordering !== "SORTBY_NULLS_DEFAULT";
  if (method.orders !== true && elements.some(({ tree }) => isOrdered(tree)))
    return `${name} has no order`;
  for (const { tree } of included) {
    if (child(tree, "expr") !== undefined) return "INCLUDE takes columns, and no expressions";
    if (isOrdered(tree) || tree.collation !== undefined || tree.opclass !== undefined)
      return "a column of INCLUDE has no order, collation or operator class";
  }
  return optionRefusal(children(statement, "options"), { kind: "index", method: name });
}

function ofColumns(statement: Tree, table: Table | undefined, scene: Scene): string | undefined {
  const method = word(statement, "accessMethod") ?? "btree";
  for (const { tree } of children(statement, "indexIncludingParams")) {
    const name = word(tree, "name") ?? "";
    if (table?.known === true && !table.columns.has(name))
      return `${shown(table)} has no column ${name}`;
  }
  for (const { tree } of children(statement, "indexParams")) {
    const expression = child(tree, "expr");
    const refused =
      expression === undefined
        ? ofColumn(tree, { table, method, scene })
        : expressionRefusal(expression, "index", { table, scene });
    if (refused !== undefined) return refused;
  }
  const where = child(statement, "whereClause");
  return (
    expressionRefusal(where, "predicate", { table, scene }) ?? literalRefusal(where, table, scene)
  );
}

/** Operator classes of PostgreSQL's own, with the types that they are for. */
const classes: { readonly [name: string]: RegExp } = {
  text_pattern_ops: /^(text|varchar)$/,
  varchar_pattern_ops: /^(text|varchar)$/,
  bpchar_pattern_ops: /^bpchar$/,
  text_ops: /^(text|varchar)$/,
  varchar_ops: /^(text|varchar)$/,
  jsonb_ops: /^jsonb$/,
  jsonb_path_ops: /^jsonb$/,
  int4_ops: /^int4$/,
  int8_ops: /^int8$/,
  uuid_ops: /^uuid$/,
  date_ops: /^date$/,
  point_ops: /^point$/,
};

function ofColumn(
  element: Tree,
  {
    table,
    method,
    scene,
  }: { readonly table: Table | undefined; readonly method: string; readonly scene: Scene },
): string | undefined {
  const name = word(element, "name") ?? "";
  if (/^(ctid|xmin|xmax|cmin|cmax|tableoid)$/.test(name))
    return `${name} is a column of the system`;
  const type = table?.columns.get(name)?.type;
  if (type === undefined) return undefined;
  if (element.collation !== undefined) {
    const refused = collationRefusal(type, scene);
    if (refused !== undefined) return refused;
  }
  const [given, more] = [...names(element, "opclass")].reverse();
  if (given === undefined) return defaultClassMissing(type, method, scene);
  const base = baseType(type, scene.catalog);
  const wanted = more === undefined ? classes[given] : undefined;
  if (wanted !== undefined && !base.isArray && isPlain(base.name) && !wanted.test(base.name))
    return `${given} is not for ${base.name}`;
  return wanted !== undefined && children(element, "opclassopts").length > 0
    ? `${given} has no options`
    : undefined;
}

function isPlain(type: string): boolean {
  return /^(int[248]|text|varchar|bpchar|numeric|float[48]|bool|uuid|date|timestamp|timestamptz|jsonb?|point|bytea)$/.test(
    type,
  );
}
