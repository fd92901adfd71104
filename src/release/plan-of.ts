/** Shows a prepared run to whoever only asks. */
import { rollout } from "../core/plan/rollout.ts";
import { pendingData } from "./data-lane.ts";
import type { LaneName } from "./lane.ts";
import { prepareRuns } from "./prepare-run.ts";
import type { PreparedRun } from "./prepared-run.ts";
import type { RepoPlan } from "./repo-plan.ts";
import type { MigrateRequest } from "./requests.ts";
import type { RunWorld } from "./run-world.ts";
import {
  meansTenantData,
  meansTenants,
  onlyTenants,
  refuseNamedBesideTarget,
  refuseUnlessMany,
} from "./tenants/means-tenants.ts";
import type { TenantsPlan } from "./tenants/tenants-plan.ts";

/** Gives the plan of a request for each of its repos. */
export async function plansOf(
  request: MigrateRequest,
  lane: LaneName,
  world: RunWorld,
): Promise<readonly RepoPlan[]> {
  refuseNamedBesideTarget(request);
  const runs = await prepareRuns(request, lane, { ...world, unmet: "tell", reads: "tell" });
  try {
    refuseUnlessMany(
      runs.map(({ repo }) => repo),
      request,
    );
    return await Promise.all(
      runs.map(async (run) => {
        const tenants = await tenantsOf(run, request, lane, world);
        const shared = onlyTenants(request) ? { ...run, steps: [] } : run;
        const planned = await planOf(shared, lane, { ...world, ...request.options });
        return tenants === undefined ? planned : { ...planned, tenants };
      }),
    );
  } finally {
    await Promise.all(runs.map((run) => run.session.close()));
  }
}

/** Most repos are one. */
async function tenantsOf(
  run: PreparedRun,
  request: MigrateRequest,
  lane: LaneName,
  world: RunWorld,
): Promise<TenantsPlan | undefined> {
  if (meansTenantData(run.repo, request, lane)) {
    const { planTenantData } = await import("./tenants/plan-tenant-data.ts");
    return planTenantData(run, request, world);
  }
  if (run.repo.tenants === undefined || !meansTenants(request, lane)) return undefined;
  const { planTenants } = await import("./tenants/plan-tenants.ts");
  return planTenants(run, request, world);
}

/** The plan of one repo, with its rollout where there is one. Its session must still be open. */
async function planOf(
  run: PreparedRun,
  lane: LaneName,
  place: { readonly root: string; readonly prefix?: string | undefined },
): Promise<RepoPlan> {
  const { repo, session, direction, steps, warnings } = run;
  const planned = { repo: repo.name, direction, steps, warnings };
  if (lane === "data" || direction === "down") return planned;
  const data = await pendingData({ repo, session, root: place.root, prefix: place.prefix });
  return { ...planned, rollout: rollout(steps, data, session.dialect.syntax) };
}
