/** Proving that the migration lock is still held. */
import type { Query } from "./catalog.ts";
import type { MysqlProcedureInputs } from "./procedure.ts";

/** MySQL has no statement that fails on a condition outside of stored programs. */
export async function proveLock(
  query: Query,
  { sql, write }: MysqlProcedureInputs["prove_lock"],
): Promise<void> {
  if (write !== undefined) await query(write);
  const rows = await query(sql);
  if (rows.length > 0) return;
  throw new Error(lockLost);
}

/** The message of the error when the proof fails. */
export const lockLost = "the migration lock was lost: another process has taken it";
