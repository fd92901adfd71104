/** Columns added, changed and removed in the text of a table. */
import type { Column, ColumnTypeChange, DefaultValue } from "../../../core/language/table-parts.ts";
import { columnDefinition, defaultValue } from "../ddl/column.ts";
import { columnType } from "../ddl/column-type.ts";
import { compositeReference } from "../ddl/foreign-key.ts";
import { quote } from "../quote.ts";
import { addConstraint } from "./change-constraint.ts";
import {
  type ChangedTable,
  columnOf,
  editColumn,
  mapClauses,
  withoutConstraints,
} from "./changed-table.ts";
import { parseColumnSql } from "./parse-table.ts";
import {
  type ClauseKind,
  type ColumnSql,
  hasName,
  sameName,
  type TableClause,
} from "./table-sql.ts";

export function addColumn(table: ChangedTable, column: Column): ChangedTable {
  const key = column.primaryKey ? "alone" : "none";
  const added = parseColumnSql(columnDefinition(column, { key }));
  const columns = [...table.sql.columns, added];
  return addCompositeKey({ ...table, sql: { ...table.sql, columns } }, column);
}

/** Restates the type, and what else is given. A foreign key takes the place of the one that `was` names. */
export function modifyColumn(
  table: ChangedTable,
  change: { readonly column: Column; readonly was?: Column | undefined },
): ChangedTable {
  const { column, was } = change;
  const replaced = [was?.references?.name, column.references?.name];
  const named = replaced.filter((name) => name !== undefined);
  const spelled = parseColumnSql(columnDefinition(column, { key: "none" }));
  const edited = editColumn(withoutConstraints(table, named), column.name, (before) => {
    const typed = { ...before, type: spelled.type };
    const start = column.null === undefined ? typed : withoutClauses(typed, nullKinds);
    return spelled.clauses.reduce(putClause, start);
  });
  return addCompositeKey(edited, column);
}

/** Takes the constraints and checks that the column has a part in with it, as PostgreSQL does. */
export function removeColumn(table: ChangedTable, name: string): ChangedTable {
  const removed = columnOf(table, name).name;
  const involved = ({ kind, names, columns }: TableClause) =>
    hasName(kind === "check" ? names : columns, removed);
  const left = {
    ...table,
    removed: [...table.removed, removed],
    copied: table.copied.filter(({ column }) => !sameName(column, removed)),
    sql: {
      ...table.sql,
      columns: table.sql.columns.filter((column) => !sameName(column.name, removed)),
    },
  };
  return mapClauses(left, (clause) => (involved(clause) ? [] : [clause]));
}

export function setType(table: ChangedTable, to: ColumnTypeChange): ChangedTable {
  const { name, collation, using } = to;
  const edited = editColumn(table, name, (column) => {
    const typed = { ...column, type: columnType(to) };
    return collation === undefined ? typed : putText(typed, `COLLATE ${quote(collation)}`);
  });
  if (using === undefined) return edited;
  const copied = edited.copied.map((copy) => {
    return sameName(copy.column, name) ? { ...copy, from: using } : copy;
  });
  return { ...edited, copied };
}

/** Without a default: drops the one that is there. */
export function setDefault(
  table: ChangedTable,
  change: { readonly name: string; readonly default?: DefaultValue },
): ChangedTable {
  const { default: value } = change;
  return editColumn(table, change.name, (column) =>
    value === undefined
      ? withoutClauses(column, ["default"])
      : putText(column, `DEFAULT ${defaultValue(value)}`),
  );
}

export function setNotNull(table: ChangedTable, name: string): ChangedTable {
  return editColumn(table, name, (column) => putText(column, "NOT NULL"));
}

export function dropNotNull(table: ChangedTable, name: string): ChangedTable {
  return editColumn(table, name, (column) => withoutClauses(column, nullKinds));
}

const nullKinds: readonly ClauseKind[] = ["not_null", "null"];

function addCompositeKey(table: ChangedTable, { name, references }: Column): ChangedTable {
  if (references?.with === undefined) return table;
  return addConstraint(table, compositeReference(name, references));
}

function putText(column: ColumnSql, text: string): ColumnSql {
  return parseColumnSql(`x ${text}`).clauses.reduce(putClause, column);
}

/** A column has one clause of each kind, but may refer to several tables. */
function putClause(column: ColumnSql, clause: TableClause): ColumnSql {
  const { kind } = clause;
  const replaced: readonly ClauseKind[] =
    kind === "references" ? [] : kind === "not_null" ? nullKinds : [kind];
  const { clauses, ...rest } = withoutClauses(column, replaced);
  return { ...rest, clauses: [...clauses, clause] };
}

function withoutClauses(column: ColumnSql, kinds: readonly ClauseKind[]): ColumnSql {
  return { ...column, clauses: column.clauses.filter(({ kind }) => !kinds.includes(kind)) };
}
