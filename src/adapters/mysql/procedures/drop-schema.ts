/** Dropping a database only when it is empty. */
import { literal } from "../literal.ts";
import type { Query } from "./catalog.ts";
import type { MysqlProcedureInputs } from "./procedure.ts";

/** PostgreSQL refuses to drop a schema that is not empty; MySQL would drop all that is in it. */
export async function dropSchema(
  query: Query,
  { name, sql }: MysqlProcedureInputs["drop_schema"],
): Promise<void> {
  const rows = await query(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${literal(name)}
UNION ALL SELECT routine_name FROM information_schema.routines WHERE routine_schema = ${literal(name)} LIMIT 3`,
  );
  const names = rows.map((row) => String(row.name)).join(", ");
  if (names !== "") throw new Error(`the database ${name} is not empty: it has ${names}`);
  await query(sql);
}
