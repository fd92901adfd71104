/** A backfill as it is on the tables of one tenant. */
import type { Session } from "../../adapters/adapter.ts";
import { type BackfillTarget, readTarget } from "../../backfill/target.ts";
import { tenantHistory } from "../../backfill/tenant-runs.ts";
import type { Backfill } from "../../core/backfill/backfill.ts";
import type { Named } from "../../core/model/named.ts";
import type { FleetContext } from "../../fleet/fleet-context.ts";
import type { Repo } from "../config.ts";
import type { BackfillStep } from "../is-backfill-step.ts";

/** The backfill on the table of a tenant; its statements find names in the tenant's schema. */
export async function tenantTarget(
  session: Session,
  { tenant, step }: { readonly tenant: string; readonly step: BackfillStep },
  {
    repo,
    history,
    fleet,
  }: {
    readonly repo: Pick<Repo, "name">;
    readonly history: Named;
    readonly fleet: FleetContext;
  },
): Promise<BackfillTarget> {
  const { version, name } = step.file;
  const ref = { repo: repo.name, version, name, history: tenantHistory(history, tenant) };
  const enter = fleet.sql.enter(tenant, fleet.searchPath);
  return { ...(await readTarget(session, ref, inSchema(step.backfill, tenant), enter)) };
}

function inSchema(backfill: Backfill, tenant: string): Backfill {
  const own = (table: Named): Named => ({ ...table, prefix: table.prefix ?? tenant });
  const { mode } = backfill;
  return {
    ...backfill,
    table: own(backfill.table),
    mode:
      mode.kind === "insert"
        ? { ...mode, insert: { ...mode.insert, into: own(mode.insert.into) } }
        : mode,
  };
}
