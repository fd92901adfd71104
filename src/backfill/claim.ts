/** Taking a range for one batch. The row lock is the claim: it ends with the transaction, or with the connection. */

import type { Session } from "../adapters/adapter.ts";
import { isRun, ledgerTables } from "../core/backfill/ledger.ts";
import type { Dialect } from "../core/language/dialect.ts";
import { plain } from "../core/model/statement.ts";
import { type KeyText, keyFromJson, keyJson } from "./key.ts";
import type { RunState } from "./ledger.ts";
import { transactionLimits } from "./limits.ts";
import { together } from "./statement.ts";
import type { BackfillTarget } from "./target.ts";

/** A range that is this worker's until the transaction ends. */
export type Claim = {
  readonly ord: string;
  /** The last key that was visited; `undefined` before the first. */
  readonly position: KeyText | undefined;
  readonly hi: KeyText;
  readonly token: string;
  readonly run: { readonly state: RunState; readonly code: string; readonly pace: string };
  /** Where the server's log was. */
  readonly lsn: string | undefined;
  /** The number of its lease, where no row lock keeps others away. */
  readonly lease?: string;
};

type Wanted = { readonly run: string; readonly ord: string | undefined };

/** Begins a transaction and claims an open range that nobody works on, best the one worked on before. */
export async function claimRange(
  session: Session,
  target: BackfillTarget,
  wanted: Wanted,
): Promise<Claim | undefined> {
  const [first = "", ...others] = claimSqls(session.dialect, target, wanted);
  const begin = [session.dialect.begin, ...transactionLimits(session, target)];
  let [row] = await together(session, [...begin, first]);
  for (const sql of others) row ??= (await session.query(sql))[0];
  if (row === undefined) return undefined;
  return {
    ord: String(row.ord_text),
    position: keyFromJson(row.position),
    hi: keyFromJson(row.hi) ?? [],
    token: String(row.token_text),
    run: {
      state: String(row.run_state) as RunState,
      code: String(row.run_code),
      pace: String(row.run_pace),
    },
    lsn: typeof row.lsn === "string" ? row.lsn : undefined,
  };
}

/**
 * The queries to try in turn. Where every row that is sorted is locked, the order must be that of the index: another
 * one would claim all ranges for one worker.
 */
function claimSqls(
  dialect: Dialect,
  { ref }: BackfillTarget,
  { run, ord }: Wanted,
): readonly string[] {
  const { quote: q, operator } = dialect;
  const { log, lockOwn, locksSorted } = dialect.backfill;
  const skipLocked = lockOwn?.skip ?? "";
  const is = operator("=");
  const tables = ledgerTables(ref.history);
  const ofRun = (name: string) =>
    `(SELECT ${q(name)} FROM ${dialect.quoteNamed(tables.runs)} WHERE ${isRun(dialect, ref)}) AS ${q(`run_${name}`)}`;
  const text = (name: string) => `${dialect.castToText(q(name))} AS ${q(`${name}_text`)}`;
  const open = [
    `SELECT ${text("ord")}, ${text("token")}, ${q("position")}, ${q("hi")}, ${["state", "code", "pace"].map(ofRun).join(", ")}${log === undefined ? "" : `, ${log.place} AS lsn`}`,
    `FROM ${dialect.quoteNamed(tables.ranges)}`,
    `WHERE ${q("run")} ${is} ${dialect.literal(run)} AND ${q("state")} ${is} 'open' AND ${q("leased_until_ms")} ${operator("<=")} ${dialect.backfill.nowMs}`,
  ].join(" ");
  const any = `${open} ORDER BY ${q("ord")} LIMIT 1${skipLocked}`;
  if (ord === undefined) return [any];
  if (locksSorted) return [`${open} AND ${q("ord")} ${is} ${ord}${skipLocked}`, any];
  const best = `CASE WHEN ${q("ord")} ${is} ${ord} THEN 0 ELSE 1 END`;
  return [`${open} ORDER BY ${best}, ${q("ord")} LIMIT 1${skipLocked}`];
}

/** The progress of a batch with its claim. */
export type Advance = {
  readonly claim: Claim;
  /** The last key that was visited. */
  readonly end: KeyText;
  readonly rows: number;
  readonly changed: number;
  readonly ms: number;
};

/**
 * The statement that moves the cursor, and closes the range at its end. With `token` only while that is the last one;
 * then the token moves too, so that nobody leases the range by what it was before.
 */
export function advanceSql(
  session: Session,
  target: BackfillTarget,
  {
    run,
    advance,
    token,
  }: { readonly run: string; readonly advance: Advance; readonly token?: string },
): string {
  const { dialect } = session;
  const q = dialect.quote;
  const { claim, end, rows, changed, ms } = advance;
  const isOver = keyJson(end) === keyJson(claim.hi);
  const plus = (name: string, by: string | number) =>
    `${q(name)} = ${q(name)} ${dialect.operator("+")} ${by}`;
  const set = [
    `${q("position")} = ${dialect.literal(keyJson(end))}`,
    `${q("state")} = '${isOver ? "done" : "open"}'`,
    plus("rows_seen", rows),
    plus("rows_changed", changed),
    plus("batches", 1),
    plus("busy_ms", Math.round(ms)),
    plus("wal_bytes", claim.lsn === undefined ? 0 : writtenSince(dialect, claim.lsn)),
    `${q("leased_until_ms")} = 0`,
    `${q("updated_ms")} = ${dialect.backfill.nowMs}`,
    ...(token === undefined ? [] : [plus("token", 1)]),
  ];
  const fence = token === undefined ? "" : ` AND ${q("token")} ${dialect.operator("=")} ${token}`;
  return `UPDATE ${dialect.quoteNamed(ledgerTables(target.ref.history).ranges)} SET ${set.join(", ")} WHERE ${isRange(dialect, { run, ord: claim.ord })}${fence}`;
}

/** Moves the cursor and commits, and gives how much log the server wrote meanwhile; nothing where another has the lease. */
export async function commitAdvance(
  session: Session,
  target: BackfillTarget,
  { run, advance }: { readonly run: string; readonly advance: Advance },
): Promise<number | undefined> {
  const { dialect } = session;
  const { lsn, lease } = advance.claim;
  if (lease !== undefined) {
    const sql = advanceSql(session, target, { run, advance, token: lease });
    if ((await session.change(sql)) === 0) return undefined;
    await session.execute([plain(dialect.commit)]);
    return 0;
  }
  const sqls = [advanceSql(session, target, { run, advance }), dialect.commit];
  if (lsn === undefined) {
    await session.execute(sqls.map(plain));
    return 0;
  }
  const [row] = await together(session, [...sqls, `SELECT ${writtenSince(dialect, lsn)} AS bytes`]);
  return Number(row?.bytes);
}

/** The condition that finds a range. */
export function isRange(
  dialect: Dialect,
  { run, ord }: { readonly run: string; readonly ord: string },
): string {
  const is = dialect.operator("=");
  return `${dialect.quote("run")} ${is} ${dialect.literal(run)} AND ${dialect.quote("ord")} ${is} ${ord}`;
}

function writtenSince({ backfill }: Dialect, lsn: string): string {
  return backfill.log?.since(lsn) ?? "0";
}
