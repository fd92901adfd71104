/**
 * Does work that takes a strong lock in many short tries instead of one long wait, because
 * everybody who comes later waits behind whoever waits for a strong lock. No try is without a
 * timeout, not even the last one.
 */

import type { ErrorKind, Session } from "../adapters/adapter.ts";
import { jittered, nextPauseMs } from "../core/model/backoff.ts";
import type { Blocker, LockWait } from "../core/model/blocker.ts";
import { warning } from "../core/model/warnings.ts";
import { type LockWatch, watchLocks } from "./lock-watch.ts";
import { reasonOf } from "./reason.ts";
import type { StepWork } from "./step-work.ts";
import { traced } from "./traced.ts";

const shortestPauseMs = 200;
const longestPauseMs = 15_000;

/** The error after the last try, with all that is known about the wait. */
export class LockBudgetSpent extends Error {
  override readonly name = "LockBudgetSpent";
  readonly spent: LockWait & { readonly tries: number; readonly waitedMs: number };

  constructor(spent: LockBudgetSpent["spent"], cause: unknown) {
    super(reasonOf(cause), { cause });
    this.spent = spent;
  }
}

/**
 * Does `attempt`, and does it again as long as the lock policy allows when it ended in a lock timeout or a deadlock.
 * Each attempt must leave nothing when it fails.
 *
 * @throws {LockBudgetSpent} after the last try
 */
export async function withinLockBudget(
  work: StepWork,
  attempt: () => Promise<void>,
): Promise<void> {
  const { edge } = work.context;
  const started = edge.now();
  let pauseMs = shortestPauseMs;
  for (let tries = 1; ; tries += 1) {
    const watch = watchLocks(work);
    const from = edge.now();
    try {
      await traced("attempt", { ...work.migration, attempt: tries }, attempt);
      await tellHeld(work, watch, { tries, tookMs: edge.now() - from });
      return;
    } catch (error) {
      const tookMs = edge.now() - from;
      const seen = await watch.end();
      const reason = blockedBy(error, work.session);
      if (reason === undefined) throw error;
      work.refuseToGoOn();
      const waitedMs = edge.now() - started;
      const nextInMs = nextPause(work, { pauseMs, waitedMs });
      tell(work, { seen, reason, tries, tookMs, nextInMs });
      if (nextInMs === undefined) throw new LockBudgetSpent({ ...seen, tries, waitedMs }, error);
      await endIdle(work, seen.blockers);
      const { version, name } = work.migration;
      await work.session.leaveTry?.({ ...seen, work: `${version} ${name}`, attempt: tries });
      await work.pause(nextInMs);
      pauseMs = nextPauseMs(pauseMs, longestPauseMs);
    }
  }
}

/** With jitter, so that two that are in each other's way do not meet again. `undefined` when the time is over. */
function nextPause(
  { policy, context }: StepWork,
  so: { readonly pauseMs: number; readonly waitedMs: number },
): number | undefined {
  const leftMs = policy.retryForMs - so.waitedMs;
  if (policy.onBlocked === "fail" || leftMs <= 0) return undefined;
  return Math.min(jittered(so.pauseMs, context.edge), leftMs);
}

/** The user's own code may have wrapped the database's error. */
function blockedBy(error: unknown, session: Session): "lock_timeout" | "deadlock" | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const kind: ErrorKind = session.errorKind(at);
    if (kind === "lock_timeout" || kind === "deadlock") return kind;
  }
  return undefined;
}

type Failure = {
  readonly seen: LockWait;
  readonly reason: "lock_timeout" | "deadlock";
  readonly tries: number;
  readonly tookMs: number;
  readonly nextInMs: number | undefined;
};

function tell(work: StepWork, { seen, tries, ...failure }: Failure): void {
  const { migration, operation } = work;
  work.context.edge.emit({
    type: "blocked",
    migration,
    operation,
    attempt: tries,
    ...failure,
    ...seen,
  });
}

/**
 * Reports only locks that a look has seen: a try that took no longer than a look is not worth a
 * word.
 */
async function tellHeld(
  work: StepWork,
  watch: LockWatch,
  done: { readonly tries: number; readonly tookMs: number },
): Promise<void> {
  const { held } = await watch.end();
  if (held.length === 0) return;
  const { migration } = work;
  const { tries: attempt, tookMs } = done;
  work.context.edge.emit({ type: "locks_held", migration, attempt, tookMs, held });
}

/**
 * Ends only connections that the policy allows, and only now that this transaction is over and holds nothing itself.
 */
async function endIdle(work: StepWork, blockers: readonly Blocker[]): Promise<void> {
  const { session, policy, migration, context } = work;
  const { endIdleBlockersAfterMs: afterMs } = policy;
  if (afterMs === undefined || blockers.length === 0) return;
  try {
    const ended = (await session.endIdle?.(blockers, afterMs)) ?? [];
    for (const blocker of ended) context.edge.emit({ type: "blocker_ended", migration, blocker });
  } catch (error) {
    const told = warning("blockers_not_ended", { reason: reasonOf(error) });
    context.edge.emit({ type: "warning", repo: context.repo, ...told });
  }
}
