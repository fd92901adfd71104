/** Whether a name still means the table that a run was begun on: its cursors say nothing about another one. */
import type { Session } from "../adapters/adapter.ts";
import { dotted } from "../core/language/describe.ts";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import type { RunRow } from "./ledger.ts";
import type { BackfillTarget } from "./target.ts";

/**
 * Asked in the transaction of each batch, behind the statement that locked the table: until its end nobody swaps it.
 *
 * @throws {ReleaseError} `backfill_table_replaced`
 */
export async function refuseReplacedTable(
  session: Session,
  { ref, backfill }: BackfillTarget,
  { tableIdentity: known }: Pick<RunRow, "tableIdentity">,
): Promise<void> {
  if (known === undefined) return;
  const now = await session.tableIdentity?.(backfill.table, known);
  if (now === undefined || now === known) return;
  const { repo, version, name } = ref;
  const table = dotted(backfill.table);
  throw new ReleaseError("backfill_table_replaced", { repo, version, name, table });
}

/** Whether the error says that: no row is at fault, so no smaller batch helps. */
export function isReplacedTable(error: unknown): boolean {
  return isReleaseError(error) && error.code === "backfill_table_replaced";
}
