/** Looks, on the connection of the migration lock, at the locks that the working connection waits for and holds. */
import type { LockWait } from "../core/model/blocker.ts";
import type { StepWork } from "./step-work.ts";

/** The parts of a lock timeout between two looks, so that no wait that ends in one goes unseen. */
const looksPerTimeout = 2.5;
const shortestMs = 50;

export type LockWatch = {
  /** Ends the looking. Gives the last wait that it saw, and all locks that it saw held. */
  end(): Promise<LockWait>;
};

/**
 * Begins to look. It skips work that takes no lock that others wait for, and work that runs beside
 * readers and writers: a concurrent build could take the look for a snapshot that it must wait for,
 * and that ends with the run.
 */
export function watchLocks(work: StepWork): LockWatch {
  const { watcher } = work.context;
  if (watcher?.lockWaitOf === undefined || work.takes !== "locking")
    return { end: async () => nothing };
  const done = new AbortController();
  const seen = look(work, done.signal);
  return {
    end: () => {
      done.abort("ended");
      return seen;
    },
  };
}

const nothing: LockWait = { held: [], blockers: [] };

async function look(work: StepWork, done: AbortSignal): Promise<LockWait> {
  const { session, policy, context } = work;
  const everyMs = Math.max(policy.lockTimeoutMs / looksPerTimeout, shortestMs);
  let seen = nothing;
  for (;;) {
    await context.edge.sleep(everyMs, done);
    if (done.aborted) return seen;
    try {
      const now = await context.watcher?.lockWaitOf?.(session);
      if (now !== undefined) seen = joined(seen, now);
    } catch {
      // To name who is in the way is a courtesy: without the right to look they stay unknown.
      return seen;
    }
  }
}

/** A look that finds no wait does not make forget who was in the way before. */
function joined(before: LockWait, now: LockWait): LockWait {
  const held = now.held.length === 0 ? before.held : now.held;
  return now.wanted === undefined ? { ...before, held } : { ...now, held };
}
