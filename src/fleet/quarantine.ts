/** A tenant that failed: written down with its reason, so that no run tries it again before somebody says so. */
import type { Session } from "../adapters/adapter.ts";
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import { versionNumber } from "../core/model/version-key.ts";
import type { FleetContext } from "./fleet-context.ts";
import { tenantEvent } from "./tenant-events.ts";
import type { TenantWork } from "./tenant-run.ts";

/** Gives whether it was written down; not where the tenant has something else by now. */
export async function quarantine(
  session: Session,
  { tenant, compiled, failed }: TenantWork & { readonly failed: FailedTenant },
  { tables, facts }: FleetContext,
): Promise<boolean> {
  const { dialect } = session;
  const { quote: q, literal } = dialect;
  const set = {
    state: "'quarantined'",
    reason: literal(failed.reason),
    failed_version: versionNumber(failed.version),
    failed_name: literal(failed.name),
    failed_at: dialect.utcNow,
    run_id: literal(facts.runId),
  };
  const is = dialect.operator("=");
  const values = Object.entries(set).map(([name, value]) => `${q(name)} = ${value}`);
  const changed = await session.change(
    `UPDATE ${dialect.quoteNamed(tables.tenants)} SET ${values.join(", ")} WHERE ${q("tenant")} ${is} ${literal(tenant)} AND ${q("versions")} ${is} ${literal(compiled.group.versions)}`,
  );
  if (changed === 0) return false;
  const { version, name, reason } = failed;
  const { direction } = compiled.group;
  const event = { tenant, version, name, direction, result: "failed", reason } as const;
  await session.execute([tenantEvent(session, { tables, facts }, event)]);
  return true;
}
