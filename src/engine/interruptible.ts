/** Cancels a statement on the server when the run is to stop. */
import type { RunContext } from "./run-context.ts";

/** How often the server is asked again: a request that comes before the statement does is lost. */
const pauseMs = 500;
/**
 * After this time without an effect Slipway ends the connection: the server may not be reachable at
 * all.
 */
const patienceMs = 4_000;

/** The parts of a run that can make it stop. */
export type Stoppable = Pick<RunContext, "session" | "edge" | "lease">;

/** Aborts when a signal came, or when the lock is lost. */
export function stopOf({ edge, lease }: Stoppable): AbortSignal {
  if (lease === undefined) return edge.signal;
  const known = stops.get(lease.lost);
  if (known?.of === edge.signal) return known.signal;
  const signal = AbortSignal.any([edge.signal, lease.lost]);
  stops.set(lease.lost, { of: edge.signal, signal });
  return signal;
}

/** One for a run: each that is made stays with the signals that it is made of, and there are thousands of statements. */
const stops = new WeakMap<
  AbortSignal,
  { readonly of: AbortSignal; readonly signal: AbortSignal }
>();

/** Says that a statement was cancelled because its own time was over. */
export class TimeOver extends Error {
  override readonly name = "TimeOver";
  readonly deadlineMs: number;

  constructor(deadlineMs: number, cause: unknown) {
    super("its time was over", { cause });
    this.deadlineMs = deadlineMs;
  }
}

/** How long something may take, in milliseconds. Default, and 0: as long as it takes. */
export type Deadline = { readonly deadlineMs?: number };

/**
 * Does the work of `ask` on the session of the run, unless the run is to stop. When that, or the deadline, comes in
 * the middle, Slipway cancels the statement that runs. Ends only when no request to cancel is on its way any more, so
 * that none hits the next statement.
 *
 * @throws {TimeOver}
 */
export async function interruptible<Result>(
  context: Stoppable,
  ask: () => Promise<Result>,
  { deadlineMs = 0 }: Deadline = {},
): Promise<Result> {
  const stopping = stopOf(context);
  if (stopping.aborted) throw new Error("the run is to stop");
  // Made only where somebody waits for it: young garbage that has signals in it is cleared up late.
  let ended: AbortController | undefined;
  const end = () => {
    ended ??= new AbortController();
    return ended.signal;
  };
  const late = deadlineMs > 0 ? timer(deadlineMs, end(), context) : undefined;
  const stop = late === undefined ? stopping : AbortSignal.any([stopping, late]);
  let cancelling: Promise<void> | undefined;
  const cancel = () => {
    cancelling = cancelUntil(end(), context);
  };
  stop.addEventListener("abort", cancel);
  try {
    return await ask();
  } catch (error) {
    throw late?.aborted && !stopping.aborted ? new TimeOver(deadlineMs, error) : error;
  } finally {
    stop.removeEventListener("abort", cancel);
    // Without a reason an error would be made, with its stack.
    ended?.abort("ended");
    await cancelling;
  }
}

/** Aborts when the time is over. */
function timer(ms: number, ended: AbortSignal, { edge }: Stoppable): AbortSignal {
  const over = new AbortController();
  void edge.sleep(ms, ended).then(() => {
    if (!ended.aborted) over.abort();
  });
  return over.signal;
}

async function cancelUntil(ended: AbortSignal, { session, edge }: Stoppable): Promise<void> {
  const started = edge.now();
  for (;;) {
    await session.cancel?.();
    if (ended.aborted) return;
    if (edge.now() - started >= patienceMs) return session.close();
    await edge.sleep(pauseMs, ended);
    if (ended.aborted) return;
  }
}
