/** Waits until a release can start: by looking again and again, never by holding anything. */

import { ConnectionFailed } from "../adapters/adapter.ts";
import { jittered, nextPauseMs } from "../core/model/backoff.ts";
import { isReleaseError, ReleaseError, refuse } from "../core/model/errors.ts";
import type { Edge, WaitingFor } from "../engine/events.ts";
import type { Repo } from "./config.ts";
import {
  type Look,
  look,
  outdated,
  type ReadinessContext,
  type ReadinessOptions,
  type RepoReadiness,
} from "./readiness.ts";
import { settle } from "./settle.ts";

const shortestPauseMs = 250;
const longestPauseMs = 5_000;
/** How often to say which migrations are still missing. */
const tellEveryMs = 30_000;
const defaultTimeoutMs = 600_000;
/** How long a look may take even when the time is over: the first one of a database in this process makes it. */
const lastLookMs = 10_000;

export type WaitWorld = ReadinessContext & { readonly edge: Edge };

/**
 * Looks at every repo until each is ready. It waits for a server that is away, but not when the
 * server refuses the user.
 *
 * @throws {ReleaseError} `wait_timed_out`; at once `release_outdated`, `interrupted`,
 * `connection_failed` for a refused user, and every error of reading
 */
export async function wait(
  repos: readonly Repo[],
  options: ReadinessOptions & { readonly timeoutMs?: number },
  world: WaitWorld,
): Promise<readonly RepoReadiness[]> {
  const { edge } = world;
  const { timeoutMs = defaultTimeoutMs } = options;
  const started = edge.now();
  const told = new Teller(edge);
  for (let pauseMs = shortestPauseMs; ; pauseMs = nextPauseMs(pauseMs, longestPauseMs)) {
    const leftMs = timeoutMs - (edge.now() - started);
    const seen = await lookAtAll(
      repos,
      { ...options, leftMs: Math.max(leftMs, lastLookMs) },
      world,
    );
    const looks = seen.flatMap((one) => ("missing" in one ? [] : [one]));
    if (options.allowNewer !== true) refuse(outdated(looks, world));
    const missing = seen.flatMap((one) => missingOf(one) ?? []);
    if (missing.length === 0) return looks.map(({ holder: _, ...found }) => found);

    const waitedMs = edge.now() - started;
    throwIfOver({ waitedMs, timeoutMs, missing }, edge);
    told.tell(missing, waitedMs);
    await edge.sleep(Math.min(jittered(pauseMs, edge), timeoutMs - waitedMs), edge.signal);
    throwIfOver({ waitedMs, timeoutMs, missing }, edge);
  }
}

/** The result of a look at a repo, or the obstacle. */
type Seen = Look | { readonly repo: string; readonly missing: WaitingFor };

async function lookAtAll(
  repos: readonly Repo[],
  options: ReadinessOptions & { readonly leftMs: number },
  world: WaitWorld,
): Promise<readonly Seen[]> {
  const over = new AbortController();
  const done = new AbortController();
  const { edge } = world;
  void edge.sleep(options.leftMs, done.signal).then(() => over.abort());
  const { results, errors } = await settle(repos, async (repo): Promise<Seen> => {
    try {
      return await look(repo, { ...options, signal: over.signal }, world);
    } catch (error) {
      const reason = passingReason(error);
      if (reason === undefined) throw error;
      return { repo: repo.name, missing: { repo: repo.name, pending: [], reason } };
    }
  });
  done.abort();
  refuse(errors);
  return results;
}

/** The reason why the server did not answer, where asking again may help. */
function passingReason(error: unknown): string | undefined {
  if (!isReleaseError(error) || error.code !== "connection_failed") return undefined;
  const { cause } = error;
  if (cause instanceof ConnectionFailed && cause.lasting) return undefined;
  return (error as ReleaseError<"connection_failed">).details.reason;
}

function missingOf(seen: Seen): WaitingFor | undefined {
  if ("missing" in seen) return seen.missing;
  const { repo, pending, holder, tenants: { behind = 0, unreachable = [] } = {} } = seen;
  const [first] = unreachable;
  if (first !== undefined) {
    const reason = `${first.tenant}: ${first.reason}${unreachable.length > 1 ? `, and ${unreachable.length - 1} more tenants` : ""}`;
    return { repo, pending, reason };
  }
  if (pending.length === 0) return undefined;
  return { repo, pending, holder, ...(behind === 0 ? {} : { tenants: behind }) };
}

function throwIfOver(
  state: {
    readonly waitedMs: number;
    readonly timeoutMs: number;
    readonly missing: readonly WaitingFor[];
  },
  { signal }: Edge,
): void {
  const { waitedMs, timeoutMs, missing } = state;
  if (signal.aborted)
    throw new ReleaseError("interrupted", { signal: String(signal.reason), done: [] });
  if (waitedMs >= timeoutMs) throw new ReleaseError("wait_timed_out", { waitedMs, repos: missing });
}

/** Says why it still waits: at once, when that changes, and now and then. */
class Teller {
  readonly #edge: Edge;
  #last = "";
  #toldAt = 0;

  constructor(edge: Edge) {
    this.#edge = edge;
  }

  tell(missing: readonly WaitingFor[], waitedMs: number): void {
    const what = JSON.stringify(missing);
    if (what === this.#last && waitedMs - this.#toldAt < tellEveryMs) return;
    this.#last = what;
    this.#toldAt = waitedMs;
    for (const one of missing) this.#edge.emit({ type: "waiting", waitedMs, ...one });
  }
}
