/** The input and the result of applying a backfill to rows. */
import type { Session } from "../../adapters/adapter.ts";
import type { Edge } from "../../engine/events.ts";
import type { BackfillTarget } from "../target.ts";

/** The number of changed rows, and the rows that code could not change. */
export type Applied = { readonly changed: number; readonly failed: readonly FailedRow[] };

export type FailedRow = { readonly key: readonly string[]; readonly error: string };

/** The means to change a batch. */
export type ApplyContext = {
  readonly session: Session;
  readonly target: BackfillTarget;
  readonly edge: Edge;
};
