/** Rows through a function of the user's, one by one, written back together. */

import type { Session } from "../../adapters/adapter.ts";
import type { BackfillDefinition, RowChange } from "../../core/language/backfill-definition.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { KeyText } from "../key.ts";
import type { BackfillTarget } from "../target.ts";
import type { Applied, FailedRow } from "./applied.ts";
import { changeOf, readRows, writeBack } from "./rows.ts";

/** A row at which the function throws is a failed row, and the others continue. */
export async function applyEach(
  session: Session,
  target: BackfillTarget,
  work: { readonly each: NonNullable<BackfillDefinition["each"]>; readonly rows: string },
): Promise<Applied> {
  const failed: FailedRow[] = [];
  const changes: { readonly key: KeyText; readonly change: RowChange }[] = [];
  for (const { key, row } of await readRows(session, target, { rows: work.rows, lock: true })) {
    try {
      const change = changeOf(work.each(row));
      if (change !== undefined) changes.push({ key, change });
    } catch (error) {
      failed.push({ key, error: messageOf(error) });
    }
  }
  return { changed: await writeBack(session, target, changes), failed };
}
