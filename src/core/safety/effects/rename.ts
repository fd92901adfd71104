/** RENAME and SET SCHEMA. */
import { flag, part, stringsOf, type Tree, word } from "../../sql/tree.ts";
import { shown, type Table, treeOf } from "./catalog.ts";
import { renameAttribute } from "./composite-type.ts";
import { renameOfTable } from "./maintenance.ts";
import { keepNotNullNames } from "./not-null.ts";
import { exists, findTable, type Scene, tableOf } from "./scene.ts";
import { isSequence, moveSequence, sequencesOf } from "./sequences.ts";
import { refuseUnknownColumns } from "./unknown-columns.ts";

const tableKinds = /^OBJECT_(TABLE|VIEW|MATVIEW|FOREIGN_TABLE)$/;
const typeKinds = /^OBJECT_(TYPE|DOMAIN)$/;

export function rename(statement: Tree, scene: Scene): undefined {
  const type = word(statement, "renameType") ?? "";
  const relation = part(statement, "relation");
  const to = word(statement, "newname") ?? "";
  const from = word(statement, "subname") ?? "";
  if (
    flag(statement, "missing_ok") &&
    scene.catalog.complete &&
    relation !== undefined &&
    !isThere(type, relation, scene)
  )
    return;
  if (type === "OBJECT_ATTRIBUTE") {
    for (const table of renameAttribute(statement, scene)) renameColumn(table, { from, to }, scene);
    return;
  }
  if (type === "OBJECT_COLUMN") return renameColumn(tableOf(relation, scene), { from, to }, scene);
  if (isSequence(relation, scene)) return moveSequence(relation, { name: to }, scene);
  if (tableKinds.test(type) && isIndex(relation, scene)) return renameIndex(relation, to, scene);
  if (tableKinds.test(type)) return renameTable(tableOf(relation, scene), { type, to }, scene);
  if (type === "OBJECT_INDEX") return renameIndex(relation, to, scene);
  if (type === "OBJECT_TABCONSTRAINT")
    return renameConstraint(tableOf(relation, scene), { from, to }, scene);
  if (/^OBJECT_(TRIGGER|POLICY|RULE)$/.test(type))
    return renameOfTable(tableOf(relation, scene), { from, to, type }, scene);
  if (type === "OBJECT_SCHEMA") return renameSchema({ from, to }, scene);
  if (typeKinds.test(type)) return moveType(stringsOf(statement.object), { name: to }, scene);
}

function isThere(type: string, relation: Tree, scene: Scene): boolean {
  return type === "OBJECT_INDEX"
    ? isIndex(relation, scene)
    : findTable(relation, scene) !== undefined;
}

/** ALTER TABLE … RENAME takes an index too. */
function isIndex(relation: Tree | undefined, { catalog }: Scene): boolean {
  return (
    catalog.find(catalog.indexes, word(relation, "relname") ?? "", word(relation, "schemaname")) !==
    undefined
  );
}

type Names = { readonly from: string; readonly to: string };

function renameColumn(table: Table, { from, to }: Names, scene: Scene): undefined {
  refuseUnknownColumns(table, [from], scene);
  if (table.columns.has(to))
    return scene.emit({ kind: "fails", why: `${shown(table)} has a column ${to} already` });
  const column = table.columns.get(from);
  scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
  scene.emit({ kind: "renamed", what: "column", from, to, table, older: exists(column ?? table) });
  for (const below of treeOf(table)) renameIn(below, { from, to }, scene);
}

function renameIn(table: Table, { from, to }: Names, { catalog }: Scene): undefined {
  const column = table.columns.get(from);
  if (column === undefined) return;
  keepNotNullNames(table);
  const changed = (name: string) => (name === from ? to : name);
  column.name = to;
  const columns = [...table.columns.values()];
  table.columns.clear();
  for (const one of columns) table.columns.set(one.name, one);
  for (const one of table.constraints.values()) {
    one.columns = one.columns.map(changed);
    if (one.expression !== undefined)
      Object.assign(one, { expression: renamedIn(one.expression, { from, to }) });
  }
  for (const { constraint } of catalog.referencesTo(table))
    Object.assign(constraint, {
      references: { table, columns: constraint.references?.columns.map(changed) ?? [] },
    });
  for (const index of catalog.indexesOf(table)) {
    index.keys = index.keys.map(changed);
    index.columns = new Set([...index.columns].map(changed));
  }
  for (const view of catalog.viewsOn(table)) {
    view.reads = view.reads.map((source) =>
      source.table === table
        ? { table, columns: new Set([...source.columns].map(changed)) }
        : source,
    );
  }
}

/** The expression with one column by its new name. */
function renamedIn<Value>(value: Value, { from, to }: Names): Value {
  const text = JSON.stringify(value, (key, inner) => {
    if (key !== "ColumnRef") return inner;
    const fields = [...(inner.fields ?? [])];
    const last = fields.at(-1)?.String;
    return last?.sval === from
      ? { ...inner, fields: [...fields.slice(0, -1), { String: { sval: to } }] }
      : inner;
  });
  return JSON.parse(text) as Value;
}

function renameTable(
  table: Table,
  { type, to }: { readonly type: string; readonly to: string },
  scene: Scene,
): undefined {
  const { catalog } = scene;
  const key = `${table.schema}.${to}`;
  const taken = catalog.tables.get(key);
  if (taken?.known === true || catalog.indexes.has(key))
    return scene.emit({ kind: "fails", why: `there is a relation ${to} already` });
  scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
  const what =
    type === "OBJECT_VIEW" ? "view" : type === "OBJECT_MATVIEW" ? "materialized view" : "table";
  scene.emit({
    kind: "renamed",
    what,
    from: shown(table),
    to: shown({ ...table, name: to }),
    table,
    older: exists(table),
  });
  scene.emit({ kind: "table moved", from: shown(table), to: shown({ ...table, name: to }) });
  catalog.tables.delete(`${table.schema}.${table.name}`);
  keepNotNullNames(table);
  const own = sequencesOf(table, catalog);
  table.name = to;
  for (const [, sequence] of own) sequence.ownedBy = shown(table);
  catalog.tables.set(key, table);
}

function renameIndex(relation: Tree | undefined, to: string, { catalog }: Scene): undefined {
  const key = catalog.keyIn(
    catalog.indexes,
    word(relation, "relname") ?? "",
    word(relation, "schemaname"),
  );
  const index = catalog.indexes.get(key);
  if (index === undefined) return;
  catalog.indexes.delete(key);
  const { constraint } = index;
  if (constraint !== undefined) {
    const owner = index.table.constraints.get(constraint);
    index.table.constraints.delete(constraint);
    if (owner !== undefined) index.table.constraints.set(to, Object.assign(owner, { name: to }));
    index.constraint = to;
  }
  index.name = to;
  catalog.indexes.set(`${index.schema}.${to}`, index);
}

function renameConstraint(table: Table, { from, to }: Names, scene: Scene): undefined {
  scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
  const constraint = table.constraints.get(from);
  if (constraint === undefined) {
    if (table.known && scene.server.major < 18)
      scene.emit({ kind: "fails", why: `${shown(table)} has no constraint ${from}` });
    return;
  }
  table.constraints.delete(from);
  constraint.name = to;
  table.constraints.set(to, constraint);
  const { catalog } = scene;
  const index = catalog.indexes.get(`${table.schema}.${from}`);
  if (index === undefined || index.constraint !== from) return;
  catalog.indexes.delete(`${table.schema}.${from}`);
  Object.assign(index, { name: to, constraint: to });
  catalog.indexes.set(`${table.schema}.${to}`, index);
}

function renameSchema({ from, to }: Names, scene: Scene): undefined {
  const { catalog } = scene;
  const origin = catalog.schemas.get(from);
  scene.emit({
    kind: "renamed",
    what: "schema",
    from,
    to,
    older: origin === undefined || !origin.run,
  });
  for (const table of catalog.tables.values())
    if (table.schema === from)
      scene.emit({ kind: "table moved", from: shown(table), to: shown({ ...table, schema: to }) });
  catalog.schemas.delete(from);
  if (origin !== undefined) catalog.schemas.set(to, origin);
  for (const table of catalog.tables.values()) {
    if (table.schema !== from) continue;
    for (const [, sequence] of sequencesOf(table, catalog))
      sequence.ownedBy = shown({ ...table, schema: to });
  }
  for (const map of [catalog.tables, catalog.indexes, catalog.enums, catalog.domains])
    move(map, { from, to });
  for (const map of [catalog.sequences, catalog.composites] as readonly Map<string, unknown>[])
    for (const [key, item] of map) {
      if (!key.startsWith(`${from}.`)) continue;
      map.delete(key);
      map.set(`${to}${key.slice(from.length)}`, item);
    }
}

function move(map: Map<string, { schema: string; name: string }>, { from, to }: Names): undefined {
  for (const [key, item] of map) {
    if (item.schema !== from) continue;
    map.delete(key);
    item.schema = to;
    map.set(`${to}.${item.name}`, item);
  }
}

/** Gives a type another name or another schema; the columns that have it go along. */
function moveType(
  path: readonly string[],
  to: { readonly name?: string; readonly schema?: string },
  { catalog }: Scene,
): undefined {
  const [from = "", given] = [...path].reverse();
  let schema = given;
  const maps: readonly Map<string, { schema: string; name: string }>[] = [
    catalog.enums as Map<string, { schema: string; name: string }>,
    catalog.domains as Map<string, { schema: string; name: string }>,
  ];
  for (const map of maps) {
    const item = catalog.find(map, from, given);
    if (item === undefined) continue;
    schema = item.schema;
    map.delete(`${item.schema}.${item.name}`);
    Object.assign(item, to);
    map.set(`${item.schema}.${item.name}`, item);
  }
  const key = catalog.keyIn(catalog.composites, from, given);
  const attributes = catalog.composites.get(key);
  if (attributes !== undefined) {
    const place = key.slice(0, key.length - from.length - 1);
    schema = place;
    catalog.composites.delete(key);
    catalog.composites.set(`${to.schema ?? place}.${to.name ?? from}`, attributes);
  }
  for (const table of catalog.tables.values())
    for (const column of table.columns.values())
      if (column.type.name === from && (column.type.schema ?? schema) === schema)
        column.type = { ...column.type, ...to };
}

/** ALTER … SET SCHEMA. */
export function setSchema(statement: Tree, scene: Scene): undefined {
  const type = word(statement, "objectType") ?? "";
  if (typeKinds.test(type)) {
    const schema = word(statement, "newschema") ?? "";
    return moveType(stringsOf(statement.object), { schema }, scene);
  }
  const { catalog } = scene;
  const relation = part(statement, "relation");
  if (isSequence(relation, scene))
    return moveSequence(relation, { schema: word(statement, "newschema") }, scene);
  if (!tableKinds.test(type)) return;
  if (flag(statement, "missing_ok") && catalog.complete && findTable(relation, scene) === undefined)
    return;
  const table = tableOf(relation, scene);
  const to = word(statement, "newschema") ?? "";
  if (to === table.schema) return scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
  const what =
    type === "OBJECT_VIEW" ? "view" : type === "OBJECT_MATVIEW" ? "materialized view" : "table";
  scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
  scene.emit({
    kind: "renamed",
    what,
    from: shown(table),
    to: `${to}.${table.name}`,
    table,
    older: exists(table),
  });
  scene.emit({ kind: "table moved", from: shown(table), to: shown({ ...table, schema: to }) });
  catalog.tables.delete(`${table.schema}.${table.name}`);
  for (const index of catalog.indexesOf(table)) {
    catalog.indexes.delete(`${index.schema}.${index.name}`);
    index.schema = to;
    catalog.indexes.set(`${to}.${index.name}`, index);
  }
  const own = sequencesOf(table, catalog);
  table.schema = to;
  for (const [key, sequence] of own) {
    catalog.sequences.delete(key);
    sequence.ownedBy = shown(table);
    catalog.sequences.set(`${to}.${key.slice(key.indexOf(".") + 1)}`, sequence);
  }
  catalog.tables.set(`${to}.${table.name}`, table);
}
