import type { ColumnFacts } from "../language/backfill-sql.ts";

/** A column as a row of `tableFacts` has it. */
export function columnFacts(row: Readonly<Record<string, unknown>>): ColumnFacts {
  return {
    name: String(row.name),
    type: String(row.type),
    base: String(row.base ?? row.type),
    cast: String(row.written ?? row.type),
    collation: typeof row.collation === "string" ? row.collation : undefined,
    operators: typeof row.operators === "string" ? row.operators : undefined,
    notNull: Number(row.not_null) === 1,
    hasDefault: Number(row.has_default) === 1,
    moves: Number(row.moves) === 1,
  };
}
