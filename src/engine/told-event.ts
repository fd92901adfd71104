/** What a release tells others of its runs. */
import type { RunEvent } from "./events.ts";

/** An event of a run, with whose run it is. Its texts hold no password. */
export type ToldEvent = {
  readonly app: string;
  /** The version of the app. Default: it has none. */
  readonly version?: string | undefined;
  readonly host: string;
  /** As the events of the history have it. */
  readonly runId: string;
  readonly at: Date;
  /** What happened. SQL is not among it. */
  readonly event: Exclude<RunEvent, { readonly type: "sql" }>;
};

/**
 * Hears the events of runs, in order. The run goes on meanwhile and waits at its end for what is still on its way, for
 * five seconds at most; then `signal` aborts. What it throws is told once, as a warning of the process.
 */
export type OnEvent = (told: ToldEvent, so: { readonly signal: AbortSignal }) => unknown;

/** An event as it may leave the machine: who is in the way is in it, and not what they run, for that holds values. */
export function withoutQueries<Event extends RunEvent>(event: Event): Event {
  if (!("blockers" in event)) return event;
  return { ...event, blockers: event.blockers.map(({ query: _, ...blocker }) => blocker) };
}
