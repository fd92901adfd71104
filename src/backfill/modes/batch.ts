/** Rows through a function of the user's, a batch at a time. */
import type { BackfillDefinition } from "../../core/language/backfill-definition.ts";
import { callUser } from "../call-user.ts";
import type { Applied, ApplyContext } from "./applied.ts";
import { readRows } from "./rows.ts";
import { unbroken } from "./unbroken.ts";

/** The function may do anything in the transaction; its rows are locked. A batch without rows does not reach it. */
export async function applyBatch(
  { session, target, edge }: ApplyContext,
  work: { readonly batch: NonNullable<BackfillDefinition["batch"]>; readonly rows: string },
): Promise<Applied> {
  const found = await readRows(session, target, { rows: work.rows, lock: true });
  const rows = found.map(({ row }) => row);
  const call = { session, edge, what: "batch", ms: target.backfill.timeoutMs };
  if (rows.length > 0) await unbroken(session, () => callUser(call, (db) => work.batch(rows, db)));
  return { changed: found.length, failed: [] };
}
