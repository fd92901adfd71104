import type { Applied, ApplyContext } from "./applied.ts";
import { applyBatch } from "./batch.ts";
import { applyEach } from "./each.ts";
import { insertSql, setSql } from "./sql.ts";

/**
 * Applies one mode. `rows` is the condition of the keys. `effect` needs another kind of transaction
 * and is not among these.
 */
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
