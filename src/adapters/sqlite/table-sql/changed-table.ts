/** A table between two changes, and the ways to look into it. */
import { type ColumnSql, hasName, sameName, type TableClause, type TableSql } from "./table-sql.ts";

export type ChangedTable = {
  readonly name: string;
  readonly sql: TableSql;
  /** Per column that keeps values: the expression that reads it from the old table. */
  readonly copied: readonly { readonly column: string; readonly from: string }[];
  /** Columns that are gone. */
  readonly removed: readonly string[];
};

export function findColumn(table: ChangedTable, name: string): ColumnSql | undefined {
  return table.sql.columns.find((column) => sameName(column.name, name));
}

/** The table with one column edited. Throws when it has no such column. */
export function editColumn(
  table: ChangedTable,
  name: string,
  edit: (column: ColumnSql) => ColumnSql,
): ChangedTable {
  const found = columnOf(table, name);
  const columns = table.sql.columns.map((column) => (column === found ? edit(column) : column));
  return { ...table, sql: { ...table.sql, columns } };
}

/** The column of this name. Throws when there is none. */
export function columnOf(table: ChangedTable, name: string): ColumnSql {
  const found = findColumn(table, name);
  if (found === undefined) throw new Error(`table ${table.name} has no column ${name}`);
  return found;
}

/** The table with each clause of its columns and of itself replaced by what `map` gives. */
export function mapClauses(
  table: ChangedTable,
  map: (clause: TableClause) => readonly TableClause[],
): ChangedTable {
  const columns = table.sql.columns.map((column) => ({
    ...column,
    clauses: column.clauses.flatMap(map),
  }));
  const constraints = table.sql.constraints.flatMap(map);
  return { ...table, sql: { ...table.sql, columns, constraints } };
}

/** The table without the constraints of these names, whether a column's or its own. */
export function withoutConstraints(table: ChangedTable, names: readonly string[]): ChangedTable {
  return mapClauses(table, (clause) => (hasName(names, clause.name ?? "") ? [] : [clause]));
}
