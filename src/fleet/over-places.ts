/** Goes over tenants wave by wave, several at once, until too many have failed. */
import { jittered, nextPauseMs } from "../core/model/backoff.ts";
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { traced } from "../engine/traced.ts";
import type { Failures } from "./failures.ts";
import type { FleetContext } from "./fleet-context.ts";
import { FleetProgress } from "./fleet-progress.ts";
import type { FleetOutcome } from "./run-fleet.ts";
import { WaveQueue } from "./wave-queue.ts";
import { type FailureBudget, isOverBudget, type Wave, wavesOf } from "./waves.ts";

/** The end of a tenant's work. */
export type PlaceEnding =
  | "migrated"
  | "up_to_date"
  | {
      readonly failed: FailedTenant;
      /** Another process has it: report this failure if it keeps it for too long. */
      readonly isBusy?: boolean;
      /** Nothing is wrong with it, and the next run continues it. */
      readonly goesOn?: boolean;
    };

export type OverPlaces = {
  /** In the order in which they are taken. */
  readonly tenants: readonly string[];
  readonly canary: readonly string[];
  readonly budget: FailureBudget | undefined;
  /** How many are at work at once. */
  readonly concurrency: number;
  /** How long one that another process has is tried again, in milliseconds. */
  readonly waitMs: number;
  /** The failures of all processes, where a canary or a budget needs them; `own` are those of this process. */
  readonly failuresOf: (own: readonly FailedTenant[]) => Promise<SharedFailures | undefined>;
  /** Whatever it throws ends the run. */
  readonly work: (tenant: string) => Promise<PlaceEnding>;
};

/** How many tenants failed, in whatever process. */
export type SharedFailures = {
  readonly count: Failures["count"];
  readonly look: (how?: { readonly now?: boolean }) => Promise<void>;
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
  const failures = await request.failuresOf(failed);
  const isSpent = ({ name: wave }: Pick<Wave, "name">) =>
    isOverBudget(failures?.count ?? failed.length, { wave, all: tenants.length, budget });
  const at = { request, context, progress, failed, failures, isSpent };
  progress.begin(tenants.length);
  let left = 0;
  // A canary that failed before and is left alone stops all as it did then.
  let isStopped = isSpent({ name: "canary" });
  for (const wave of waves) {
    if (isStopped) {
      left += wave.tenants.length;
      continue;
    }
    if (waves.length > 1) progress.wave(wave);
    left += await overWave(wave, at);
    await failures?.look({ now: true });
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
  readonly failures: SharedFailures | undefined;
  readonly isSpent: (wave: Wave) => boolean;
};

/** Gives how many were not begun. */
async function overWave(wave: Wave, at: At): Promise<number> {
  const { request, context, isSpent } = at;
  const { signal } = context.edge;
  const thrown: unknown[] = [];
  const here = { ...at, queue: new WaveQueue(wave.tenants), waiting: new Map<string, Waiting>() };
  const isOver = () => signal.aborted || thrown.length > 0 || isSpent(wave);
  const count = Math.min(request.concurrency, wave.tenants.length);
  const workers = Array.from({ length: count }, () =>
    workOn(here, isOver).catch((error: unknown) => void thrown.push(error)),
  );
  await Promise.all(workers);
  if (thrown.length > 0) throw thrown[0];
  if (signal.aborted)
    throw new ReleaseError("interrupted", { signal: String(signal.reason), done: [] });
  return here.queue.left;
}

/** Since when another process has had a tenant, and after which time it is tried again. */
type Waiting = { readonly since: number; readonly pauseMs: number };

type AtWave = At & { readonly queue: WaveQueue; readonly waiting: Map<string, Waiting> };

async function workOn(at: AtWave, isOver: () => boolean): Promise<void> {
  const { queue } = at;
  const { edge } = at.context;
  while (!isOver()) {
    const tenant = queue.take(edge.now());
    if (tenant === undefined) {
      if (queue.dueAt === undefined) return;
      await edge.sleep(Math.max(1, queue.dueAt - edge.now()), edge.signal);
      continue;
    }
    const facts = { repo: at.context.repo, tenant };
    await ended(tenant, await traced("tenant", facts, () => at.request.work(tenant)), at);
  }
}

async function ended(tenant: string, ending: PlaceEnding, at: AtWave): Promise<void> {
  const { progress, failed, failures } = at;
  if (ending === "up_to_date") return progress.upToDate();
  if (ending === "migrated") {
    progress.done();
    return await failures?.look();
  }
  if (ending.isBusy === true && comesBack(tenant, at)) return;
  failed.push(ending.failed);
  progress.failed(ending.failed);
  await failures?.look({ now: true });
}

/** Whether to try a tenant again that another process has. Meanwhile the run does others. */
function comesBack(tenant: string, { request, context, queue, waiting }: AtWave): boolean {
  const { edge } = context;
  const now = edge.now();
  const { since, pauseMs } = waiting.get(tenant) ?? { since: now, pauseMs: shortestPauseMs };
  if (now - since >= request.waitMs) return false;
  waiting.set(tenant, { since, pauseMs: nextPauseMs(pauseMs, longestPauseMs) });
  queue.postpone(tenant, now + jittered(pauseMs, edge));
  queue.jump(edge.random());
  return true;
}

const shortestPauseMs = 50;
const longestPauseMs = 1_000;
