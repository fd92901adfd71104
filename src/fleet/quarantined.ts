/** Reads the tenants that are left alone, with the reasons. */
import type { Session } from "../adapters/adapter.ts";
import { unlessMissing } from "./registry.ts";
import type { FleetTables } from "./tables.ts";

/** The reasons, by tenant. */
export async function readQuarantined(
  session: Session,
  { tenants }: FleetTables,
): Promise<ReadonlyMap<string, string>> {
  const { quote: q, quoteNamed, operator } = session.dialect;
  const rows = await unlessMissing(session, () =>
    session.query(
      `SELECT ${["tenant", "failed_name", "reason"].map(q).join(", ")} FROM ${quoteNamed(tenants)} WHERE ${q("state")} ${operator("=")} 'quarantined'`,
    ),
  );
  return new Map(
    rows.map((row) => [String(row.tenant), `${row.failed_name}: ${row.reason ?? "no reason"}`]),
  );
}
