/** The shape of the history table, and how an older one becomes it. */
import type { Session } from "../adapters/adapter.ts";
import type { Statement } from "../core/dialect.ts";
import type { Column, Named, SchemaOperation } from "../core/schema/operation.ts";

/** What the columns say beside the version. Ecto has the first two and nothing else, so a row of its own fits. */
export const historyColumns: readonly Column[] = [
  { name: "version", type: "bigint", primaryKey: true, null: false },
  { name: "inserted_at", type: "naive_datetime" },
  { name: "name", type: "text" },
  { name: "checksum", type: "text" },
  { name: "meaning", type: "text" },
  { name: "plan", type: "map" },
  { name: "duration_ms", type: "bigint" },
  { name: "run_id", type: "text" },
  { name: "release", type: "text" },
  { name: "host", type: "text" },
  { name: "fence", type: "bigint" },
  { name: "phase", type: "text" },
  { name: "compatible_from", type: "text" },
];

/**
 * Makes the table, and adds what an older one lacks. Only under the lock: `CREATE TABLE IF NOT EXISTS` races, and even
 * there with what the server still does for a process that was killed. Then the table is found to be made.
 *
 * @returns the statements that it ran, for the log
 */
export async function ensureHistoryTable(
  session: Session,
  table: Named,
): Promise<readonly Statement[]> {
  const operation = missingShape(table, await presentColumns(session, table));
  const statements = operation === undefined ? [] : session.dialect.compile(operation);
  try {
    await session.execute(statements);
  } catch (error) {
    if (session.errorKind(error) !== "already_exists") throw error;
    return [];
  }
  return statements;
}

function missingShape(
  table: Named,
  present: readonly string[] | undefined,
): SchemaOperation | undefined {
  if (present === undefined) {
    return {
      kind: "create_table",
      table,
      definition: { columns: historyColumns, constraints: [] },
      ifNotExists: true,
    };
  }
  const missing = historyColumns.filter((column) => !present.includes(column.name));
  if (missing.length === 0) return undefined;
  return {
    kind: "alter_table",
    table,
    changes: missing.map((column) => ({ kind: "add_column", column })),
  };
}

/** The columns of ours that the table has; `undefined` when there is no table. */
async function presentColumns(
  session: Session,
  table: Named,
): Promise<readonly string[] | undefined> {
  const names = historyColumns.map((column) => column.name);
  if (await canSelect(session, table, names)) return names;
  if (!(await canSelect(session, table, ["version"]))) return undefined;
  const present: string[] = [];
  for (const name of names) if (await canSelect(session, table, [name])) present.push(name);
  return present;
}

async function canSelect(
  session: Session,
  table: Named,
  names: readonly string[],
): Promise<boolean> {
  const { dialect } = session;
  const list = names.map((name) => dialect.quote(name)).join(", ");
  try {
    await session.query(`SELECT ${list} FROM ${dialect.quoteNamed(table)} WHERE 1 = 0`);
    return true;
  } catch (error) {
    const kind = session.errorKind(error);
    if (kind === "table_missing" || kind === "column_missing") return false;
    throw error;
  }
}
