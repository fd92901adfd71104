/** What applying a backfill to rows takes and gives. */
import type { Session } from "../../adapters/adapter.ts";
import type { Edge } from "../../engine/events.ts";
import type { BackfillTarget } from "../target.ts";

/** What became of the rows: how many were changed, and which of them code could not change. */
export type Applied = { readonly changed: number; readonly failed: readonly FailedRow[] };

export type FailedRow = { readonly key: readonly string[]; readonly error: string };

/** What a batch is changed with. */
export type ApplyContext = {
  readonly session: Session;
  readonly target: BackfillTarget;
  readonly edge: Edge;
};
