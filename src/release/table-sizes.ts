/** How large tables are, as the server believes. */
import type { Session } from "../adapters/adapter.ts";
import type { TableSizes } from "../core/safety/rules/grade.ts";

/** Reads the estimates of tables, and waits for no lock on them. Leaves out tables without estimates. */
export async function readTableSizes(
  session: Session,
  tables: readonly string[],
): Promise<TableSizes> {
  const { safety } = session.dialect;
  if (tables.length === 0 || safety === undefined) return new Map();
  const rows = await session.query(safety.sizes(tables));
  return new Map(
    rows.map(({ name, rows: estimate, bytes }) => [
      String(name),
      { rows: Number(estimate), bytes: Number(bytes) },
    ]),
  );
}
