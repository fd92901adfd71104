/** Opens another connection instead of a lost one, and waits for a server that restarts. */

import { ConnectionFailed, type ErrorKind, type Session } from "../adapters/adapter.ts";
import { jittered, nextPauseMs } from "../core/model/backoff.ts";
import { isReleaseError } from "../core/model/errors.ts";
import type { Edge } from "../engine/events.ts";

/** Nobody waits for a connection longer than this. */
const patienceMs = 300_000;
const firstPauseMs = 100;
const longestPauseMs = 5_000;

const passing: ReadonlySet<ErrorKind> = new Set(["connection_lost", "lock_timeout"]);

export type Opening = { readonly open: () => Promise<Session>; readonly edge: Edge };

/**
 * Opens a connection, as often as it takes; `undefined` when the run is to stop meanwhile. In the
 * end it throws the last error.
 */
export async function reconnect(
  lost: Session,
  { open, edge }: Opening,
): Promise<Session | undefined> {
  const since = edge.now();
  await lost.close().catch(() => undefined);
  for (let pauseMs = firstPauseMs; ; pauseMs = nextPauseMs(pauseMs, longestPauseMs)) {
    if (edge.signal.aborted) return undefined;
    try {
      return await open();
    } catch (error) {
      if (!mayPass(error) || edge.now() - since > patienceMs) throw error;
      await edge.sleep(jittered(pauseMs, edge), edge.signal);
    }
  }
}

/** Whether asking again may help: a password that is refused now is refused for the rest of our patience. */
function mayPass(error: unknown): boolean {
  if (!isReleaseError(error)) return false;
  return !(error.cause instanceof ConnectionFailed && error.cause.lasting);
}

/**
 * Does `work`, once more on another connection each time that the one it has is lost, or waited too long for others:
 * a writer of SQLite that is frozen has the whole file. Gives the last connection too.
 */
export async function withConnection<Result>(
  session: Session,
  opening: Opening,
  work: (session: Session) => Promise<Result>,
): Promise<{ readonly session: Session; readonly result: Result }> {
  for (let current = session; ; ) {
    try {
      return { session: current, result: await work(current) };
    } catch (error) {
      if (!passing.has(current.errorKind(error))) throw error;
      const next = await reconnect(current, opening);
      if (next === undefined) throw error;
      current = next;
    }
  }
}
