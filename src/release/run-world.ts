/** The world that a run needs beside its request. */
import type { ThrottleGate } from "../backfill/throttle/gate.ts";
import type { Edge, Emit } from "../engine/events.ts";
import type { RunFacts } from "../engine/run-facts.ts";

export type PrepareContext = {
  readonly app: string;
  readonly root: string;
  readonly emit: Emit;
  readonly edge: Edge;
  /**
   * The answer to a required data migration that has not run. Default: `refuse`; `tell` warns
   * whoever only looks.
   */
  readonly unmet?: "refuse" | "tell";
  /** Only look at the database. Default: write to it. */
  readonly reads?: "tell";
};

/** The world that carrying out needs beside the request. */
export type RunWorld = PrepareContext & {
  readonly facts: RunFacts;
  /** The throttle of backfills that run at the same time. Default: each has its own. */
  readonly gate?: ThrottleGate;
};
