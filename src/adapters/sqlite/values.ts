/** Values on their way into SQLite and out of it. */
import { lex } from "../../core/sql/lexer.ts";
import type { Row } from "../adapter.ts";
import type {
  SqliteDatabase,
  SqliteInput,
  SqliteRow,
  SqliteStatement,
  SqliteValue,
} from "./driver.ts";

/** Runs one statement. Whole numbers beyond 2^53 arrive as text, all others as numbers. */
export function runStatement(
  db: SqliteDatabase,
  sql: string,
  parameters: readonly unknown[] = [],
): readonly Row[] {
  const statement = db.prepare(sql);
  statement.setReadBigInts(true);
  return bound(statement, sql, parameters).map((row) => {
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, outcoming(value)]));
  });
}

/** `?` takes the values in order; `$1` and `?1` take them by their number, which the driver sees as names. */
function bound(
  statement: SqliteStatement,
  sql: string,
  parameters: readonly unknown[],
): readonly SqliteRow[] {
  if (parameters.length === 0) return statement.all();
  const values = parameters.map(incoming);
  const numbered = [...lex(sql, "sqlite")]
    .filter(({ kind, text }) => kind === "parameter" && /^[$?]\d+$/.test(text))
    .map(({ text }) => [text, values[Number(text.slice(1)) - 1] ?? null] as const);
  return numbered.length === 0
    ? statement.all(...values)
    : statement.all(Object.fromEntries(numbered));
}

function incoming(value: unknown): SqliteInput {
  switch (typeof value) {
    case "undefined":
      return null;
    case "boolean":
      return value ? 1 : 0;
    case "number":
    case "bigint":
    case "string":
      return value;
  }
  if (value === null || value instanceof Uint8Array) return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}

function outcoming(value: SqliteValue): unknown {
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
