/** A tenant that failed: written down with its reason, so that no run tries it again before somebody says so. */
import type { Session } from "../adapters/adapter.ts";
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import { versionNumber } from "../core/model/version-key.ts";
import type { FleetContext } from "./fleet-context.ts";
import { eventValues } from "./tenant-events.ts";
import type { TenantWork } from "./tenant-run.ts";

/**
 * Writes down that a tenant is left alone. Gives `false` where the tenant has other versions by
 * now.
 */
export async function quarantine(
  session: Session,
  { tenant, compiled, failed }: TenantWork & { readonly failed: FailedTenant },
  { tables, facts, sql }: FleetContext,
): Promise<boolean> {
  const { dialect } = session;
  const { quote: q, literal } = dialect;
  const { version, name, reason } = failed;
  const { direction, versions } = compiled.group;
  const set = {
    state: "'quarantined'",
    reason: literal(reason),
    failed_version: versionNumber(version),
    failed_name: literal(name),
    failed_at: dialect.utcNow,
    run_id: literal(facts.runId),
  };
  const is = dialect.operator("=");
  const values = Object.entries(set).map(([column, value]) => `${q(column)} = ${value}`);
  const update = `UPDATE ${dialect.quoteNamed(tables.tenants)} SET ${values.join(", ")} WHERE ${q("tenant")} ${is} ${literal(tenant)} AND ${q("versions")} ${is} ${literal(versions)}`;
  const event = { tenant, version, name, direction, result: "failed", reason } as const;
  const row = eventValues(session, { facts }, event);
  // One statement: who is killed here leaves both behind, or neither.
  return (await session.change(sql.withRow(update, tables.events, row))) > 0;
}
