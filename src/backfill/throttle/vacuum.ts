/**
 * Holds while the table is being vacuumed: both want the same pages, and dead rows should go first.
 */

import type { Signal } from "./signal.ts";
import { noMonitor, signalsOf } from "./untold.ts";

export const vacuum: Signal = {
  name: "autovacuum",
  of: "table",
  limit: ({ autovacuum }) => autovacuum || undefined,
  async read({ db, dialect, target }) {
    const { table } = target.backfill;
    const [row] = await db.query(signalsOf(dialect).vacuum(table));
    if (row === undefined) return undefined;
    if (row.relid === null) throw noMonitor();
    return `${table.name} is being vacuumed (${String(row.phase)})`;
  },
};
