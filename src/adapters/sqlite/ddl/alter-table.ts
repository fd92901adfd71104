/**
 * Changes of an existing table. SQLite itself can only add simple columns and rename
 * (https://www.sqlite.org/lang_altertable.html); everything else is one rebuild for all changes together.
 */

import type { OperationOf } from "../../../core/language/operation.ts";
import type { Column, ColumnChange } from "../../../core/language/table-parts.ts";
import { isFragment } from "../../../core/model/fragment.ts";
import type { Named } from "../../../core/model/named.ts";
import type { Statement } from "../../../core/model/statement.ts";
import type { RebuildChange } from "../procedures/procedure.ts";
import { quote, quoteNamed } from "../quote.ts";
import { noCascade, refuse, refuseOptions } from "../refuse.ts";
import { plain, procedure } from "../statement.ts";
import { columnDefinition, defaultValue } from "./column.ts";
import { columnType, isSerial } from "./column-type.ts";
import { tableConstraint } from "./constraint.ts";
import { compositeReference } from "./foreign-key.ts";

/** @throws {UnsupportedOperation} */
export function alterTable(op: OperationOf<"alter_table">): readonly Statement[] {
  const { table, changes } = op;
  changes.forEach(spell);
  const added = changes.map(simplyAdded);
  if (!added.every((column) => column !== undefined)) return rebuild(table, changes);
  return added.map((column) => {
    return plain(
      `ALTER TABLE ${quoteNamed(table)} ADD COLUMN ${columnDefinition(column, { key: "none" })}`,
    );
  });
}

/** @throws {UnsupportedOperation} */
export function createConstraint(op: OperationOf<"create_constraint">): readonly Statement[] {
  const { constraint } = op;
  tableConstraint(constraint);
  return rebuild(op.table, [{ kind: "add_constraint", constraint }]);
}

/** @throws {UnsupportedOperation} */
export function dropConstraint(op: OperationOf<"drop_constraint">): readonly Statement[] {
  const { name, ifExists } = op;
  refuseOptions(op, `drop constraint ${name}`, { cascade: noCascade });
  return rebuild(op.table, [{ kind: "drop_constraint", name, ifExists }]);
}

/** @throws {UnsupportedOperation} */
export function renameConstraint(op: OperationOf<"rename_constraint">): readonly Statement[] {
  return rebuild(op.table, [{ kind: "rename_constraint", name: op.constraint, to: op.to }]);
}

function rebuild(table: Named, changes: readonly RebuildChange[]): readonly Statement[] {
  const words = `rebuild table ${quoteNamed(table)}: ${changes.map(describeChange).join(", ")}`;
  return [procedure(words, { name: "rebuild", input: { table: table.name, changes } })];
}

/** The column of a change that `ALTER TABLE … ADD COLUMN` takes on a table with rows. */
function simplyAdded(change: ColumnChange): Column | undefined {
  if (change.kind !== "add_column" || change.ifNotExists) return undefined;
  const { references, generated, primaryKey, default: value } = change.column;
  const refersByDefault = references !== undefined && value !== undefined && value !== null;
  const stored = /\bSTORED\b/i.test(generated ?? "");
  const simple = !primaryKey && !stored && !isFragment(value) && !refersByDefault;
  return simple && references?.with === undefined ? change.column : undefined;
}

/**
 * The SQL of the new parts of a change. It refuses a part that cannot be spelled before anything
 * runs.
 */
function spell(change: ColumnChange): string | undefined {
  switch (change.kind) {
    case "add_column":
      return spellColumn(change.column);
    case "modify_column":
      refuseNewKey(change.column);
      return spellColumn(change.column);
    case "remove_column":
      refuseOptions(change, `remove column ${change.name}`, { cascade: noCascade });
      return undefined;
    case "set_default":
      return defaultValue(change.default);
    case "set_type":
      return columnType(change.to);
    case "drop_default":
    case "set_not_null":
    case "drop_not_null":
      return undefined;
  }
}

function spellColumn(column: Column): string {
  const { name, references, primaryKey } = column;
  const composite = references?.with === undefined ? "" : compositeReference(name, references);
  return columnDefinition(column, { key: primaryKey ? "alone" : "none" }) + composite;
}

function refuseNewKey({ name, primaryKey, type }: Column): void {
  if (!primaryKey && !isSerial(type)) return;
  refuse(
    `modify column ${name} into a primary key`,
    `Give its plain type, and add the key with m.createConstraint(…, { primaryKey: ["${name}"] }).`,
  );
}

function describeChange(change: RebuildChange): string {
  const kind = change.kind.replaceAll("_", " ");
  switch (change.kind) {
    case "add_column":
    case "modify_column":
      return `${change.kind.replace("_", " ")} ${quote(change.column.name)}`;
    case "remove_column":
      return `remove column ${quote(change.name)}`;
    case "set_default":
    case "drop_default":
    case "set_not_null":
    case "drop_not_null":
      return `${kind} of ${quote(change.name)}`;
    case "set_type":
      return `set type of ${quote(change.to.name)}`;
    case "add_constraint":
      return `add constraint ${quote(change.constraint.name)}`;
    case "drop_constraint":
      return `drop constraint ${quote(change.name)}`;
    case "rename_constraint":
      return `rename constraint ${quote(change.name)} to ${quote(change.to)}`;
  }
}
