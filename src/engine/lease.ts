/** Waiting for the migration lock: by polling with jitter, never inside a statement. */

import type { Fence, Lease, Session } from "../adapters/adapter.ts";
import { jittered, nextPauseMs } from "../core/model/backoff.ts";
import { type LockHolder, ReleaseError } from "../core/model/errors.ts";
import type { Named } from "../core/model/named.ts";
import type { Edge } from "./events.ts";
import { settingUp } from "./set-up.ts";

/** How often the holder is named while waiting. */
const tellEveryMs = 30_000;
const shortestPauseMs = 50;
const longestPauseMs = 1_000;
/** How long the connection that does the work may be silent while the other one holds the lock. */
const answerMs = 20_000;

export type LeaseRequest = {
  readonly repo: string;
  /** The name of the lock: holders of the same name on the same database exclude each other. */
  readonly name: string;
  /** The history table, beside which the number of the lock is kept. */
  readonly history: Named;
  /** How long to wait at most, in milliseconds. 0 tries once. */
  readonly waitMs: number;
};

/** The lock, and what proves it inside a transaction of the work session. */
export type FencedLease = { readonly lease: Lease; readonly fence: Fence };

/** The result of others, reached while this one waited for the lock, so that it needs none. */
export type DoneByOthers<Result> = { readonly result: Result };

/**
 * Takes the lock, waiting for it as long as asked. Says who holds it at once and every 30 seconds. `look` is asked
 * before each further try, so that of two hundred that wait no more than one takes the lock.
 *
 * @throws {ReleaseError} `lock_held` when the time is over, `interrupted` when the run is to stop, `setup_refused`
 */
export function takeLease(
  sessions: LeaseSessions,
  request: LeaseRequest,
  edge: Edge,
): Promise<FencedLease>;
export function takeLease<Result>(
  sessions: LeaseSessions,
  request: LeaseRequest,
  edge: Edge,
  look?: () => Promise<DoneByOthers<Result> | undefined>,
): Promise<FencedLease | DoneByOthers<Result>>;
export async function takeLease<Result>(
  sessions: LeaseSessions,
  request: LeaseRequest,
  edge: Edge,
  look: () => Promise<DoneByOthers<Result> | undefined> = async () => undefined,
): Promise<FencedLease | DoneByOthers<Result>> {
  const { repo, waitMs, history } = request;
  const tables = [{ ...history, name: "slipway_lock" }];
  const at = { repo, tables, doing: "take the migration lock" };
  const started = edge.now();
  let toldAt: number | undefined;
  for (let pauseMs = shortestPauseMs; ; pauseMs = nextPauseMs(pauseMs, longestPauseMs)) {
    const attempt = await settingUp(sessions.work, at, () => tryLease(sessions, request, edge));
    const waitedMs = edge.now() - started;
    if (attempt.lease !== undefined) {
      if (toldAt !== undefined) edge.emit({ type: "lock_taken", repo, waitedMs });
      return attempt;
    }
    const isOver = waitedMs >= waitMs;
    if (isOver || toldAt === undefined || waitedMs - toldAt >= tellEveryMs) {
      // Asking is dear where hundreds wait.
      const holder = attempt.holder ?? (await sessions.lock.lockHolder?.(request.name, history));
      if (isOver) throw new ReleaseError("lock_held", { repo, waitedMs, holder });
      edge.emit({ type: "lock_waiting", repo, waitedMs, holder });
      toldAt = waitedMs;
    }
    await edge.sleep(Math.min(jittered(pauseMs, edge), waitMs - waitedMs), edge.signal);
    if (edge.signal.aborted)
      throw new ReleaseError("interrupted", { signal: String(edge.signal.reason), done: [] });
    // A failure to look will be in the way under the lock too, and Slipway reports it then.
    const done = await look().catch(() => undefined);
    if (done !== undefined) return done;
  }
}

export type LeaseSessions = { readonly lock: Session; readonly work: Session };

/** The lock counts only with its number: an earlier holder's open transaction may still be about to commit. */
async function tryLease(
  { lock, work }: LeaseSessions,
  { repo, name, history }: LeaseRequest,
  edge: Edge,
): Promise<FencedLease | { readonly lease?: undefined; readonly holder: LockHolder | undefined }> {
  const attempt = await lock.tryLock(name, history);
  if (attempt.lease === undefined) return { holder: attempt.holder };
  const { lease } = attempt;
  try {
    const taking = lease.fence ?? work.takeFence?.({ name, history });
    const fence = await answered(Promise.resolve(taking), repo, edge);
    if (fence !== undefined) {
      await fence.endEarlier?.();
      return { lease: leftAtItsEnd(lease, fence), fence };
    }
  } catch (error) {
    // A lost lock would explain the error, and this answer comes after the news of the loss.
    await lock.lockHolder?.(name, history);
    const cause: unknown = lease.lost.aborted ? lease.lost.reason : error;
    await lease.release();
    throw cause;
  }
  await lease.release();
  return {
    holder: work.fenceHolder?.() ?? {
      application: "an earlier run, whose transaction is still open",
    },
  };
}

/** The next holder ends the connection of this one, unless this one says that it has come to its end. */
function leftAtItsEnd(lease: Lease, fence: Fence): Lease {
  const lost = fence.lost === undefined ? lease.lost : AbortSignal.any([lease.lost, fence.lost]);
  const release = async () => {
    // A connection that cannot say it any more is gone, or may be ended.
    if (!lost.aborted) await fence.leave?.().catch(() => undefined);
    await lease.release();
  };
  return { lost, release };
}

/**
 * A pooler with a single connection to the server has given that one to the lock, and lets the work wait for ever.
 *
 * @throws {ReleaseError} `direct_url_needed`
 */
async function answered<Result>(work: Promise<Result>, repo: string, edge: Edge): Promise<Result> {
  const done = new AbortController();
  const silence = edge.sleep(answerMs, done.signal).then(() => {
    if (done.signal.aborted) return work;
    work.catch(() => undefined);
    const reason = `none but the first connection answered within ${answerMs / 1000} s: the pooler between has too few`;
    throw new ReleaseError("direct_url_needed", { repo, reason });
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    done.abort();
  }
}
