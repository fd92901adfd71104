/** Migrates many tenants: on several connections, together with whatever processes do the same. */
import type { Session } from "../adapters/adapter.ts";
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { FleetContext } from "./fleet-context.ts";
import { FleetProgress } from "./fleet-progress.ts";
import { behindAmong, type FleetRequest, type FleetRun, stateOf } from "./fleet-run.ts";
import type { TenantState } from "./registry.ts";
import { runWave } from "./wave-run.ts";
import { isOverBudget, type Wave, wavesOf } from "./waves.ts";

/** What a run has come to. */
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
 * Wave by wave. A tenant that fails is left as it was, written down as one to be left alone, and the others go on.
 * Ends the connections that it opened.
 *
 * @throws {ReleaseError} `interrupted`, and what `groupOf` refuses
 */
export async function runFleet(
  request: FleetRequest,
  context: FleetContext,
  at: { readonly sessions: Session[]; readonly states: ReadonlyMap<string, TenantState> },
): Promise<FleetOutcome> {
  const progress = new FleetProgress(context);
  const own = { failed: [], taken: new Set<string>(), compiled: new Map() };
  const run: FleetRun = { ...request, ...at, ...own, context, progress };
  const kept = request.retryQuarantined
    ? []
    : request.tenants.filter((tenant) => stateOf(run, tenant).quarantined);
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
  let isStopped = false;
  for (const wave of waves) {
    if (isStopped) {
      left += wave.tenants.length;
      continue;
    }
    if (waves.length > 1) run.progress.wave(wave);
    left += await runWave(wave, run, () => isSpent(run, wave));
    refuseToGoOn(run);
    isStopped = isSpent(run, wave);
  }
  return left;
}

/** @throws {ReleaseError} `interrupted` */
function refuseToGoOn({ context: { edge } }: FleetRun): void {
  if (!edge.signal.aborted) return;
  throw new ReleaseError("interrupted", { signal: String(edge.signal.reason), done: [] });
}

function isSpent({ budget, tenants, failed }: FleetRun, wave: Wave): boolean {
  return isOverBudget(failed.length, { wave: wave.name, all: tenants.length, budget });
}
