/**
 * Reports work on channels of `node:diagnostics_channel`, to whoever listens: `tracing:slipway:migration:start` and
 * the like, and `slipway:event`. Nobody listens by default, and then Slipway does the work and nothing else.
 */
import { channel, type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import type { Direction } from "../core/model/migration.ts";
import type { MigrationRef, RunEvent } from "./events.ts";

/** The facts that are known of each kind of work when it begins. */
export type TracedWork = {
  /** All that one call of `migrate`, `migrateData` or `rollback` does. */
  readonly run: {
    readonly app: string;
    readonly release: string | undefined;
    /** As the events of the history have it. */
    readonly runId: string | undefined;
    readonly does: "migrate" | "migrate data" | "rollback" | "rollback data" | "backfill";
  };
  readonly repo: {
    readonly repo: string;
    readonly direction: Direction;
    /** How many migrations are to run. */
    readonly steps: number;
  };
  readonly migration: MigrationRef & { readonly direction: Direction };
  /** One tenant of a run over many: all that it lacks. */
  readonly tenant: {
    readonly repo: string;
    readonly tenant: string;
    readonly direction?: Direction | undefined;
    /** How many migrations are to run on it. Default: that is seen when it is opened. */
    readonly steps?: number | undefined;
  };
  readonly backfill: MigrationRef;
  readonly batch: MigrationRef;
  /** Waiting for the migration lock, and taking it. */
  readonly lock: { readonly repo: string };
  /** A try of work that takes strong locks; the first may be followed by others. */
  readonly attempt: MigrationRef & { readonly attempt: number };
  /** One call of a driver: a statement, or several that were sent together. */
  readonly statement: StatementWork;
};

export type StatementWork = {
  readonly repo: string;
  /** Of the adapter, without a password. */
  readonly target: string;
  /** Whose rules the SQL follows. */
  readonly syntax: "postgres" | "mysql" | "sqlite";
  readonly statements: readonly {
    readonly sql: string;
    readonly parameters?: readonly unknown[] | undefined;
  }[];
  /** Whether an error of it is an answer: Slipway looks at a table to learn whether it is there. */
  readonly isAnswer: (error: unknown) => boolean;
};

/** The message of a channel: the facts, and at the end the result or the error. */
export type Traced<Kind extends keyof TracedWork> = TracedWork[Kind] & {
  readonly result?: unknown;
  readonly error?: unknown;
};

/** An event of a run, and whose run it is. */
export type TracedEvent = {
  readonly app: string;
  readonly runId: string;
  readonly event: RunEvent;
};

/** How far a replica was behind when a throttle asked. */
export type ToldLag = { readonly replica: string; readonly lagMs: number };

/**
 * A run is over. Slipway waits a few seconds at most for work that a listener still has to send.
 */
export type RunEnded = { waitFor(work: Promise<unknown>): void };

/** The channels by kind of work. */
export const tracedWork: { readonly [Kind in keyof TracedWork]: TracingChannel<object> } = {
  run: tracingChannel("slipway:run"),
  repo: tracingChannel("slipway:repo"),
  migration: tracingChannel("slipway:migration"),
  tenant: tracingChannel("slipway:tenant"),
  backfill: tracingChannel("slipway:backfill"),
  batch: tracingChannel("slipway:batch"),
  lock: tracingChannel("slipway:lock"),
  attempt: tracingChannel("slipway:attempt"),
  statement: tracingChannel("slipway:statement"),
};

/** Has a `TracedEvent` for each event of a run. */
export const tracedEvents = channel("slipway:event");

/** Has a `ToldLag` whenever a throttle asks. */
export const replicaLags = channel("slipway:lag");

/** Has a `RunEnded` at the end of each run. */
export const endedRuns = channel("slipway:ended");

/** Does the work, and says so to who listens. */
export function traced<Kind extends keyof TracedWork, Result>(
  kind: Kind,
  facts: TracedWork[Kind],
  work: () => Promise<Result>,
): Promise<Result> {
  const told = tracedWork[kind];
  return told.hasSubscribers ? told.tracePromise(work, { ...facts }) : work();
}
