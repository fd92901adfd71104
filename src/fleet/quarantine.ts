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

/** A statement may name so many. */
const mostNames = 500;

/** Leaves these alone no longer. */
export async function release(
  session: Session,
  tenants: readonly string[],
  { tables }: Pick<FleetContext, "tables">,
): Promise<void> {
  const { quote: q, quoteNamed, literal, operator, isOneOf } = session.dialect;
  const gone = ["reason", "failed_version", "failed_name", "failed_at"];
  const set = ["state = 'ready'", ...gone.map((column) => `${q(column)} = NULL`)];
  for (let i = 0; i < tenants.length; i += mostNames) {
    const some = isOneOf(q("tenant"), tenants.slice(i, i + mostNames).map(literal));
    await session.query(
      `UPDATE ${quoteNamed(tables.tenants)} SET ${set.join(", ")} WHERE ${some} AND ${q("state")} ${operator("=")} 'quarantined'`,
    );
  }
}
