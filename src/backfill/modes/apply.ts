/** Changes the rows of a batch, in the transaction that is open. */
import type { Session } from "../../adapters/adapter.ts";
import type { Edge } from "../../engine/events.ts";
import type { Target } from "../target.ts";
import { applyBatch } from "./batch.ts";
import { applyEach } from "./each.ts";
import { insertSql, setSql } from "./sql.ts";

/** What became of the rows: how many were changed, and which of them code could not change. */
export type Applied = { readonly changed: number; readonly failed: readonly FailedRow[] };

export type FailedRow = { readonly key: readonly string[]; readonly error: string };

/** What a batch is changed with. */
export type ApplyContext = {
  readonly session: Session;
  readonly target: Target;
  readonly edge: Edge;
};

/** `rows` is the condition of the keys. `effect` has a transaction of its own kind and is not among these. */
export async function apply(context: ApplyContext, rows: string): Promise<Applied> {
  const { session, target } = context;
  const { mode } = target.backfill;
  switch (mode.kind) {
    case "set":
      return { changed: await session.change(setSql(session, target, { mode, rows })), failed: [] };
    case "insert":
      return {
        changed: await session.change(insertSql(session, target, { mode, rows })),
        failed: [],
      };
    case "each":
      return applyEach(session, target, { each: mode.each, rows });
    case "batch":
      return applyBatch(context, { batch: mode.batch, rows });
    case "effect":
      throw new Error("an effect is not part of a transaction");
  }
}
