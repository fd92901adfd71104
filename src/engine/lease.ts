/** Waiting for the migration lock: by polling with jitter, never inside a statement. */
import type { Lease, LockAttempt, Session } from "../adapters/adapter.ts";
import { ReleaseError } from "../core/errors.ts";
import type { Edge } from "./events.ts";

/** How often the holder is named while waiting. */
const tellEveryMs = 30_000;
const shortestPauseMs = 50;
const longestPauseMs = 1_000;

export type LeaseRequest = {
  readonly repo: string;
  /** Who excludes whom: the same name on the same database. */
  readonly name: string;
  /** How long to wait at most, in milliseconds. 0 tries once. */
  readonly waitMs: number;
};

/**
 * Takes the lock, waiting for it as long as asked. Says who holds it at once and every 30 seconds.
 *
 * @throws {ReleaseError} `lock_held` when the time is over, `interrupted` when the run is to stop
 */
export async function takeLease(
  session: Session,
  request: LeaseRequest,
  edge: Edge,
): Promise<Lease> {
  const { repo, name, waitMs } = request;
  const started = edge.now();
  let toldAt: number | undefined;
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const attempt: LockAttempt = await session.tryLock(name);
    const waitedMs = edge.now() - started;
    if (attempt.lease !== undefined) {
      if (toldAt !== undefined) edge.emit({ type: "lock_taken", repo, waitedMs });
      return attempt.lease;
    }
    if (waitedMs >= waitMs)
      throw new ReleaseError("lock_held", { repo, waitedMs, holder: attempt.holder });
    if (toldAt === undefined || waitedMs - toldAt >= tellEveryMs) {
      edge.emit({ type: "lock_waiting", repo, waitedMs, holder: attempt.holder });
      toldAt = waitedMs;
    }
    await edge.sleep(Math.min(pauseMs * (0.5 + edge.random()), waitMs - waitedMs), edge.signal);
    if (edge.signal.aborted)
      throw new ReleaseError("interrupted", { signal: String(edge.signal.reason), done: [] });
  }
}
