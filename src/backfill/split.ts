/** Splits a range that is still long, for a worker that has nothing to do. */

import type { Session } from "../adapters/adapter.ts";
import { ledgerTables } from "../core/backfill/ledger.ts";
import { isRange } from "./claim.ts";
import { keyFromJson, keyJson } from "./key.ts";
import { transactionLimits } from "./limits.ts";
import { rangeRow } from "./register.ts";
import { inTransaction } from "./statement.ts";
import type { BackfillTarget } from "./target.ts";

/** The rest of a range is counted no further than this. */
const mostCounted = 1_000_000;

/**
 * Cuts the rest of an open range in two at a key that is there. Waits for the batch that runs in
 * it, because the cursor is known only between two batches.
 *
 * @returns whether there is a range more; no, when the rest is short
 */
export async function splitRange(
  session: Session,
  target: BackfillTarget,
  { run, leastRows }: { readonly run: string; readonly leastRows: number },
): Promise<boolean> {
  const { dialect } = session;
  const { key, ref, source } = target;
  const { quote: q, operator } = dialect;
  const is = operator("=");
  const ranges = dialect.quoteNamed(ledgerTables(ref.history).ranges);
  const ofRun = `${q("run")} ${is} ${dialect.literal(run)}`;
  const split = async () => {
    const isOpen = `${ofRun} AND ${q("state")} ${is} 'open' AND ${q("leased_until_ms")} ${operator("<=")} ${dialect.backfill.nowMs}`;
    const [least] = await session.query(
      `SELECT ${dialect.castToText(q("ord"))} AS ord_text FROM ${ranges} WHERE ${isOpen} ORDER BY ${q("rows_seen")} LIMIT 1`,
    );
    if (least === undefined) return false;
    const ord = String(least.ord_text);
    // Locked by its key: MySQL locks every row that it sorts.
    const [open] = await session.query(
      `SELECT ${q("position")}, ${q("hi")}, ${dialect.castToText(q("token"))} AS token_text FROM ${ranges} WHERE ${isOpen} AND ${q("ord")} ${is} ${ord}${dialect.backfill.lockOwn?.wait ?? ""}`,
    );
    if (open === undefined) return false;
    const position = keyFromJson(open.position);
    const hi = keyFromJson(open.hi) ?? [];
    const rest = `FROM ${dialect.quoteNamed(source)} WHERE ${key.between(position, hi)}`;
    const [counted] = await session.query(
      `SELECT ${dialect.builtin("count")}(*) AS left_over FROM (SELECT 1 AS one ${rest} LIMIT ${mostCounted}) AS rest`,
    );
    const rows = Number(counted?.left_over);
    if (rows < leastRows) return false;
    const [middle] = await session.query(
      `SELECT ${key.texts} ${rest} ORDER BY ${key.list} LIMIT 1 OFFSET ${Math.floor(rows / 2)}`,
    );
    if (middle === undefined) return false;
    const cut = key.read(middle);
    const [last] = await session.query(
      `SELECT ${dialect.castToText(`${dialect.builtin("MAX")}(${q("ord")}) ${operator("+")} 1`)} AS ord_text FROM ${ranges} WHERE ${ofRun}`,
    );
    // With a new token, because a worker whose lease has run out may still be at work beyond the cut; and only while it
    // is the one that was read, because a node of a cluster may have ended the transaction that locked it.
    const changed = await session.change(
      `UPDATE ${ranges} SET ${q("hi")} = ${dialect.literal(keyJson(cut))}, ${q("token")} = ${q("token")} ${operator("+")} 1 WHERE ${isRange(dialect, { run, ord })} AND ${q("token")} ${is} ${open.token_text}`,
    );
    if (changed === 0) return false;
    await session.execute([
      rangeRow(session, target, {
        id: run,
        ord: String(last?.ord_text),
        range: { lo: cut, hi },
      }),
    ]);
    return keyJson(cut) !== keyJson(hi);
  };
  return inTransaction(session, split, transactionLimits(session, target));
}
