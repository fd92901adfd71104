/** Tables of engines that cannot roll back. https://mariadb.com/kb/en/information-schema-engines-table/ */
import type { Row } from "../adapter.ts";

const sql =
  "SELECT t.table_name AS name, t.engine AS engine FROM information_schema.tables AS t JOIN information_schema.engines AS e ON e.engine = t.engine WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' AND e.transactions <> 'YES' ORDER BY 1";

export async function lastingTables(
  query: (sql: string) => Promise<readonly Row[]>,
): Promise<readonly { readonly name: string; readonly engine: string }[]> {
  const rows = await query(sql);
  return rows.map(({ name, engine }) => ({ name: String(name), engine: String(engine) }));
}
