/** One wave: every connection takes the next tenant, until none is left that anybody could do. */
import type { Session } from "../adapters/adapter.ts";
import { jittered, nextPauseMs } from "../core/model/backoff.ts";
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import { behindAmong, compiledFor, type FleetRun, lookAgain, stateOf } from "./fleet-run.ts";
import { quarantine } from "./quarantine.ts";
import { runTenant, type TenantWork } from "./tenant-run.ts";
import { WaveQueue } from "./wave-queue.ts";
import type { Wave } from "./waves.ts";

const shortestPauseMs = 50;
const longestPauseMs = 1_000;
/** How long after a lock that was not to be had it is tried again, at first and at most. */
const blockedPauseMs = 200;
const longestBlockedMs = 15_000;

/** How often others were in the way of a tenant, and since when. */
type Blocked = { readonly since: number; readonly pauseMs: number };

type AtWork = {
  readonly wave: Wave;
  readonly run: FleetRun;
  readonly queue: WaveQueue;
  readonly blocked: Map<string, Blocked>;
  /** The number of lost connections, by tenant. */
  readonly losses: Map<string, number>;
  readonly isSpent: () => boolean;
  looking: Promise<void> | undefined;
};

/** Gives how many were not begun, because too many had failed. */
export async function runWave(wave: Wave, run: FleetRun, isSpent: () => boolean): Promise<number> {
  const at: AtWork = {
    ...{ wave, run, isSpent, looking: undefined },
    queue: new WaveQueue(wave.tenants),
    blocked: new Map(),
    losses: new Map(),
  };
  let pauseMs = shortestPauseMs;
  for (;;) {
    const before = run.progress.migrated + run.failed.length;
    await settled(run.sessions.map((_, i) => workOn(at, i)));
    if (isOver(at)) return at.queue.left;
    // Others may have done the rest, or be in the middle of it, or have left it when they were killed.
    if (at.queue.met === 0) return 0;
    const isMoving = run.progress.migrated + run.failed.length > before;
    pauseMs = isMoving ? shortestPauseMs : nextPauseMs(pauseMs, longestPauseMs);
    await run.context.edge.sleep(jittered(pauseMs, run.context.edge), run.context.edge.signal);
    await look(at, run.sessions[0]!);
    if (at.queue.left === 0) return 0;
  }
}

/** One that fails must not leave the others behind, at work on connections that are closed then. */
async function settled(all: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(all);
  const failure = ended.find((one) => one.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}

async function workOn(at: AtWork, i: number): Promise<void> {
  const { run, queue } = at;
  const { edge } = run.context;
  while (!isOver(at)) {
    const tenant = queue.take(edge.now());
    if (tenant === undefined) {
      if (queue.dueAt === undefined) return;
      await edge.sleep(Math.max(1, queue.dueAt - edge.now()), edge.signal);
      continue;
    }
    await doOne(at, i, tenant);
  }
}

function isOver({ run, isSpent }: AtWork): boolean {
  return run.context.edge.signal.aborted || isSpent();
}

async function doOne(at: AtWork, i: number, tenant: string): Promise<void> {
  const { run, queue } = at;
  const { context, progress } = run;
  const { versions } = stateOf(run, tenant);
  run.taken.add(tenant);
  const compiled = await compiledFor(run, versions, tenant);
  const work = { tenant, compiled };
  const session = run.sessions[i]!;
  try {
    const ending = await runTenant(session, work, context);
    switch (ending.status) {
      case "done":
        progress.done();
        return await run.failures?.look(session);
      case "busy":
        giveBack(at, tenant);
        if (queue.left > run.sessions.length) await look(at, session);
        return;
      case "blocked":
        return await tryLater(at, session, { ...work, failed: ending.failed });
      case "failed":
        return await fail(at, session, { ...work, failed: ending.failed });
    }
  } catch (error) {
    if (context.edge.signal.aborted) return;
    if (session.errorKind(error) !== "connection_lost") throw error;
    // Whether it was committed is seen when it is claimed again.
    run.sessions[i] = await reopened(session, context);
    await afterLoss(at, i, work);
  }
}

/** Another process has it, or had it. */
function giveBack({ run, queue }: AtWork, tenant: string): void {
  run.taken.delete(tenant);
  queue.meet(tenant);
}

/** A tenant that loses its connection so often may end it itself: its code stands still, or the server's process dies. */
const mostLosses = 5;

async function afterLoss(at: AtWork, i: number, work: TenantWork): Promise<void> {
  const { run, queue, losses } = at;
  const { tenant, compiled } = work;
  const count = (losses.get(tenant) ?? 0) + 1;
  losses.set(tenant, count);
  const [first] = compiled.group.steps;
  if (count >= mostLosses && first !== undefined) {
    const { version, name } = first.file;
    const reason = `its connection was lost ${count} times`;
    return fail(at, run.sessions[i]!, { ...work, failed: { tenant, version, name, reason } });
  }
  run.taken.delete(tenant);
  queue.postpone(tenant, run.context.edge.now());
}

type Failing = Parameters<typeof quarantine>[1];

async function tryLater(at: AtWork, session: Session, work: Failing): Promise<void> {
  const { edge } = at.run.context;
  const { policy } = work.compiled;
  const now = edge.now();
  const { since, pauseMs } = at.blocked.get(work.tenant) ?? { since: now, pauseMs: blockedPauseMs };
  const isSpent = policy.onBlocked === "fail" || now - since >= policy.retryForMs;
  if (isSpent) return fail(at, session, work);
  at.blocked.set(work.tenant, { since, pauseMs: nextPauseMs(pauseMs, longestBlockedMs) });
  at.run.taken.delete(work.tenant);
  at.queue.postpone(work.tenant, now + jittered(pauseMs, edge));
}

async function fail(at: AtWork, session: Session, work: Failing): Promise<void> {
  const { run } = at;
  const failed: FailedTenant = work.failed;
  // Another process may have done it in the meantime: then it has not failed.
  if (!(await quarantine(session, work, run.context))) return giveBack(at, work.tenant);
  run.failed.push(failed);
  run.progress.failed(failed);
  await run.failures?.look(session, { now: true });
}

/** One look for all connections that have met another process. */
async function look(at: AtWork, session: Session): Promise<void> {
  at.looking ??= lookNow(at, session).finally(() => {
    at.looking = undefined;
  });
  await at.looking;
}

async function lookNow({ run, queue, wave }: AtWork, session: Session): Promise<void> {
  await lookAgain(run, session);
  const behind = await behindAmong(run, wave.tenants);
  // One that another process has is still to be done.
  const before = queue.left + queue.met;
  queue.begin(behind, run.context.edge.random());
  run.progress.others(before - queue.left);
}

/** A server that restarts is there again soon. */
async function reopened(lost: Session, { open, edge }: FleetRun["context"]): Promise<Session> {
  await lost.close().catch(() => undefined);
  let pauseMs = blockedPauseMs;
  for (let tries = 1; ; tries++) {
    try {
      const session = await open();
      await session.keepStatements?.();
      return session;
    } catch (error) {
      if (tries >= mostTries || edge.signal.aborted) throw error;
      await edge.sleep(jittered(pauseMs, edge), edge.signal);
      pauseMs = nextPauseMs(pauseMs, longestBlockedMs);
    }
  }
}

const mostTries = 10;
