/** Lists the backfills of tenants: summed up by version, or each by itself. Reads only. */
import type { Session } from "../../adapters/adapter.ts";
import { type BackfillReport, readReports } from "../../backfill/report.ts";
import { SummedBackfills } from "../../backfill/summed.ts";
import { readReportsOfEach, readTenantReports } from "../../backfill/tenant-report.ts";
import { tenantHistory } from "../../backfill/tenant-runs.ts";
import { isReleaseError, ReleaseError } from "../../core/model/errors.ts";
import { messageOf } from "../../core/model/message-of.ts";
import { warning } from "../../core/model/warnings.ts";
import { type TenantPlace, tenantPlaces } from "../../fleet/places.ts";
import type { Repo } from "../config.ts";
import type { BackfillPlace } from "../find-backfill.ts";
import { laneOf } from "../lane.ts";
import { openSession } from "../open.ts";
import type { RunWorld } from "../run-world.ts";
import { placesFor, reasonAt, tenantsIn } from "./at-place.ts";
import { lookAtEach } from "./each-place.ts";
import { isInPlaces } from "./tenant-lane.ts";

/** Which of them. */
export type ListedTenants = BackfillPlace & {
  /** Whether to list the backfill of each tenant. Default: their sums. */
  readonly tenants?: boolean;
};

type Listed = BackfillReport & { readonly tenant?: string };

/** @throws {ReleaseError} `tenants_unknown`, `tenants_unreadable`, `interrupted` */
export async function listTenantBackfills(
  repo: Repo,
  session: Session,
  asked: ListedTenants,
  world: RunWorld,
): Promise<readonly Listed[]> {
  if (isInPlaces(repo)) return listPlaces(repo, session, asked, world);
  const { historyTable: history } = laneOf(repo, "data", { prefix: asked.prefix });
  const { tenant } = asked;
  if (tenant !== undefined) {
    const reports = await readReports(session, tenantHistory(history, tenant));
    return reports.map((report) => ({ tenant, ...report }));
  }
  return asked.tenants === true
    ? readReportsOfEach(session, history)
    : readTenantReports(session, history);
}

/** Opens each, and closes it. */
async function listPlaces(
  repo: Repo,
  session: Session,
  { prefix, tenant, tenants }: ListedTenants,
  world: RunWorld,
): Promise<readonly Listed[]> {
  const all = await tenantPlaces(repo.name, tenantsIn(repo), session);
  const places = tenant === undefined ? all : all.filter((one) => one.tenant === tenant);
  if (tenant !== undefined && places.length === 0)
    throw new ReleaseError("tenants_unknown", { repo: repo.name, tenants: [tenant] });
  const atPlace = placesFor(repo, world.root);
  const sums = new SummedBackfills();
  const each: (readonly Listed[])[] = [];
  const unreachable: { tenant: string; reason: string }[] = [];
  const look = async ({ tenant: name, at }: TenantPlace, index: number) => {
    try {
      const reports = await reportsAt(atPlace(at), { prefix, world });
      if (tenant === undefined && tenants !== true)
        for (const one of reports) sums.add({ tenant: name, ...one });
      else each[index] = reports.map((report) => ({ tenant: name, ...report }));
    } catch (error) {
      if (isReleaseError(error) && error.code === "interrupted") throw error;
      const reason = isReleaseError(error) ? reasonAt(repo.name, error) : messageOf(error);
      unreachable.push({ tenant: name, reason });
    }
  };
  await lookAtEach(places, look, { adapter: repo.adapter, signal: world.edge.signal });
  if (unreachable.length > 0)
    world.emit({
      ...{ type: "warning", repo: repo.name, ...warning("tenants_unread", { unreachable }) },
    });
  return tenant === undefined && tenants !== true ? sums.result : each.flat();
}

async function reportsAt(
  repo: Repo,
  { prefix, world }: { readonly prefix: string | undefined; readonly world: RunWorld },
): Promise<readonly BackfillReport[]> {
  const session = await openSession(repo, { role: "work", ...world, reads: "quietly" });
  try {
    return await readReports(session, laneOf(repo, "data", { prefix }).historyTable);
  } finally {
    await session.close();
  }
}
