/** ALTER TABLE from parts: as SQL where it says everything, else as work of the session. */

import type { Named } from "../../../core/model/named.ts";
import type { Statement } from "../../../core/model/statement.ts";
import type { AlterPart, ColumnEdit, ReferenceSign } from "../procedures/procedure.ts";
import { clauses, quote, quoteNamed } from "../sql-text.ts";
import { locking, procedure } from "../statement.ts";

/**
 * One statement for all parts. MODIFY COLUMN forgets whatever it does not say
 * (https://dev.mysql.com/doc/refman/8.4/en/alter-table.html), so what stays of a column is looked up when it runs.
 */
export function alterColumns(
  table: Named,
  given: readonly AlterPart[],
  references: readonly ReferenceSign[] = [],
): readonly Statement[] {
  const parts = joined(given);
  if (parts.length === 0) return [];
  const sql = `ALTER TABLE ${quoteNamed(table)} ${parts.map(partWords).join(", ")}`;
  const whole = references.length === 0 && parts.every((part) => typeof part === "string");
  return [
    whole
      ? locking(sql)
      : procedure(sql, { name: "alter_table", input: { table, parts, references } }),
  ];
}

/** Several edits of one column become one, for the server takes one MODIFY of it; it stands where the first one stood. */
function joined(parts: readonly AlterPart[]): readonly AlterPart[] {
  const edits = new Map<string, ColumnEdit>();
  for (const part of parts) {
    if (typeof part !== "string") {
      edits.set(part.column, { ...edits.get(part.column), ...part.edit });
    }
  }
  const seen = new Set<string>();
  return parts.flatMap((part) => {
    if (typeof part === "string") return [part];
    const { column } = part;
    if (seen.has(column)) return [];
    seen.add(column);
    return [
      defaultOnly(column, edits.get(column) ?? {}) ?? { column, edit: edits.get(column) ?? {} },
    ];
  });
}

/**
 * A change of the default alone has a separate clause, for which the server does not rebuild the
 * table.
 */
function defaultOnly(column: string, { default: value, ...rest }: ColumnEdit): string | undefined {
  if (value === undefined || Object.keys(rest).length > 0) return undefined;
  const change = value === "none" ? "DROP DEFAULT" : `SET DEFAULT ${value}`;
  return `ALTER COLUMN ${quote(column)} ${change}`;
}

/** A restated column for people: the changes, with dots for everything else. */
function partWords(part: AlterPart): string {
  if (typeof part === "string") return part;
  const { type, collation, null: nullable, default: value, comment, after } = part.edit;
  return clauses(
    `MODIFY COLUMN ${quote(part.column)}`,
    type ?? "/* its type */",
    collation && `COLLATE ${quote(collation)}`,
    nullable !== undefined && (nullable ? "NULL" : "NOT NULL"),
    value !== undefined && (value === "none" ? "/* no default */" : `DEFAULT ${value}`),
    comment && `COMMENT ${comment}`,
    "/* and the rest as it is */",
    after && `AFTER ${quote(after)}`,
  );
}
