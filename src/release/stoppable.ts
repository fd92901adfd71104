/** Lets a signal end a command that only looks, or has run nothing yet, as it ends a run. */
import type { Session } from "../adapters/adapter.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { Source } from "../engine/discovery/source.ts";
import type { Edge } from "../engine/events.ts";
import { interruptible } from "../engine/interruptible.ts";

/**
 * How long after a signal Slipway waits for the user's code; meanwhile it cancels the server's
 * work.
 */
const patienceMs = 5_000;

/**
 * Reads through a session, and from `source`. When a signal comes, it asks the server to stop. If
 * the module of a migration never ends, it leaves that alone and names it.
 *
 * @throws {ReleaseError} `interrupted`
 */
export async function reading<Result>(
  session: Session,
  { edge }: { readonly edge: Edge },
  read: () => Promise<Result>,
  source?: Pick<Source, "loading">,
): Promise<Result> {
  const { signal } = edge;
  const ended = new AbortController();
  const { promise: left, reject } = Promise.withResolvers<never>();
  const leave = async () => {
    await edge.sleep(patienceMs, ended.signal);
    reject(new Error("it did not end"));
  };
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await interruptible({ session, edge, lease: undefined }, () =>
      Promise.race([read(), left]),
    );
  } catch (error) {
    throw signal.aborted ? stoppedBy(signal, error, source?.loading?.()) : error;
  } finally {
    signal.removeEventListener("abort", leave);
    ended.abort();
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

function stoppedBy(
  signal: AbortSignal,
  cause?: unknown,
  loading: readonly string[] = [],
): ReleaseError {
  const details = { signal: String(signal.reason), done: [], loading };
  return new ReleaseError("interrupted", details, { cause });
}
