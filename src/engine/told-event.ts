/** The events of runs that a release sends to others. */
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
  /** The event itself. Events of SQL are left out. */
  readonly event: Exclude<RunEvent, { readonly type: "sql" }>;
};

/**
 * Hears the events of runs, in order. Meanwhile the run continues; at its end it waits five seconds
 * at most for events still on their way, and then `signal` aborts. If it throws, Slipway says so
 * once, as a warning of the process.
 */
export type OnEvent = (told: ToldEvent, so: { readonly signal: AbortSignal }) => unknown;

/** The event as it may leave the machine: it has the blockers without their queries, because those hold values. */
export function withoutQueries<Event extends RunEvent>(event: Event): Event {
  if (!("blockers" in event)) return event;
  return { ...event, blockers: event.blockers.map(({ query: _, ...blocker }) => blocker) };
}
