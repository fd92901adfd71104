/**
 * The runs of tenants in the one ledger that all share. Each has a history named after the tenant;
 * one more row holds the command to all of them.
 */
import { randomUUID } from "node:crypto";
import type { Session } from "../adapters/adapter.ts";
import { holdIn, type KeptHold } from "../core/backfill/hold-words.ts";
import { isRun, ledgerTables, type RunKey } from "../core/backfill/ledger.ts";
import { type Version, versionFromDigits } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import { versionNumber } from "../core/model/version-key.ts";
import type { Edge } from "../engine/events.ts";
import type { RunFacts } from "../engine/run-facts.ts";
import { insertInto, type PaceChange, type RunState } from "./ledger.ts";
import { inTransaction } from "./statement.ts";

/** The history of one tenant; with an empty name, that of the command to all of them. */
export function tenantHistory(history: Named, tenant: string): Named {
  return { ...history, name: `${history.name}/${tenant}` };
}

/** A run of a tenant, as far as it matters to the others. */
export type TenantRun = {
  readonly tenant: string;
  readonly version: Version;
  readonly id: string;
  readonly state: RunState;
  readonly reason: string | undefined;
  /** Why a throttle holds it, as its worker last said; `undefined` where none does. */
  readonly hold: KeptHold | undefined;
};

/**
 * The runs of all tenants; the one with an empty name is the command to all. No table means none.
 */
export async function readTenantRuns(
  session: Session,
  history: Named,
  version?: Version,
): Promise<readonly TenantRun[]> {
  const { dialect } = session;
  const { quote: q } = dialect;
  const of = version === undefined ? "" : ` AND ${isVersion(session, version)}`;
  const sql = `SELECT ${q("history")}, ${q("id")}, ${q("state")}, ${q("reason")}, ${dialect.castToText(q("version"))} AS version_text FROM ${dialect.quoteNamed(ledgerTables(history).runs)} WHERE ${isOfTenants(session, history)}${of}`;
  try {
    const rows = await session.query(sql);
    return rows.map((row) => {
      const reason = typeof row.reason === "string" ? row.reason : undefined;
      const hold = row.state === "running" ? holdIn(reason) : undefined;
      return {
        tenant: String(row.history).slice(history.name.length + 1),
        version: versionFromDigits(String(row.version_text)),
        id: String(row.id),
        state: String(row.state) as RunState,
        reason: hold === undefined ? reason : undefined,
        hold,
      };
    });
  } catch (error) {
    if (session.errorKind(error) === "table_missing") return [];
    throw error;
  }
}

/** A row for one version of a tenant that has no batches, or for the command to all. */
export function tenantRunRow(
  session: Session,
  { history, version }: RunKey,
  of: { readonly name: string; readonly state: RunState; readonly facts: RunFacts },
): Statement {
  const { dialect } = session;
  const text = (value: unknown) => dialect.literal(value);
  const now = dialect.backfill.nowMs;
  const { name, state, facts } = of;
  return insertInto(session, ledgerTables(history).runs, {
    history: text(history.name),
    version: versionNumber(version),
    id: text(randomUUID()),
    name: text(name),
    state: text(state),
    code: text(""),
    pace: text("{}"),
    estimate: "0",
    started_ms: now,
    ...(state === "finished" ? { finished_ms: now } : {}),
    release: text(facts.release),
    host: text(facts.host),
  });
}

/** Reads the row of a tenant, which nobody else has until the transaction ends. */
export function lockTenantRun({ dialect }: Session, key: RunKey): string {
  const { quote: q, quoteNamed, backfill } = dialect;
  const columns = [q("state"), q("code")].join(", ");
  return `SELECT ${columns} FROM ${quoteNamed(ledgerTables(key.history).runs)} WHERE ${isRun(dialect, key)}${backfill.lockOwn?.wait ?? ""}`;
}

/** Says that a tenant has what has no batches. */
export function finishTenantRun({ dialect }: Session, key: RunKey): Statement {
  const { quote: q, quoteNamed, literal, backfill } = dialect;
  const set = [
    `${q("state")} = ${literal("finished")}`,
    `${q("code")} = ${literal("")}`,
    `${q("reason")} = NULL`,
    `${q("finished_ms")} = ${backfill.nowMs}`,
  ];
  return plain(
    `UPDATE ${quoteNamed(ledgerTables(key.history).runs)} SET ${set.join(", ")} WHERE ${isRun(dialect, key)}`,
  );
}

/** Changes the runs of all tenants that are in one of these states. Gives how many. */
export async function changeTenantRuns(
  session: Session,
  { history, version }: RunKey,
  change: {
    readonly from: readonly RunState[];
    readonly state?: RunState | undefined;
    readonly pace?: PaceChange | undefined;
  },
): Promise<number> {
  const { dialect } = session;
  const { quote: q, literal } = dialect;
  const { from, state, pace } = change;
  const set = [
    ...(state === undefined ? [] : [`${q("state")} = ${literal(state)}`, `${q("reason")} = NULL`]),
    ...(pace === undefined ? [] : [`${q("pace")} = ${literal(JSON.stringify(pace))}`]),
    // Why a throttle held it, under the pace that it had.
    ...(pace === undefined || state !== undefined
      ? []
      : [
          `${q("reason")} = CASE WHEN ${q("state")} ${dialect.operator("=")} ${literal("running")} THEN NULL ELSE ${q("reason")} END`,
        ]),
  ];
  const states = dialect.isOneOf(
    q("state"),
    from.map((one) => literal(one)),
  );
  return session.change(
    `UPDATE ${dialect.quoteNamed(ledgerTables(history).runs)} SET ${set.join(", ")} WHERE ${isOfTenants(session, history)} AND ${isVersion(session, version)} AND ${states}`,
  );
}

/** Comes back when no batch of any tenant is open any more: a batch has the lock of its range, an effect a lease. */
export async function waitForTenantBatches(
  session: Session,
  key: RunKey,
  sleep: Edge["sleep"],
): Promise<void> {
  const { dialect } = session;
  const { quote: q, operator } = dialect;
  const { lockOwn, nowMs } = dialect.backfill;
  const { runs, ranges } = ledgerTables(key.history);
  const ids = `SELECT ${q("id")} FROM ${dialect.quoteNamed(runs)} WHERE ${ofTenantsSql(session, key)}`;
  const open = `${q("run")} IN (${ids}) AND ${q("state")} ${operator("=")} 'open'`;
  const from = dialect.quoteNamed(ranges);
  if (lockOwn !== undefined)
    await inTransaction(session, () =>
      session.query(`SELECT ${q("ord")} FROM ${from} WHERE ${open}${lockOwn.wait}`),
    );
  const leased = `SELECT 1 AS leased FROM ${from} WHERE ${open} AND ${q("leased_until_ms")} ${operator(">")} ${nowMs} LIMIT 1`;
  while ((await session.query(leased)).length > 0) await sleep(leaseCheckMs);
}

const leaseCheckMs = 100;

/** The condition that finds the runs of all tenants, and the command to all. */
export function ofTenantsSql(session: Session, { history, version }: RunKey): string {
  return `${isOfTenants(session, history)} AND ${isVersion(session, version)}`;
}

/** The condition that a run is of a tenant, or the command to all. */
export function isOfTenants({ dialect }: Session, { name }: Named): string {
  const start = `${name}/`;
  return `${dialect.builtin("substr")}(${dialect.quote("history")}, 1, ${[...start].length}) ${dialect.operator("=")} ${dialect.literal(start)}`;
}

function isVersion({ dialect }: Session, version: Version): string {
  return `${dialect.quote("version")} ${dialect.operator("=")} ${versionNumber(version)}`;
}
