/** Whether a history is ours. Another tool's is never read as ours, and never passed over while ours is empty. */
import type { OwnHistory } from "./empty-history.ts";

/**
 * Gives the rows of `read`. Asks the database nothing more, unless they are empty or refused.
 *
 * @throws {ReleaseError} `history_foreign`, `history_lost`, and everything that `read` throws
 */
export async function ownRows<Rows extends readonly unknown[]>(
  own: OwnHistory,
  read: () => Promise<Rows>,
): Promise<Rows> {
  let rows: Rows;
  try {
    rows = await read();
  } catch (error) {
    throw await (await import("./empty-history.ts")).whoseTable(own, error);
  }
  if (rows.length > 0) return rows;
  try {
    await (await import("./empty-history.ts")).checkEmpty(own);
    return rows;
  } catch (error) {
    // Another process may have run the first ones between the two looks.
    const again = await read().catch(() => rows);
    if (again.length > 0) return again;
    throw error;
  }
}
