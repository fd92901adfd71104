/** CREATE TABLE in all its forms, and SELECT INTO. */
import { children, flag, names, part, type Tree, type TreeNode, word } from "../../sql/tree.ts";
import type { AddedConstraint } from "./added-constraint.ts";
import { checkDefault } from "./alter-partition.ts";
import { emptyTable, shown, type Table } from "./catalog.ts";
import { defineColumn, readColumn } from "./columns.ts";
import { addConstraint } from "./constraints.ts";
import { keepNotNullNames } from "./not-null.ts";
import { otherEnds } from "./parent.ts";
import { exists, findTable, type Scene, tableOf } from "./scene.ts";
import { viewSources } from "./view.ts";

export function createTable(statement: Tree, scene: Scene): undefined {
  const relation = part(statement, "relation");
  if (isThereAlready(relation, flag(statement, "if_not_exists"), scene)) return;
  const table = newTable(relation, statement, scene);
  const parents = children(statement, "inhRelations").map(({ tree }) => tableOf(tree, scene));
  const bound = part(statement, "partbound");
  if (bound === undefined) for (const parent of parents) inherit(table, parent, scene);
  else for (const parent of parents) becomePartition(table, parent, bound, scene);
  const elements = children(statement, "tableElts");
  for (const { tree } of elements.filter(({ kind }) => kind === "TableLikeClause"))
    copyOf(table, tree, scene);
  // The server makes them last: a column may refer to a key of the same table that stands behind
  // it.
  const foreignKeys: AddedConstraint[] = [];
  for (const { tree } of elements.filter(({ kind }) => kind === "ColumnDef")) {
    const made = readColumn(tree, scene);
    const isKey =
      made.constraints.some((one) => one.tree.contype === "CONSTR_PRIMARY") ||
      isKeyed(elements, made.column.name);
    scene.emit({
      kind: "column defined",
      table,
      column: made.column,
      written: made.written,
      isKey,
    });
    defineColumn(table, made, scene, {
      ...{ isNewTable: true, skipsForeignKeyScan: true, later: foreignKeys },
    });
  }
  for (const { kind, tree } of elements) {
    const added = { table, definition: tree, isNewTable: true };
    if (tree.contype === "CONSTR_FOREIGN") foreignKeys.push(added);
    else if (kind === "Constraint") addConstraint(added, scene);
  }
  for (const added of foreignKeys) addConstraint(added, scene);
}

function isKeyed(elements: readonly TreeNode[], column: string): boolean {
  return elements.some(
    ({ kind, tree }) =>
      kind === "Constraint" &&
      tree.contype === "CONSTR_PRIMARY" &&
      names(tree, "keys").includes(column),
  );
}

/** Whether there is something of the name; then it is left as it is, or the statement fails. */
function isThereAlready(relation: Tree | undefined, ifNotExists: boolean, scene: Scene): boolean {
  const { catalog } = scene;
  const name = word(relation, "relname") ?? "";
  const isTemporary = relation?.relpersistence === "t";
  const schema = isTemporary ? "pg_temp" : catalog.schemaForNew(word(relation, "schemaname"));
  const there = catalog.tables.get(`${schema}.${name}`);
  if (there === undefined) return false;
  if (there.known && !ifNotExists)
    scene.emit({ kind: "fails", why: `${shown(there)} exists already` });
  return there.known || ifNotExists;
}

function newTable(relation: Tree | undefined, statement: Tree, scene: Scene): Table {
  const { catalog, origin } = scene;
  const persistence = (word(relation, "relpersistence") ?? "p") as Table["persistence"];
  const schema =
    persistence === "t" ? "pg_temp" : catalog.schemaForNew(word(relation, "schemaname"));
  const name = word(relation, "relname") ?? "";
  const spec = part(statement, "partspec");
  const keys = children(spec, "partParams").map(({ tree }) => word(tree, "name") ?? "");
  const of = typeKeyOf(part(statement, "ofTypename"), scene);
  const table = emptyTable({
    schema,
    name,
    origin: persistence === "t" ? { ...origin, run: true } : origin,
    known: true,
    persistence,
    accessMethod: word(statement, "accessMethod") ?? "heap",
    tablespace: word(statement, "tablespacename") ?? "",
    ...(spec === undefined
      ? {}
      : { partitionBy: { strategy: word(spec, "strategy") ?? "", columns: keys } }),
    ...(of === undefined ? {} : { ofType: of, known: false }),
  });
  catalog.tables.set(`${schema}.${name}`, table);
  scene.emit({ kind: "table made", name: shown(table) });
  return table;
}

/** The composite type that it is made OF, as a reader writes it. */
function typeKeyOf(type: Tree | undefined, { catalog }: Scene): string | undefined {
  const [name, given] = [...names(type, "names")].reverse();
  if (name === undefined) return undefined;
  const [schema = ""] = catalog.keyIn(catalog.composites, name, given).split(".");
  return shown({ schema, name });
}

function inherit(table: Table, parent: Table, scene: Scene): undefined {
  if (exists(parent)) scene.emit({ kind: "lock", table: parent, mode: "SHARE UPDATE EXCLUSIVE" });
  table.inherits.push(parent);
  if (!parent.known) Object.assign(table, { known: false });
  keepNotNullNames(parent);
  scene.catalog.hasClones = true;
  for (const column of parent.columns.values())
    table.columns.set(column.name, { ...column, origin: table.origin });
  for (const one of parent.constraints.values())
    if (one.kind === "check") table.constraints.set(one.name, { ...one });
}

/** Unlike ATTACH PARTITION this keeps everybody away from the parent. */
function becomePartition(table: Table, parent: Table, bound: Tree, scene: Scene): undefined {
  scene.emit({ kind: "lock", table: parent, mode: "ACCESS EXCLUSIVE" });
  const { referenced, referring } = otherEnds(parent, scene);
  for (const one of [...referenced, ...referring])
    scene.emit({ kind: "lock", table: one, mode: "SHARE ROW EXCLUSIVE" });
  if (!parent.known) Object.assign(table, { known: false });
  keepNotNullNames(parent);
  for (const column of parent.columns.values()) table.columns.set(column.name, { ...column });
  for (const one of parent.constraints.values()) table.constraints.set(one.name, { ...one });
  if (!flag(bound, "is_default")) checkDefault(parent, bound, scene);
  Object.assign(table, { parent, bound });
  scene.catalog.hasClones = true;
  parent.partitions.add(table);
}

/** LIKE copies columns; indexes and constraints only when it says so. */
function copyOf(table: Table, clause: Tree, scene: Scene): undefined {
  const source = tableOf(part(clause, "relation"), scene);
  const { catalog, origin } = scene;
  const options = typeof clause.options === "number" ? clause.options : 0;
  const includes = (bit: number) => (options & (1 << bit)) !== 0;
  if (!source.known) Object.assign(table, { known: false });
  keepNotNullNames(source);
  for (const column of source.columns.values()) {
    const keepsDefault = column.default?.by === "generated" ? includes(4) : includes(3);
    table.columns.set(column.name, {
      ...column,
      origin,
      default: keepsDefault ? column.default : undefined,
    });
  }
  for (const one of source.constraints.values()) {
    if (one.kind === "check" && includes(2))
      table.constraints.set(one.name, { ...one, origin, valid: true });
  }
  if (!includes(6)) return;
  for (const index of catalog.indexesOf(source)) {
    const name =
      `${table.name}_${index.keys.join("_")}_${index.constraint === undefined ? "idx" : index.name.endsWith("_pkey") ? "pkey" : "key"}`.replace(
        /^(.*)_.*_pkey$/,
        () => `${table.name}_pkey`,
      );
    const constraint =
      index.constraint === undefined ? undefined : source.constraints.get(index.constraint);
    catalog.indexes.set(`${table.schema}.${name}`, {
      ...index,
      schema: table.schema,
      name,
      table,
      origin,
      constraint: constraint && name,
    });
    if (constraint !== undefined) table.constraints.set(name, { ...constraint, name, origin });
  }
}

/** CREATE TABLE … AS, CREATE MATERIALIZED VIEW and SELECT … INTO. */
export function createTableAs(statement: Tree, scene: Scene): undefined {
  const into =
    part(statement, "into") ?? part(part(part(statement, "query"), "SelectStmt"), "intoClause");
  const relation = part(into, "rel");
  if (isThereAlready(relation, flag(statement, "if_not_exists"), scene)) return;
  const isView = word(statement, "objtype") === "OBJECT_MATVIEW";
  const sources = viewSources(statement.query, scene);
  const made = newTable(relation, {}, scene);
  const table = Object.assign(made, { kind: isView ? "materialized view" : "table", known: false });
  if (isView) Object.assign(table, { reads: sources, isEmpty: flag(into, "skipData") });
  if (!flag(into, "skipData")) readSources(sources, scene);
}

/** Foretells the reads of the tables that fill the new one. */
function readSources(sources: Table["reads"], scene: Scene): undefined {
  for (const { table } of sources) {
    if (exists(table)) scene.emit({ kind: "work", table, words: `reads ${shown(table)}` });
  }
}

/** CREATE FOREIGN TABLE. */
export function createForeignTable(statement: Tree, scene: Scene): undefined {
  const base = part(statement, "base") ?? part(statement, "baseStmt") ?? {};
  createTable(base, scene);
  const table = findTable(part(base, "relation"), scene);
  if (table !== undefined) Object.assign(table, { kind: "foreign table" });
}
