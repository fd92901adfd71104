/** How far a run is: sums over its ranges, whoever worked on them. */
import type { Row, Session } from "../adapters/adapter.ts";
import { isOfRuns, ledgerTables } from "../core/backfill/ledger.ts";
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
  /** The server's clock, in milliseconds since 1970. */
  readonly nowMs: number;
};

/** A run that has no ranges. */
export const noSums: Sums = {
  ...{ ranges: 0, open: 0, rowsSeen: 0, rowsChanged: 0, batches: 0, walBytes: 0, busyMs: 0 },
  idleMs: undefined,
  nowMs: 0,
};

/** The sums of one run. */
export async function readSums(session: Session, history: Named, run: string): Promise<Sums> {
  return (await readSumsOf(session, history, [run])).get(run) ?? noSums;
}

/** The sums of many runs in one query, by the ids of the runs. A run without ranges is not among them. */
export async function readSumsOf(
  session: Session,
  history: Named,
  runs: readonly string[],
): Promise<ReadonlyMap<string, Sums>> {
  const { dialect } = session;
  const { quote: q, operator, builtin } = dialect;
  const sum = builtin("SUM");
  const text = (expression: string, name: string) =>
    `${dialect.castToText(`COALESCE(${expression}, 0)`)} AS ${name}`;
  const sums = ["rows_seen", "rows_changed", "batches", "wal_bytes", "busy_ms"].map((name) =>
    text(`${sum}(${q(name)})`, name),
  );
  const rows = await session.query(
    `SELECT ${q("run")}, ${builtin("count")}(*) AS ranges_all, ${text(`${sum}(CASE WHEN ${q("state")} ${operator("=")} 'open' THEN 1 ELSE 0 END)`, "ranges_open")}, ${sums.join(", ")}, ${dialect.castToText(`${dialect.backfill.nowMs} ${operator("-")} ${builtin("MAX")}(CASE WHEN ${q("batches")} ${operator(">")} 0 THEN ${q("updated_ms")} END)`)} AS idle_ms, ${dialect.castToText(dialect.backfill.nowMs)} AS now_ms FROM ${dialect.quoteNamed(ledgerTables(history).ranges)} WHERE ${isOfRuns(dialect, runs)} GROUP BY ${q("run")}`,
  );
  return new Map(rows.map((row) => [String(row.run), sumsIn(row)]));
}

function sumsIn(row: Row): Sums {
  const number = (name: string) => Number(row[name] ?? 0);
  return {
    ranges: number("ranges_all"),
    open: number("ranges_open"),
    rowsSeen: number("rows_seen"),
    rowsChanged: number("rows_changed"),
    batches: number("batches"),
    walBytes: number("wal_bytes"),
    busyMs: number("busy_ms"),
    idleMs: row.idle_ms === null ? undefined : Math.max(0, number("idle_ms")),
    nowMs: number("now_ms"),
  };
}

/** A range that was worked on. */
export type RangeReport = {
  /** Its place among the ranges, from 1. */
  readonly number: number;
  readonly state: "open" | "done";
  readonly rowsSeen: number;
  readonly batches: number;
  /** The key that it has come to. Left out before its first batch. */
  readonly position?: string;
  /** How long ago its last batch was, by the server's clock. */
  readonly idleMs: number;
};

/** The ranges that were worked on last, the newest first. */
export async function readLatestRanges(
  session: Session,
  history: Named,
  { run, limit }: { readonly run: string; readonly limit: number },
): Promise<readonly RangeReport[]> {
  const { dialect } = session;
  const { quote: q, operator, castToText } = dialect;
  const texts = ["ord", "rows_seen", "batches"].map(
    (name) => `${castToText(q(name))} AS ${q(`${name}_text`)}`,
  );
  const idle = castToText(`${dialect.backfill.nowMs} ${operator("-")} ${q("updated_ms")}`);
  const rows = await session.query(
    `SELECT ${texts.join(", ")}, ${q("state")}, ${q("position")}, ${idle} AS idle_ms FROM ${dialect.quoteNamed(ledgerTables(history).ranges)} WHERE ${q("run")} ${operator("=")} ${dialect.literal(run)} AND ${q("batches")} ${operator(">")} 0 ORDER BY ${q("updated_ms")} DESC LIMIT ${limit}`,
  );
  return rows.map((row) => ({
    number: Number(row.ord_text) + 1,
    state: row.state === "open" ? "open" : "done",
    rowsSeen: Number(row.rows_seen_text),
    batches: Number(row.batches_text),
    ...(typeof row.position === "string" ? { position: row.position } : {}),
    idleMs: Math.max(0, Number(row.idle_ms)),
  }));
}
