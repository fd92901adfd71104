/** Reports a backfill over all tenants: sums, whoever worked on them and wherever. Reads only. */
import type { Session } from "../adapters/adapter.ts";
import { type Held, heldNow } from "../core/backfill/hold-words.ts";
import { ledgerTables, type RunKey } from "../core/backfill/ledger.ts";
import { type RunRow, type RunState, readRuns, readRunsWhere } from "./ledger.ts";
import { type BackfillReport, reportsOf } from "./report.ts";
import {
  isOfTenants,
  ofTenantsSql,
  readTenantRuns,
  type TenantRun,
  tenantHistory,
} from "./tenant-runs.ts";

/** The commands to all tenants, oldest version first, each with the sums of all of them. */
export async function readTenantReports(
  session: Session,
  history: RunKey["history"],
  version?: RunKey["version"],
): Promise<readonly BackfillReport[]> {
  const told = await readRuns(session, tenantHistory(history, ""), version);
  const reports: BackfillReport[] = [];
  for (const run of told) reports.push(await reportOf(session, history, run));
  return reports;
}

/** A report for each tenant and version, by version and then by name. */
export async function readReportsOfEach(
  session: Session,
  history: RunKey["history"],
): Promise<readonly (BackfillReport & { readonly tenant: string })[]> {
  const found = await readRunsWhere(session, history, isOfTenants(session, history));
  const own = found
    .map(({ history: name, run }) => ({ tenant: name.slice(history.name.length + 1), run }))
    .filter(({ tenant }) => tenant !== "");
  const reports = await reportsOf(
    session,
    history,
    own.map(({ run }) => run),
  );
  return reports.map((report, i) => ({ tenant: own[i]!.tenant, ...report }));
}

async function reportOf(
  session: Session,
  history: RunKey["history"],
  run: RunRow,
): Promise<BackfillReport> {
  const { version, name, state, reason, pace, startedMs, finishedMs } = run;
  const own = (await readTenantRuns(session, history, version)).filter(
    ({ tenant }) => tenant !== "",
  );
  const tenants: { [state in RunState]?: number } = {};
  for (const one of own) tenants[one.state] = (tenants[one.state] ?? 0) + 1;
  const row = await sumsOf(session, { history, version });
  const number = (key: string) => Number(row[key] ?? 0);
  const held = longestHold(own, number("now_ms"));
  const isIdle = row.idle_ms === null || row.idle_ms === undefined;
  return {
    ...{ version, name, state, tenants, pace: JSON.parse(pace) as BackfillReport["pace"] },
    ...(reason === undefined ? {} : { reason }),
    ...(held === undefined ? {} : { held }),
    ...{ rowsSeen: number("rows_seen"), rowsChanged: number("rows_changed") },
    ...{ rowsExpected: number("estimate"), rowsDead: number("dead") },
    ...{ ranges: number("ranges_all"), rangesOpen: number("ranges_open") },
    ...{ batches: number("batches"), walBytes: number("wal_bytes"), busyMs: number("busy_ms") },
    ...(isIdle ? {} : { idleMs: Math.max(0, number("idle_ms")) }),
    startedAt: new Date(startedMs),
    ...(finishedMs === undefined ? {} : { finishedAt: new Date(finishedMs) }),
  };
}

/** The tenant that has been held the longest, and how many more are. */
function longestHold(runs: readonly TenantRun[], nowMs: number): Held | undefined {
  const held = runs.flatMap(({ tenant, hold }) => {
    const now = heldNow(hold, { nowMs, idleMs: undefined });
    return now === undefined ? [] : [{ ...now, tenant }];
  });
  const [longest] = held.toSorted((one, other) => other.heldMs - one.heldMs);
  if (longest === undefined) return undefined;
  const { tenant, reason, heldMs } = longest;
  const more = held.length - 1;
  const others = more === 0 ? "" : `, and ${more} more tenant${more === 1 ? "" : "s"}`;
  return { reason: `tenant ${tenant}${others}: ${reason}`, heldMs };
}

async function sumsOf(session: Session, key: RunKey) {
  const { dialect } = session;
  const { quote: q, operator, builtin } = dialect;
  const { runs, ranges, dead } = ledgerTables(key.history);
  const ids = `SELECT ${q("id")} FROM ${dialect.quoteNamed(runs)} WHERE ${ofTenantsSql(session, key)}`;
  const text = (sql: string, name: string) =>
    `${dialect.castToText(`COALESCE(${sql}, 0)`)} AS ${name}`;
  const sums = ["rows_seen", "rows_changed", "batches", "wal_bytes", "busy_ms"].map((name) =>
    text(`${builtin("SUM")}(${q(name)})`, name),
  );
  const idle = `${dialect.castToText(`${dialect.backfill.nowMs} ${operator("-")} ${builtin("MAX")}(CASE WHEN ${q("batches")} ${operator(">")} 0 THEN ${q("updated_ms")} END)`)} AS idle_ms`;
  const open = text(
    `${builtin("SUM")}(CASE WHEN ${q("state")} ${operator("=")} 'open' THEN 1 ELSE 0 END)`,
    "ranges_open",
  );
  const estimate = `(SELECT ${dialect.castToText(`COALESCE(${builtin("SUM")}(${q("estimate")}), 0)`)} FROM ${dialect.quoteNamed(runs)} WHERE ${ofTenantsSql(session, key)}) AS estimate`;
  const buried = `(SELECT ${builtin("count")}(*) FROM ${dialect.quoteNamed(dead)} WHERE ${q("run")} IN (${ids})) AS dead`;
  const [row] = await session.query(
    `SELECT ${dialect.castToText(dialect.backfill.nowMs)} AS now_ms, ${builtin("count")}(*) AS ranges_all, ${open}, ${sums.join(", ")}, ${idle}, ${estimate}, ${buried} FROM ${dialect.quoteNamed(ranges)} WHERE ${q("run")} IN (${ids})`,
  );
  return row ?? {};
}
