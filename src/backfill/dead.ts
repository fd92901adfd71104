/** Dead letters: rows that failed by themselves, with the reason, kept until somebody has them tried again. */

import type { Row, Session } from "../adapters/adapter.ts";
import { isOfRuns, ledgerTables } from "../core/backfill/ledger.ts";
import { plain } from "../core/model/statement.ts";
import { checksum } from "../engine/checksum.ts";
import { type KeyText, keyFromJson, keyJson } from "./key.ts";
import { insertInto } from "./ledger.ts";
import type { RowFailure } from "./row-failure.ts";

import type { BackfillRef, BackfillTarget } from "./target.ts";

/** A row that failed. */
export type DeadRow = {
  readonly key: KeyText;
  /** `busy`: others held it all the time. */
  readonly kind: "busy" | "error";
  readonly error: string;
  readonly attempts: number;
};

const longestError = 2_000;

/** Keeps rows as dead letters, in the transaction that is open. */
export async function buryRows(
  session: Session,
  { ref }: BackfillTarget,
  { run, rows }: { readonly run: string; readonly rows: readonly RowFailure[] },
): Promise<void> {
  if (rows.length === 0) return;
  const { dialect } = session;
  const { dead } = ledgerTables(ref.history);
  const text = (value: string) => dialect.literal(value);
  await session.execute(
    rows.map(({ key, kind, error }) =>
      insertInto(session, dead, {
        run: text(run),
        key_sum: text(sumOf(key)),
        key: text(keyJson(key)),
        kind: text(kind),
        error: text(storable(error)),
        attempts: "1",
        first_seen_ms: dialect.backfill.nowMs,
      }),
    ),
  );
}

/** Dead letters of a run, oldest first. No table means none. */
export async function readDead(
  session: Session,
  ref: Pick<BackfillRef, "history">,
  { run, limit, kind }: { readonly run: string; readonly limit: number; readonly kind?: "busy" },
): Promise<readonly DeadRow[]> {
  const { dialect } = session;
  const q = dialect.quote;
  const only =
    kind === undefined ? "" : ` AND ${q("kind")} ${dialect.operator("=")} ${dialect.literal(kind)}`;
  const rows = await session.query(
    `SELECT ${q("key")}, ${q("kind")}, ${q("error")}, ${q("attempts")} FROM ${dialect.quoteNamed(ledgerTables(ref.history).dead)} WHERE ${q("run")} ${dialect.operator("=")} ${dialect.literal(run)}${only} ORDER BY ${q("first_seen_ms")}, ${q("key_sum")} LIMIT ${limit}`,
  );
  return rows.map(deadRow);
}

/** Locks a dead letter for a try; not one that is gone, or that somebody else tries now. */
export async function claimDead(
  session: Session,
  ref: Pick<BackfillRef, "history">,
  { run, key }: { readonly run: string; readonly key: KeyText },
): Promise<boolean> {
  const { dialect } = session;
  const q = dialect.quote;
  const lock = dialect.backfill.lockOwn?.skip ?? "";
  const rows = await session.query(
    `SELECT ${q("key_sum")} FROM ${dialect.quoteNamed(ledgerTables(ref.history).dead)} WHERE ${q("run")} ${dialect.operator("=")} ${dialect.literal(run)} AND ${q("key_sum")} ${dialect.operator("=")} ${dialect.literal(sumOf(key))}${lock}`,
  );
  return rows.length > 0;
}

/** How many rows of a run are dead letters. */
export async function countDead(
  session: Session,
  ref: Pick<BackfillRef, "history">,
  run: string,
): Promise<number> {
  return (await countDeadOf(session, ref, [run])).get(run) ?? 0;
}

/** How many rows of each of many runs are dead letters, in one query, by the ids of the runs. A run with none is not among them. */
export async function countDeadOf(
  session: Session,
  { history }: Pick<BackfillRef, "history">,
  runs: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { dialect } = session;
  const run = dialect.quote("run");
  const rows = await session.query(
    `SELECT ${run}, ${dialect.builtin("count")}(*) AS dead FROM ${dialect.quoteNamed(ledgerTables(history).dead)} WHERE ${isOfRuns(dialect, runs)} GROUP BY ${run}`,
  );
  return new Map(rows.map((row) => [String(row.run), Number(row.dead)]));
}

/** The statement that forgets one, or all of a run. */
export function forgetDead(
  session: Session,
  ref: Pick<BackfillRef, "history">,
  { run, key }: { readonly run: string; readonly key?: KeyText },
) {
  const { dialect } = session;
  const one =
    key === undefined
      ? ""
      : ` AND ${dialect.quote("key_sum")} ${dialect.operator("=")} ${dialect.literal(sumOf(key))}`;
  return plain(
    `DELETE FROM ${dialect.quoteNamed(ledgerTables(ref.history).dead)} WHERE ${dialect.quote("run")} ${dialect.operator("=")} ${dialect.literal(run)}${one}`,
  );
}

/** The statement that notes another try that failed. */
export function noteFailure(
  session: Session,
  ref: Pick<BackfillRef, "history">,
  { run, failure }: { readonly run: string; readonly failure: RowFailure },
) {
  const { dialect } = session;
  const q = dialect.quote;
  const { key, kind, error } = failure;
  return plain(
    `UPDATE ${dialect.quoteNamed(ledgerTables(ref.history).dead)} SET ${q("attempts")} = ${q("attempts")} ${dialect.operator("+")} 1, ${q("kind")} = ${dialect.literal(kind)}, ${q("error")} = ${dialect.literal(storable(error))} WHERE ${q("run")} ${dialect.operator("=")} ${dialect.literal(run)} AND ${q("key_sum")} ${dialect.operator("=")} ${dialect.literal(sumOf(key))}`,
  );
}

function deadRow(row: Row): DeadRow {
  return {
    key: keyFromJson(row.key) ?? [],
    kind: row.kind === "busy" ? "busy" : "error",
    error: String(row.error),
    attempts: Number(row.attempts),
  };
}

/** Every database can keep this: no NUL, no half of a surrogate pair, not too long. */
function storable(error: string): string {
  return error.slice(0, longestError).replaceAll("\0", "").toWellFormed();
}

/** Keys may be long, and not every database can have long text as a key. */
function sumOf(key: KeyText): string {
  return checksum(keyJson(key));
}
