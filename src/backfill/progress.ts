/** How far a run is: sums over its ranges, whoever worked on them. */
import type { Session } from "../adapters/adapter.ts";
import { ledgerTables } from "../core/backfill/ledger.ts";
import type { Named } from "../core/model/named.ts";

export type Sums = {
  readonly ranges: number;
  readonly open: number;
  readonly rowsSeen: number;
  readonly rowsChanged: number;
  readonly batches: number;
  readonly walBytes: number;
  readonly busyMs: number;
  /** How long ago the last batch was, by the server's clock; `undefined` when there was none. */
  readonly idleMs: number | undefined;
};

export async function readSums(session: Session, history: Named, run: string): Promise<Sums> {
  const { dialect } = session;
  const { quote: q, operator, builtin } = dialect;
  const sum = builtin("SUM");
  const text = (expression: string, name: string) =>
    `${dialect.castToText(`COALESCE(${expression}, 0)`)} AS ${name}`;
  const sums = ["rows_seen", "rows_changed", "batches", "wal_bytes", "busy_ms"].map((name) =>
    text(`${sum}(${q(name)})`, name),
  );
  const [row] = await session.query(
    `SELECT ${builtin("count")}(*) AS ranges_all, ${text(`${sum}(CASE WHEN ${q("state")} ${operator("=")} 'open' THEN 1 ELSE 0 END)`, "ranges_open")}, ${sums.join(", ")}, ${dialect.castToText(`${dialect.backfill.nowMs} ${operator("-")} ${builtin("MAX")}(CASE WHEN ${q("batches")} ${operator(">")} 0 THEN ${q("updated_ms")} END)`)} AS idle_ms FROM ${dialect.quoteNamed(ledgerTables(history).ranges)} WHERE ${q("run")} ${operator("=")} ${dialect.literal(run)}`,
  );
  const number = (name: string) => Number(row?.[name] ?? 0);
  return {
    ranges: number("ranges_all"),
    open: number("ranges_open"),
    rowsSeen: number("rows_seen"),
    rowsChanged: number("rows_changed"),
    batches: number("batches"),
    walBytes: number("wal_bytes"),
    busyMs: number("busy_ms"),
    idleMs: row?.idle_ms === null ? undefined : Math.max(0, number("idle_ms")),
  };
}
