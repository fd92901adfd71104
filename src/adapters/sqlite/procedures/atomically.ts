/** All or nothing, inside a transaction or outside of one. */
import type { SqliteDatabase } from "../driver.ts";

/**
 * Runs `work` whole or not at all: in a savepoint when a transaction is open, else in a new
 * transaction.
 * https://www.sqlite.org/lang_savepoint.html
 */
export function atomically(db: SqliteDatabase, work: () => void): void {
  const nested = db.isTransaction;
  db.exec(nested ? "SAVEPOINT slipway_procedure" : "BEGIN IMMEDIATE");
  try {
    work();
    db.exec(nested ? "RELEASE slipway_procedure" : "COMMIT");
  } catch (error) {
    // Some errors, a full disk for one, have rolled back everything already. https://www.sqlite.org/lang_transaction.html
    if (db.isTransaction) {
      db.exec(nested ? "ROLLBACK TO slipway_procedure; RELEASE slipway_procedure" : "ROLLBACK");
    }
    throw error;
  }
}
