/** Foretells the parts of ALTER TABLE that change single columns. */

import { child, flag, part, type Tree, word } from "../../sql/tree.ts";
import type { AddedConstraint } from "./added-constraint.ts";
import { shown, type Table, treeOf } from "./catalog.ts";
import { columnRefusal } from "./column-refusal.ts";
import {
  addedColumnRewrite,
  defaultFrom,
  defineColumn,
  ownSequence,
  readColumn,
} from "./columns.ts";
import { aroundViews, dropOfColumn } from "./dependents.ts";
import { enforceNotNull, isNullable } from "./not-null.ts";
import { exists, olderThanFile, type Scene } from "./scene.ts";
import { rewritten, type Subcommand } from "./subcommand.ts";
import { refuseUnknownColumns } from "./unknown-columns.ts";

export function addColumn(
  table: Table,
  command: Tree,
  {
    commands,
    later,
    scene,
  }: {
    readonly commands: readonly Subcommand[];
    /** Takes its foreign keys: the server makes them behind the keys of the same statement. */
    readonly later: AddedConstraint[];
    readonly scene: Scene;
  },
): undefined {
  const definition = part(part(command, "def"), "ColumnDef") ?? {};
  const made = readColumn(definition, scene);
  const { column } = made;
  const ifNotExists = flag(command, "missing_ok");
  if (table.columns.has(column.name)) {
    if (!ifNotExists && table.known)
      scene.emit({ kind: "fails", why: `${shown(table)} has a column ${column.name} already` });
    return;
  }
  const rewrite = addedColumnRewrite(made, scene);
  scene.emit({ kind: "column added", table, column, rewrite, ifNotExists });
  const isKey = made.constraints.some(({ tree }) => tree.contype === "CONSTR_PRIMARY");
  scene.emit({ kind: "column defined", table, column, written: made.written, isKey });
  if (rewrite !== undefined) scene.emit({ kind: "work", table, words: "writes every row anew" });
  if (column.stored === false && column.notNull) notNullRead(table, column.name, command, scene);
  const skipsForeignKeyScan = !commands.some(comesWithValue);
  for (const below of treeOf(table).slice(1)) below.columns.set(column.name, { ...column });
  defineColumn(table, made, scene, { isNewTable: false, skipsForeignKeyScan, later });
}

/**
 * Whether the rows get a value in this ALTER TABLE, so that its foreign keys must be looked up.
 * `transformAlterTableStmt` in parse_utilcmd.c: any default counts, and any foreign key that stands alone.
 */
function comesWithValue({ subtype, tree }: Subcommand): boolean {
  if (subtype === "AT_AddConstraint")
    return part(part(tree, "def"), "Constraint")?.contype === "CONSTR_FOREIGN";
  if (subtype !== "AT_AddColumn") return false;
  const definition = part(part(tree, "def"), "ColumnDef");
  const serial = /serial/.test(JSON.stringify(definition?.typeName ?? ""));
  return serial || /CONSTR_(DEFAULT|GENERATED)/.test(JSON.stringify(definition?.constraints ?? ""));
}

/** Every row is computed to see that a virtual column is never NULL; no constraint proves it before. */
function notNullRead(table: Table, column: string, written: Tree, scene: Scene): undefined {
  scene.emit({
    kind: "not null enforced",
    table,
    columns: [column],
    by: "set not null",
    written,
    proofs: [],
  });
  scene.emit({ kind: "work", table, words: "checks every row for NULL" });
}

export function dropColumn(table: Table, command: Tree, scene: Scene): undefined {
  const name = word(command, "name") ?? "";
  const column = table.columns.get(name);
  const cascades = word(command, "behavior") === "DROP_CASCADE";
  if (table.known && column === undefined) {
    if (!flag(command, "missing_ok")) refuseUnknownColumns(table, [name], scene);
    return;
  }
  const fails = dropOfColumn(table, name, { cascades }, scene);
  if (fails !== undefined) {
    const change = `ALTER TABLE ${shown(table)} DROP COLUMN ${name};`;
    const safe = aroundViews(table, name, { change, scene });
    return scene.emit({ kind: "fails", why: fails, safe });
  }
  const older = olderThanFile(column ?? table, scene);
  scene.emit({ kind: "lost", what: "column", name: `${shown(table)}.${name}`, table, older });
  if (cascades)
    scene.emit({
      kind: "cascade",
      what: `DROP COLUMN ${name}`,
      older: exists(column ?? table),
      tables: [shown(table)],
    });
}

export function alterColumn(table: Table, subtype: string, command: Tree, scene: Scene): undefined {
  const name = word(command, "name") ?? "";
  if (subtype === "AT_SetNotNull") return setNotNull(table, command, scene);
  if (subtype === "AT_DropNotNull") return dropNotNull(table, name, scene);
  if (subtype === "AT_SetExpression") return setExpression(table, command, scene);
  const column = table.columns.get(name);
  if (/^AT_(ColumnDefault|AddIdentity|DropIdentity|DropExpression|SetIdentity)$/.test(subtype))
    refuseUnknownColumns(table, [name], scene);
  if (column === undefined) return;
  const refused = columnRefusal(table, column, { subtype, command }, scene);
  if (refused !== undefined) return scene.emit({ kind: "fails", why: refused });
  if (subtype === "AT_ColumnDefault") column.default = defaultFrom(child(command, "def"));
  if (subtype === "AT_AddIdentity") addIdentity(table, name, scene);
  if (subtype === "AT_DropIdentity" || subtype === "AT_DropExpression") column.default = undefined;
}

function setNotNull(table: Table, command: Tree, scene: Scene): undefined {
  const name = word(command, "name") ?? "";
  refuseUnknownColumns(table, [name], scene);
  const own = [...table.constraints.values()].find(
    (one) => one.kind === "not null" && one.columns[0] === name && one.noInherit === true,
  );
  if (own !== undefined)
    return scene.emit({
      kind: "fails",
      why: `the NOT NULL constraint ${own.name} of ${shown(table)} is NO INHERIT`,
    });
  refuseUnproven(table, name, scene);
  const notValid = [...table.constraints.values()].find(
    (one) => one.kind === "not null" && !one.valid && one.columns[0] === name,
  );
  if (isNullable(table, name, { unknown: true }))
    enforceNotNull(table, [name], { by: "set not null", written: command }, scene);
  if (notValid !== undefined) notValid.valid = true;
}

/** The parent believes a partition whose own NOT NULL was never validated, and reads nothing. */
function refuseUnproven(table: Table, column: string, scene: Scene): undefined {
  for (const partition of treeOf(table).slice(1))
    for (const { kind, name, valid, columns } of partition.constraints.values())
      if (kind === "not null" && !valid && columns[0] === column)
        return scene.emit({ kind: "not null unproven", table, partition, column, name });
}

function dropNotNull(table: Table, name: string, scene: Scene): undefined {
  refuseUnknownColumns(table, [name], scene);
  const key = [...table.constraints.values()].find(
    (one) => one.kind === "primary key" && one.columns.includes(name),
  );
  if (key !== undefined)
    scene.emit({ kind: "fails", why: `${name} is in the primary key of ${shown(table)}` });
  else if (table.columns.get(name)?.default?.by === "identity" && isIdentity(table, name))
    scene.emit({ kind: "fails", why: `${name} of ${shown(table)} is an identity column` });
  scene.emit({ kind: "not null dropped", table, column: name });
  const column = table.columns.get(name);
  if (column !== undefined) column.notNull = false;
}

/** A serial has a sequence as its default, and may become nullable. */
function isIdentity(table: Table, name: string): boolean {
  return table.columns.get(name)?.isIdentity === true;
}

function addIdentity(table: Table, name: string, scene: Scene): undefined {
  const column = table.columns.get(name);
  if (column === undefined) return;
  if (!column.notNull)
    scene.emit({
      kind: "fails",
      why: `${name} of ${shown(table)} must be NOT NULL before it becomes an identity`,
    });
  column.default = { by: "identity" };
  ownSequence(table, column, scene);
}

function setExpression(table: Table, command: Tree, scene: Scene): undefined {
  const name = word(command, "name") ?? "";
  const column = table.columns.get(name);
  refuseUnknownColumns(table, [name], scene);
  if (table.known && column !== undefined && column.default?.by !== "generated")
    return scene.emit({ kind: "fails", why: `${name} of ${shown(table)} is no generated column` });
  if (column?.stored === false) {
    const check = [...table.constraints.values()].find((one) => one.kind === "check");
    if (check !== undefined)
      return scene.emit({
        kind: "fails",
        why: `${shown(table)} has the check ${check.name}, so the expression of a virtual column stays`,
      });
    // Whether the new value is never NULL only the rows tell.
    if (column.notNull) notNullRead(table, name, command, scene);
    return;
  }
  rewritten(table, "SET EXPRESSION", scene);
}
