/** Does something while it holds the lock of a lane. */
import type { Session } from "../adapters/adapter.ts";
import { type DoneByOthers, type FencedLease, takeLease } from "../engine/lease.ts";
import { traced } from "../engine/traced.ts";
import { lockName } from "./lock-name.ts";
import { openSession } from "./open.ts";
import type { RunOptions } from "./options.ts";
import type { PreparedRun } from "./prepared-run.ts";
import type { RunWorld } from "./run-world.ts";

/** The means of the work. Under the lock, its connection looks at what the work waits for. */
export type Holding = {
  readonly options: RunOptions;
  readonly world: RunWorld;
  readonly held?: FencedLease;
  readonly watcher?: Session;
};

/**
 * Takes the lock on a separate connection and gives it back at the end; without one where the lock
 * is switched off. `look` says whether others have done the work meanwhile; then nothing is done,
 * and nobody waits any longer.
 *
 * @throws {ReleaseError} `lock_held`, `interrupted`
 */
export async function underLock<Result>(
  { repo, lane, session }: Pick<PreparedRun, "repo" | "lane" | "session">,
  { options, world }: Pick<Holding, "options" | "world">,
  work: (holding: Holding) => Promise<Result>,
  look?: () => Promise<DoneByOthers<Result> | undefined>,
): Promise<Result> {
  if (!(options.lock ?? repo.lock)) return work({ options, world });
  const lock = await openSession(repo, { role: "lock", ...world });
  try {
    const request = {
      repo: repo.name,
      name: lockName(lane.historyTable),
      history: lane.historyTable,
      waitMs: options.lockWaitMs ?? repo.lockWaitMs,
    };
    const sessions = { lock, work: session };
    const held = await traced("lock", { repo: repo.name }, () =>
      takeLease(sessions, request, world.edge, look),
    );
    if ("result" in held) return held.result;
    try {
      return await work({ options, world, held, watcher: lock });
    } finally {
      await held.lease.release();
    }
  } finally {
    await lock.close();
  }
}
