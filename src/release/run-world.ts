/** What a run needs beside its request. */
import type { Edge, Emit } from "../engine/events.ts";
import type { RunFacts } from "../engine/run-facts.ts";

export type PrepareContext = {
  readonly app: string;
  readonly root: string;
  readonly emit: Emit;
  readonly edge: Edge;
  /** What becomes of a data migration that is required and has not run. Default: `refuse`; who only looks is told. */
  readonly unmet?: "refuse" | "tell";
  /** What is opened is only looked at. Default: it is written to. */
  readonly reads?: "tell";
};

/** What carrying out needs beside the request. */
export type RunWorld = PrepareContext & { readonly facts: RunFacts };
