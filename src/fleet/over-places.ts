/** Goes over tenants wave by wave, several at once, until too many have failed. */
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { FleetContext } from "./fleet-context.ts";
import { FleetProgress } from "./fleet-progress.ts";
import type { FleetOutcome } from "./run-fleet.ts";
import { type FailureBudget, isOverBudget, type Wave, wavesOf } from "./waves.ts";

/** What became of a tenant. */
export type PlaceEnding = "migrated" | "up_to_date" | { readonly failed: FailedTenant };

export type OverPlaces = {
  /** In the order in which they are taken. */
  readonly tenants: readonly string[];
  readonly canary: readonly string[];
  readonly budget: FailureBudget | undefined;
  /** How many are at work at once. */
  readonly concurrency: number;
  /** Whatever it throws ends the run. */
  readonly work: (tenant: string) => Promise<PlaceEnding>;
};

/** @throws {ReleaseError} `interrupted`, and what `work` throws, when those at work have ended */
export async function overPlaces(
  request: OverPlaces,
  context: Pick<FleetContext, "repo" | "edge">,
): Promise<FleetOutcome> {
  const { tenants, budget } = request;
  const progress = new FleetProgress(context);
  const failed: FailedTenant[] = [];
  const waves = wavesOf(tenants, request);
  const isSpent = ({ name: wave }: Wave) =>
    isOverBudget(failed.length, { wave, all: tenants.length, budget });
  progress.begin(tenants.length);
  let left = 0;
  let isStopped = false;
  for (const wave of waves) {
    if (isStopped) {
      left += wave.tenants.length;
      continue;
    }
    if (waves.length > 1) progress.wave(wave);
    left += await overWave(wave, { request, context, progress, failed, isSpent });
    isStopped = isSpent(wave);
  }
  progress.end({ failed: failed.length, left });
  return { migrated: progress.migrated, failed, quarantined: 0, left };
}

type At = {
  readonly request: OverPlaces;
  readonly context: Pick<FleetContext, "repo" | "edge">;
  readonly progress: FleetProgress;
  readonly failed: FailedTenant[];
  readonly isSpent: (wave: Wave) => boolean;
};

/** Gives how many were not begun. */
async function overWave(wave: Wave, at: At): Promise<number> {
  const { request, context, progress, failed, isSpent } = at;
  const { signal } = context.edge;
  const thrown: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < wave.tenants.length && thrown.length === 0) {
      if (signal.aborted || isSpent(wave)) return;
      const tenant = wave.tenants[next]!;
      next += 1;
      const ending = await request.work(tenant);
      if (ending === "migrated") progress.done();
      else if (ending === "up_to_date") progress.upToDate();
      else {
        failed.push(ending.failed);
        progress.failed(ending.failed);
      }
    }
  };
  const count = Math.min(request.concurrency, wave.tenants.length);
  const workers = Array.from({ length: count }, () =>
    worker().catch((error: unknown) => void thrown.push(error)),
  );
  await Promise.all(workers);
  if (thrown.length > 0) throw thrown[0];
  if (signal.aborted)
    throw new ReleaseError("interrupted", { signal: String(signal.reason), done: [] });
  return wave.tenants.length - next;
}
