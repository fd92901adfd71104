/** The tables of a database by which other tools could be known, as its catalog has them. */
import type { Session } from "../adapters/adapter.ts";
import { type PresentTable, tablesToLookFor } from "../histories/find-histories.ts";

/** One query. `more`: a table of the user's own name. */
export async function presentTables(
  session: Session,
  more: readonly string[],
): Promise<readonly PresentTable[]> {
  const names = [...tablesToLookFor(), ...more];
  const rows = await session.query(session.dialect.tableColumnsSql(names));
  const tables = Map.groupBy(rows, (row) => JSON.stringify([row.table_schema, row.table_name]));
  return [...tables.values()].map(([first, ...others]) => ({
    schema: typeof first?.table_schema === "string" ? first.table_schema : undefined,
    name: String(first?.table_name),
    columns: [first, ...others].map((row) => String(row?.column_name)),
  }));
}
