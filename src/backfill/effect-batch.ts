/**
 * A batch with side effects outside of the database: a lease and a number that grows with each taker stand in for the
 * row lock, because no transaction may stay open meanwhile. The database's part is exact; calls may come twice.
 */

import type { RowChange } from "../core/language/backfill-definition.ts";
import { messageOf } from "../core/model/message-of.ts";
import { plain } from "../core/model/statement.ts";
import {
  type BatchContext,
  BatchFailed,
  type BatchResult,
  type BatchWish,
  claimFor,
  windowWish,
} from "./batch.ts";
import { callUser } from "./call-user.ts";
import { advanceSql } from "./claim.ts";
import { buryRows } from "./dead.ts";
import { type KeyText, keyJson } from "./key.ts";
import { transactionLimits, valueSettings } from "./limits.ts";
import { changeOf, type KeyedRow, readRows, writeBack } from "./modes/rows.ts";
import { giveBack, nextToken, type RangeLease, renewLease, takeLease } from "./range-lease.ts";
import type { RowFailure } from "./row-failure.ts";
import { isReplacedTable, refuseReplacedTable } from "./same-table.ts";
import { inTransaction, rollBack } from "./statement.ts";
import { findWindow, type Window } from "./window.ts";

type Leased = RangeLease & { readonly window: Window };

type Called = {
  readonly changes: readonly { readonly key: KeyText; readonly change: RowChange }[];
  readonly failed: readonly RowFailure[];
  /** How many rows were tried. */
  readonly tried: number;
};

/**
 * A batch ends after this long, so that little comes twice after a crash, and workers soon see
 * commands.
 */
const longestMs = 1_000;

/** Leases a range, calls for each row, and writes what came of it, if the lease is still this worker's. */
export async function runEffectBatch(context: BatchContext, wish: BatchWish): Promise<BatchResult> {
  const started = context.edge.now();
  const { session, target, run } = context;
  const leased = await lease(context, wish);
  if ("kind" in leased) return leased;
  const { claim, window } = leased;
  try {
    const rows = await rowsOf(context, leased);
    const called = await callAll(context, leased, rows);
    const isWhole = called.tried === rows.length;
    const end = isWhole ? window.end : (rows[called.tried - 1]?.key ?? claim.position);
    if (end === undefined) {
      await giveBack(context, leased);
      return { kind: "idle" };
    }
    const seen = isWhole ? window.rows : called.tried;
    const dead = called.failed.length;
    const changed = await inTransaction(
      session,
      async () => {
        const advance = {
          claim: { ...claim, lsn: undefined },
          end,
          rows: seen,
          changed: called.tried - dead,
          ms: context.edge.now() - started,
        };
        const sql = advanceSql(session, target, { run: run.id, advance, token: leased.token });
        if ((await session.change(sql)) === 0) return undefined;
        await writeBack(session, target, called.changes);
        await refuseReplacedTable(session, target, run);
        await buryRows(session, target, { run: run.id, rows: called.failed });
        return called.tried - dead;
      },
      valueSettings(session, target),
    );
    // Another worker has the range now, and repeats the calls with the same keys.
    if (changed === undefined) return { kind: "idle" };
    const ms = context.edge.now() - started;
    const { ord } = claim;
    return {
      kind: "worked",
      ord,
      end,
      rows: seen,
      changed,
      dead,
      ms,
      walBytes: 0,
      pace: claim.run.pace,
    };
  } catch (error) {
    await giveBack(context, leased).catch(() => undefined);
    throw isReplacedTable(error) ? error : new BatchFailed(error, claim, window);
  }
}

async function lease(context: BatchContext, wish: BatchWish): Promise<Leased | BatchResult> {
  const { session, target } = context;
  const { dialect } = session;
  try {
    const claim = await claimFor(context, wish);
    if ("kind" in claim) return claim;
    const window = await findWindow(session, target, windowWish(claim, wish));
    const token = nextToken(claim);
    if (!(await takeLease(context, { claim, token }, target.backfill.leaseMs))) {
      await rollBack(session);
      return { kind: "idle" };
    }
    await session.execute([plain(dialect.commit)]);
    return { claim, token, window };
  } catch (error) {
    await rollBack(session);
    throw error;
  }
}

async function rowsOf(
  { session, target, run }: BatchContext,
  { claim, window }: Leased,
): Promise<readonly KeyedRow[]> {
  if (window.rows === 0) return [];
  const rows = target.key.between(claim.position, window.end);
  const read = async () => {
    const found = await readRows(session, target, { rows, lock: false });
    await refuseReplacedTable(session, target, run);
    return found;
  };
  return inTransaction(session, read, transactionLimits(session, target));
}

async function callAll(
  context: BatchContext,
  leased: Leased,
  rows: readonly KeyedRow[],
): Promise<Called> {
  const { session, target, run, edge } = context;
  const { now, signal } = edge;
  const { mode, leaseMs, timeoutMs } = target.backfill;
  // Half of the lease is left then at least to write in, and nobody else has begun the same call.
  const call = { session, edge, what: "effect", ms: Math.min(timeoutMs, leaseMs / 2) };
  if (mode.kind !== "effect") throw new Error("not an effect");
  const changes: Called["changes"][number][] = [];
  const failed: RowFailure[] = [];
  const started = now();
  let renewed = started;
  let tried = 0;
  for (const { key, row } of rows) {
    if (signal.aborted || (tried > 0 && now() - started > longestMs)) break;
    if (now() - renewed > leaseMs / 3) {
      if (!(await renewLease(context, leased, leaseMs))) break;
      renewed = now();
    }
    try {
      const idempotencyKey = `${run.id}:${keyJson(key)}`;
      const change = changeOf(
        await callUser(call, (_, signal) => mode.effect(row, { idempotencyKey, signal })),
      );
      if (change !== undefined) changes.push({ key, change });
    } catch (error) {
      if (signal.aborted) break;
      const words = messageOf(error);
      failed.push({ key, kind: "error", error: words });
    }
    tried += 1;
  }
  return { changes, failed, tried };
}
