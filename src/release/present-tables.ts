/** The tables of a database by which other tools could be known, as its catalog has them. */
import type { Session } from "../adapters/adapter.ts";
import type { PresentTable } from "../histories/by-signs.ts";

/** One query for the tables of these names. */
export async function presentTables(
  session: Session,
  names: readonly string[],
): Promise<readonly PresentTable[]> {
  const rows = await session.query(session.dialect.tableColumnsSql(names));
  const tables = Map.groupBy(rows, (row) => JSON.stringify([row.table_schema, row.table_name]));
  return [...tables.values()].map(([first, ...others]) => ({
    schema: typeof first?.table_schema === "string" ? first.table_schema : undefined,
    name: String(first?.table_name),
    columns: [first, ...others].map((row) => String(row?.column_name)),
  }));
}
