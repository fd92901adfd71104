/** What a command does before anything runs, and what only looks: a signal ends it as it ends a run. */
import type { Session } from "../adapters/adapter.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { Edge } from "../engine/events.ts";
import { interruptible } from "../engine/interruptible.ts";

/**
 * Reads through a session. When a signal comes, the server is told to stop.
 *
 * @throws {ReleaseError} `interrupted`
 */
export async function reading<Result>(
  session: Session,
  { edge }: { readonly edge: Edge },
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await interruptible({ session, edge, lease: undefined }, read);
  } catch (error) {
    throw edge.signal.aborted ? stoppedBy(edge.signal, error) : error;
  }
}

/**
 * Waits for a session that is being opened. When a signal comes first, nobody waits for the server any longer.
 *
 * @throws {ReleaseError} `interrupted`
 */
export async function opened(
  opening: Promise<Session>,
  { signal }: Pick<Edge, "signal">,
): Promise<Session> {
  let stop = (): void => undefined;
  const stopped = new Promise<undefined>((done) => {
    stop = () => done(undefined);
  });
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  try {
    const session = await Promise.race([opening, stopped]);
    if (session !== undefined) return session;
    opening.then(
      (late) => late.close(),
      () => undefined,
    );
    throw stoppedBy(signal);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function stoppedBy(signal: AbortSignal, cause?: unknown): ReleaseError {
  return new ReleaseError("interrupted", { signal: String(signal.reason), done: [] }, { cause });
}
