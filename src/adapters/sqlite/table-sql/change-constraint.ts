/** Constraints added, dropped and renamed in the text of a table. */
import { type ChangedTable, mapClauses, withoutConstraints } from "./changed-table.ts";
import { parseConstraintSql } from "./parse-table.ts";
import { sameName } from "./table-sql.ts";

/** The table with one more constraint, given as `tableConstraint` writes it. */
export function addConstraint(table: ChangedTable, sql: string): ChangedTable {
  const constraints = [...table.sql.constraints, ...parseConstraintSql(sql)];
  return { ...table, sql: { ...table.sql, constraints } };
}

/** Throws when the table has no such constraint, unless that is allowed. */
export function dropConstraint(
  table: ChangedTable,
  change: { readonly name: string; readonly ifExists?: boolean | undefined },
): ChangedTable {
  const { name, ifExists } = change;
  if (hasConstraint(table, name)) return withoutConstraints(table, [name]);
  if (ifExists) return table;
  throw missing(table, name);
}

/** Throws when the table has no such constraint, or one of the new name. */
export function renameConstraint(
  table: ChangedTable,
  change: { readonly name: string; readonly to: string },
): ChangedTable {
  const { name, to } = change;
  if (!hasConstraint(table, name)) throw missing(table, name);
  if (hasConstraint(table, to)) {
    throw new Error(`table ${table.name} already has a constraint ${to}`);
  }
  return mapClauses(table, (clause) => [
    sameName(clause.name ?? "", name) ? { ...clause, name: to } : clause,
  ]);
}

function hasConstraint({ sql }: ChangedTable, name: string): boolean {
  const clauses = [...sql.constraints, ...sql.columns.flatMap((column) => column.clauses)];
  return clauses.some((clause) => sameName(clause.name ?? "", name));
}

function missing(table: ChangedTable, name: string): Error {
  return new Error(`table ${table.name} has no constraint ${name}`);
}
