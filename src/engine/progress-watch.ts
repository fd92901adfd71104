/** Looks, on a connection that is for nothing else, at a statement that takes long, and says how far it is. */
import type { Session } from "../adapters/adapter.ts";
import type { RunContext } from "./run-context.ts";
import type { StepWork } from "./step-work.ts";

/** After this a statement counts as slow, in milliseconds, and Slipway looks at it this often. */
const longMs = 3_000;
const everyMs = 1_000;
/** How long the server may take to answer: less than the time until the next look. */
const patienceMs = 800;

/** Ends the looking, and the connection. */
export type ProgressWatch = { end(): void };

/** Begins to look at what `work` gives has at hand. Nothing is asked while no statement takes long. */
export function watchProgress(
  context: RunContext,
  work: () => StepWork | undefined,
): ProgressWatch {
  const observer = observerOf(context);
  const look = async () => {
    const { migration, sending } = work() ?? {};
    if (migration === undefined || sending === undefined) return;
    const { operations } = sending;
    const elapsedMs = () => context.edge.now() - sending.since;
    if (elapsedMs() < longMs) return;
    const progress = await observer.look();
    // The statement may have ended meanwhile, and the progress be of the next one.
    if (work()?.sending !== sending) return;
    const known = { elapsedMs: elapsedMs(), ...progress };
    context.edge.emit({ type: "statement_progress", migration, operations, ...known });
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return {
    end() {
      clearInterval(timer);
      observer.end();
    },
  };
}

/** To say how far a statement is, is a courtesy: without a connection, or the right to look, its time is all there is. */
function observerOf({ session, observe }: RunContext) {
  let opening: Promise<Session | undefined> | undefined;
  let hasFailed = session.progressOf === undefined;
  const ended = new AbortController();
  let isAsking = false;
  const open = async () => {
    const observer = await observe(ended.signal);
    if (!ended.signal.aborted) return observer;
    await observer.close();
    return undefined;
  };
  const ask = async () => {
    isAsking = true;
    try {
      opening ??= open();
      return await (await opening)?.progressOf?.(session);
    } catch {
      hasFailed = true;
      return undefined;
    } finally {
      isAsking = false;
    }
  };
  return {
    /** A pooler without a free connection lets it wait for long: nobody waits with it. */
    async look() {
      if (hasFailed || isAsking) return undefined;
      const { promise: late, resolve } = Promise.withResolvers<undefined>();
      const timer = setTimeout(resolve, patienceMs, undefined).unref();
      try {
        return await Promise.race([ask(), late]);
      } finally {
        clearTimeout(timer);
      }
    },
    end() {
      ended.abort("ended");
      void opening?.then((observer) => observer?.close()).catch(() => undefined);
    },
  };
}
