/** Who has the migration lock of a cluster, whichever node it is connected to. */
import type { Row, RunAtWork } from "../../adapter.ts";
import { holderOf, type LeasePlace, readLease } from "./lease-row.ts";

/** Nothing where the last beat is older than the lease. For words only: the clocks of two nodes differ. */
export async function clusterHolder(
  query: (sql: string) => Promise<readonly Row[]>,
  place: LeasePlace,
): Promise<RunAtWork | undefined> {
  try {
    const row = await readLease(query, place);
    const holder = row && holderOf(row);
    if (row === undefined || holder === undefined) return undefined;
    return row.silentMs > (row.claimant?.leaseMs ?? 0) ? undefined : { holder };
  } catch {
    // Only for a message: without the table, or the right to look, the holder stays unknown.
    return undefined;
  }
}
