/**
 * Plans a run for the tenants of a repo, whether each has a schema, a file or a database. Writes
 * nothing.
 */
import { isReleaseError, ReleaseError } from "../../core/model/errors.ts";
import { compareVersions } from "../../core/model/migration.ts";
import type { Warning } from "../../core/model/warnings.ts";
import { readStates } from "../../fleet/own-histories.ts";
import { readPace } from "../../fleet/pace.ts";
import { untouched } from "../../fleet/registry.ts";
import type { PreparedRun } from "../prepared-run.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import { wouldRefuse } from "../would-refuse.ts";
import { chosen } from "./migrate-tenants.ts";
import { fleetContext, namesOrLater } from "./prepare-tenants.ts";
import { isInPlaces } from "./tenant-lane.ts";
import { type TenantPlans, tenantPlans } from "./tenant-plans.ts";
import { PlannedSteps, type TenantsPlan } from "./tenants-plan.ts";

/**
 * @throws {ReleaseError} every mistake in the migrations themselves; `tenants_unreadable`,
 * `tenants_invalid`, `tenants_unknown`
 */
export async function planTenants(
  run: Pick<PreparedRun, "repo" | "session" | "steps">,
  request: MigrateRequest,
  world: RunWorld,
): Promise<TenantsPlan> {
  if (isInPlaces(run.repo))
    return (await import("./plan-places.ts")).planPlaces(run, request, world);
  const { repo, session, steps } = run;
  const { target, phase, options } = request;
  const given = options.tenants || {};
  const warnings: Warning[] = [];
  const heard = (event: Parameters<typeof world.emit>[0]) => {
    if (event.type === "warning") warnings.push(event);
    world.emit(event);
  };
  const context = await fleetContext(repo, session, options, world);
  const asked = { ...world, emit: heard };
  const plans = await tenantPlans(repo, session, { target, phase, ...options }, asked);
  const listed = await namesOrLater(repo, session, steps.length > 0);
  const names = listed && chosen({ repo, options: given }, listed);
  const states = await readStates(session, context.tables);
  const counts = new Map<string, { tenant: string; tenants: number }>();
  let quarantined = 0;
  for (const tenant of names ?? []) {
    const state = states.get(tenant) ?? untouched;
    if (state.quarantined && given.retryQuarantined !== true) quarantined += 1;
    else {
      const group = counts.get(state.versions);
      if (group === undefined) counts.set(state.versions, { tenant, tenants: 1 });
      else group.tenants += 1;
    }
  }
  // Where nobody knows the tenants yet, each may need everything.
  if (names === undefined) counts.set(untouched.versions, { tenant: "", tenants: 0 });
  const planned = new PlannedSteps((versions) => versions.toSorted(compareVersions));
  let behind = 0;
  for (const [versions, { tenant, tenants }] of counts) {
    const group = await plans.groupOf(versions, tenant);
    if (group.steps.length > 0) behind += tenants;
    planned.add(group.steps, tenants);
  }
  if (behind > 0) warnings.push(...(await edits(plans, names ?? [], options.allowEdited === true)));
  const perSecond = behind < 2 ? undefined : await readPace(session, context.tables, context.sql);
  return {
    ...(names === undefined ? {} : { tenants: names.length }),
    ...{ behind, quarantined },
    ...planned.result(),
    ...(perSecond === undefined ? {} : { perSecond }),
    warnings,
  };
}

/** Turns refusals into warnings, because a plan only looks. */
async function edits(
  plans: TenantPlans,
  names: readonly string[],
  isAllowed: boolean,
): Promise<readonly Warning[]> {
  try {
    return await plans.edited(names, { isAllowed });
  } catch (error) {
    if (!isReleaseError(error)) throw error;
    const all =
      error.code === "several" ? (error as ReleaseError<"several">).details.errors : [error];
    return all.flatMap((one) => (one instanceof ReleaseError ? [wouldRefuse(one)] : []));
  }
}
