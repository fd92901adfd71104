/** Finds the columns that have to look up the sign of the column that they refer to. */
import type { Column, Constraint } from "../../../core/language/table-parts.ts";
import type { Named } from "../../../core/model/named.ts";
import type { ReferenceSign } from "../procedures/procedure.ts";
import type { MysqlServer } from "../server.ts";
import { quote } from "../sql-text.ts";
import { columnType } from "./column-type.ts";

/** Those whose type says how large a number is, and not whether it has a sign. */
export function referenceSigns(
  columns: readonly Column[],
  constraints: readonly Constraint[],
  server: MysqlServer,
): readonly ReferenceSign[] {
  return columns.flatMap((column) => {
    const target = referred(column, constraints);
    if (target === undefined || !portable.has(column.type)) return [];
    return [{ ...target, assumed: `${quote(column.name)} ${columnType(column, server)}` }];
  });
}

/** The column that this one refers to, by itself or by a foreign key of its table. */
function referred(
  { name, references }: Column,
  constraints: readonly Constraint[],
): { readonly table: Named; readonly column: string } | undefined {
  if (references !== undefined) return { table: references.table, column: references.column };
  for (const constraint of constraints) {
    if (constraint.kind !== "foreign_key") continue;
    const column = constraint.references.columns[constraint.columns.indexOf(name)];
    if (column !== undefined) return { table: constraint.references.table, column };
  }
  return undefined;
}

const portable: ReadonlySet<string> = new Set([
  ...["bigint", "integer", "id", "smallint"],
  ...["bigserial", "serial", "identity"],
]);
