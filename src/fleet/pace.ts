/** The speed of the last run over tenants, by its own records. */
import type { Session } from "../adapters/adapter.ts";
import type { TenantSql } from "../core/language/tenant-sql.ts";
import { unlessMissing } from "./registry.ts";
import type { FleetTables } from "./tables.ts";

/** A run of less says little. */
const fewestTenants = 10;
/** Times are kept in whole seconds. */
const shortestSeconds = 2;

/** Tenants a second, in one process. Default: no run was long enough to tell. */
export async function readPace(
  session: Session,
  { history }: FleetTables,
  sql: TenantSql,
): Promise<number | undefined> {
  const [row] = await unlessMissing(session, () => session.query(sql.pace(history)));
  const { tenants, seconds } = { tenants: Number(row?.tenants), seconds: Number(row?.seconds) };
  if (!(tenants >= fewestTenants && seconds >= shortestSeconds)) return undefined;
  return tenants / seconds;
}
