/** Migrates many tenants: on several connections, together with whatever processes do the same. */
import type { Session } from "../adapters/adapter.ts";
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { Failures } from "./failures.ts";
import type { FleetContext } from "./fleet-context.ts";
import { FleetProgress } from "./fleet-progress.ts";
import { behindAmong, type FleetRequest, type FleetRun } from "./fleet-run.ts";
import type { TenantState } from "./registry.ts";
import { runWave } from "./wave-run.ts";
import { isOverBudget, type Wave, wavesOf } from "./waves.ts";

/** The result of a run. */
export type FleetOutcome = {
  /** How many this process has migrated. */
  readonly migrated: number;
  readonly failed: readonly FailedTenant[];
  /** How many an earlier failure keeps back. */
  readonly quarantined: number;
  /** How many were not begun, because too many had failed. */
  readonly left: number;
};

/**
 * Migrates tenants wave by wave. A tenant that fails stays as it was, its row keeps later runs away
 * from it, and the others continue. Ends the connections that it opened.
 *
 * @throws {ReleaseError} `interrupted`, and every refusal of `groupOf`
 */
export async function runFleet(
  request: FleetRequest,
  context: FleetContext,
  at: { readonly sessions: Session[]; readonly states: ReadonlyMap<string, TenantState> },
): Promise<FleetOutcome> {
  const progress = new FleetProgress(context);
  const own = { failed: [] as FailedTenant[], taken: new Set<string>(), compiled: new Map() };
  const failedBefore = (tenant: string) => at.states.get(tenant)?.quarantined === true;
  const isLeftAlone = (tenant: string) => !request.retryQuarantined && failedBefore(tenant);
  const canaries = request.canary.filter(isLeftAlone).length;
  const counted = { context, tenants: request.tenants, own: own.failed, canaries, failedBefore };
  const isGradual = request.canary.length > 0 || request.budget !== undefined;
  const failures = isGradual ? await Failures.begin(at.sessions[0]!, counted) : undefined;
  const run: FleetRun = { ...request, ...at, ...own, failures, context, progress };
  const kept = request.tenants.filter(isLeftAlone);
  const behind = await behindAmong(run, request.tenants);
  progress.begin(behind.length, run.sessions.length);
  const left = await inWaves(run, wavesOf(behind, request));
  const { failed } = run;
  progress.end({ failed: failed.length, left });
  return { migrated: progress.migrated, failed, quarantined: kept.length, left };
}

/** Gives how many were not begun. */
async function inWaves(run: FleetRun, waves: readonly Wave[]): Promise<number> {
  let left = 0;
  // A canary that failed before and is left alone stops all as it did then.
  let isStopped = isOverBudgetNow(run, "canary");
  for (const wave of waves) {
    if (isStopped) {
      left += wave.tenants.length;
      continue;
    }
    if (waves.length > 1) run.progress.wave(wave);
    left += await runWave(wave, run, () => isOverBudgetNow(run, wave.name));
    refuseToGoOn(run);
    await run.failures?.look(run.sessions[0]!, { now: true });
    isStopped = isOverBudgetNow(run, wave.name);
  }
  return left;
}

/** @throws {ReleaseError} `interrupted` */
function refuseToGoOn({ context: { edge } }: FleetRun): void {
  if (!edge.signal.aborted) return;
  throw new ReleaseError("interrupted", { signal: String(edge.signal.reason), done: [] });
}

function isOverBudgetNow({ budget, tenants, failures }: FleetRun, wave: Wave["name"]): boolean {
  return isOverBudget(failures?.count ?? 0, { wave, all: tenants.length, budget });
}
