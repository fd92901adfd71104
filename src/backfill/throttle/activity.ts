/**
 * Measures the work of others on the server. Connections that call themselves slipway do not count
 * (PostgreSQL).
 */
import type { BackfillSql } from "../../core/language/backfill-sql.ts";
import type { Signal, SignalContext } from "./signal.ts";
import { noMonitor, untold } from "./untold.ts";

/** Connections of others that are at work. One that may not be seen may be. */
export const activeConnections: Signal = {
  name: "activeConnections",
  of: "server",
  limit: ({ activeConnections: most }) => most,
  async read(context, { activeConnections: most = 0 }) {
    const [active, hidden] = await numbersOf(context, "active");
    if (active > most) return `${active} connections are at work, more than ${most}`;
    if (active + hidden > most) throw noMonitor();
    return undefined;
  },
};

/** The oldest transaction of others: it keeps dead rows from being cleared away. */
export const longTransaction: Signal = {
  name: "longTransactionMs",
  of: "server",
  limit: ({ longTransactionMs: most }) => most,
  async read(context, { longTransactionMs: most = 0 }) {
    const [age, hidden] = await numbersOf(context, "oldestMs");
    if (age > most) return `a transaction is open for ${age} ms, longer than ${most} ms`;
    if (hidden > 0) throw noMonitor();
    return undefined;
  },
};

async function numbersOf(
  { db, dialect }: SignalContext,
  what: keyof NonNullable<BackfillSql["activity"]>,
): Promise<readonly [number, number]> {
  const { activity } = dialect.backfill;
  if (activity === undefined) throw untold(dialect);
  const [row] = await db.query(activity[what]);
  return [Number(row?.value), Number(row?.hidden)];
}
