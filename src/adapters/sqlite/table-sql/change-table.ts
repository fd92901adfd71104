/**
 * Works out a table after some changes, and where its values come from. Pure: text in, text out.
 */
import { tableConstraint } from "../ddl/constraint.ts";
import type { RebuildChange } from "../procedures/procedure.ts";
import { quote } from "../quote.ts";
import {
  addColumn,
  dropNotNull,
  modifyColumn,
  removeColumn,
  setDefault,
  setNotNull,
  setType,
} from "./change-column.ts";
import { addConstraint, dropConstraint, renameConstraint } from "./change-constraint.ts";
import { type ChangedTable, findColumn } from "./changed-table.ts";
import type { ColumnSql, TableSql } from "./table-sql.ts";

/** Throws when a change names a column or a constraint that the table does not have, or has already. */
export function changeTable(
  table: { readonly name: string; readonly sql: TableSql },
  changes: readonly RebuildChange[],
): ChangedTable {
  const copied = table.sql.columns.filter(isStored).map(({ name }) => {
    return { column: name, from: quote(name) };
  });
  return changes.reduce(applyChange, { ...table, copied, removed: [] });
}

function applyChange(table: ChangedTable, change: RebuildChange): ChangedTable {
  switch (change.kind) {
    case "add_column": {
      const present = change.ifNotExists && findColumn(table, change.column.name) !== undefined;
      return present ? table : addColumn(table, change.column);
    }
    case "modify_column":
      return modifyColumn(table, change);
    case "remove_column": {
      const absent = change.ifExists && findColumn(table, change.name) === undefined;
      return absent ? table : removeColumn(table, change.name);
    }
    case "set_default":
      return setDefault(table, change);
    case "drop_default":
      return setDefault(table, { name: change.name });
    case "set_not_null":
      return setNotNull(table, change.name);
    case "drop_not_null":
      return dropNotNull(table, change.name);
    case "set_type":
      return setType(table, change.to);
    case "add_constraint":
      return addConstraint(table, tableConstraint(change.constraint));
    case "drop_constraint":
      return dropConstraint(table, change);
    case "rename_constraint":
      return renameConstraint(table, change);
  }
}

/** A generated column has no values to copy. */
function isStored(column: ColumnSql): boolean {
  return column.clauses.every(({ kind }) => kind !== "generated");
}
