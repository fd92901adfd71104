/** The meaning of a migration, as text: two texts that differ in looks only have the same. */
import { type Operation, streamedBy } from "../language/operation.ts";
import { InvalidSql } from "../sql/invalid-sql.ts";
import { meaning } from "../sql/meaning.ts";
import type { SqlSyntax } from "../sql/token.ts";

/**
 * The operations in a canonical form: keys in order, SQL without comments, folded. Of code only that it is there.
 * The way back and the file that SQL came from do not count.
 */
export function operationsMeaning(operations: readonly Operation[], syntax: SqlSyntax): string {
  return JSON.stringify(operations.map((op) => canonical(op, syntax)));
}

function canonical(op: Operation, syntax: SqlSyntax): unknown {
  if (op.kind === "run") {
    const file = streamedBy(op.run);
    return file === undefined ? { kind: op.kind } : { kind: "file", checksum: file.checksum() };
  }
  if (op.kind !== "execute") return sorted(withoutPast(op));
  return sorted({ kind: op.kind, sql: sqlMeaning(op.sql, syntax), parameters: op.parameters });
}

/** An operation's old state says how to undo it. It does not change its meaning. */
function withoutPast(op: Operation): unknown {
  return JSON.parse(
    JSON.stringify(op, (key, value: unknown) => (key === "was" ? undefined : value)),
  );
}

function sqlMeaning(sql: string, syntax: SqlSyntax): string {
  try {
    return meaning(sql, syntax);
  } catch (error) {
    if (error instanceof InvalidSql) return sql;
    throw error;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]),
  );
}
