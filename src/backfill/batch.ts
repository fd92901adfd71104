/** One batch: claim, rows and cursor in one transaction, so that all of it happened or nothing did. */

import type { Session } from "../adapters/adapter.ts";
import { messageOf } from "../core/model/message-of.ts";
import { plain } from "../core/model/statement.ts";
import type { Edge } from "../engine/events.ts";
import { type Claim, claimRange, commitAdvance } from "./claim.ts";
import { buryRows } from "./dead.ts";
import type { KeyText } from "./key.ts";
import { keyJson } from "./key.ts";
import type { RunRow, RunState } from "./ledger.ts";
import { silenceMs, transactionLimits } from "./limits.ts";
import { apply } from "./modes/apply.ts";
import { giveBack, nextToken, type RangeLease, takeLease } from "./range-lease.ts";
import type { RowFailure } from "./row-failure.ts";
import { isReplacedTable, refuseReplacedTable } from "./same-table.ts";
import { rollBack } from "./statement.ts";
import type { BackfillTarget } from "./target.ts";
import { findWindow, type Window } from "./window.ts";

/** A worker's wishes for its next batch. */
export type BatchWish = {
  readonly rows: number;
  /** The range that it worked on. */
  readonly ord?: string | undefined;
  /** No further than this key, while the worker takes a failed batch apart. */
  readonly until?: { readonly ord: string; readonly key: KeyText } | undefined;
  /** The next row failed by itself: keep it as a dead letter, and continue behind it. */
  readonly bury?: RowFailure | undefined;
};

export type BatchDone = {
  readonly kind: "worked";
  readonly ord: string;
  readonly end: KeyText;
  readonly rows: number;
  readonly changed: number;
  readonly dead: number;
  readonly ms: number;
  readonly walBytes: number;
  /** The changes of the pace while it runs, as JSON. */
  readonly pace: string;
};

export type BatchResult =
  | BatchDone
  /** Every open range is somebody else's now, or there is none. */
  | { readonly kind: "idle" }
  /** The run must not continue: by command, or because its code is another. */
  | { readonly kind: "stopped"; readonly state: RunState | "changed" };

/** Names the keys of a failed batch. `cause` is the thrown error. */
export class BatchFailed extends Error {
  override readonly name = "BatchFailed";
  readonly claim: Claim;
  readonly window: Window;

  constructor(cause: unknown, claim: Claim, window: Window) {
    super(messageOf(cause), { cause });
    this.claim = claim;
    this.window = window;
  }
}

/** The means of a batch. */
export type BatchContext = {
  readonly session: Session;
  readonly target: BackfillTarget;
  readonly run: RunRow;
  readonly edge: Edge;
};

/**
 * Does one batch. Whatever it throws, the transaction was rolled back, or its outcome is unknown: then the next claim
 * reads it from the cursor.
 *
 * @throws {BatchFailed} when its rows were known
 */
export async function runBatch(context: BatchContext, wish: BatchWish): Promise<BatchResult> {
  const { session } = context;
  const started = context.edge.now();
  let leased: RangeLease | undefined;
  try {
    const claim = await claimFor(context, wish);
    if ("kind" in claim) return claim;
    if (!session.dialect.backfill.leasesClaims)
      return await work(context, claim, { wish, started });
    leased = await leaseFor(context, claim);
    if (leased === undefined) {
      await rollBack(session);
      return { kind: "idle" };
    }
    // A smaller batch would make no lease faster.
    return await work(context, leased.claim, { wish, started: context.edge.now() });
  } catch (error) {
    await rollBack(session);
    if (leased !== undefined) await giveBack(context, leased).catch(() => undefined);
    throw error;
  }
}

/** Commits a lease, which only one worker of a cluster can do, and begins the transaction of the batch. `undefined` where another was first. */
async function leaseFor(context: BatchContext, claim: Claim): Promise<RangeLease | undefined> {
  const { session, target } = context;
  const { begin, commit } = session.dialect;
  const token = nextToken(claim);
  if (!(await takeLease(context, { claim, token }, silenceMs(target)))) return undefined;
  await session.execute([commit, begin, ...transactionLimits(session, target)].map(plain));
  return { claim: { ...claim, lease: token }, token };
}

/** Claims a range in a transaction that stays open; why there is none to work on, and the transaction is over. */
export async function claimFor(
  { session, target, run }: BatchContext,
  wish: BatchWish,
): Promise<Claim | Exclude<BatchResult, BatchDone>> {
  const claim = await claimRange(session, target, { run: run.id, ord: wish.ord });
  const stop = claim === undefined ? ({ kind: "idle" } as const) : stopOf(claim.run, run);
  if (claim !== undefined && stop === undefined) return claim;
  await rollBack(session);
  return stop ?? { kind: "idle" };
}

/** The reason why nobody may work on a run, by the present ledger. */
export function stopOf(
  { state, code }: Pick<RunRow, "state" | "code">,
  run: RunRow,
): Extract<BatchResult, { readonly kind: "stopped" }> | undefined {
  if (state !== "running") return { kind: "stopped", state };
  return code === run.code ? undefined : { kind: "stopped", state: "changed" };
}

async function work(
  context: BatchContext,
  claim: Claim,
  { wish, started }: { readonly wish: BatchWish; readonly started: number },
): Promise<BatchResult> {
  const { session, target, run, edge } = context;
  const window = await findWindow(session, target, windowWish(claim, wish));
  try {
    const { changed, dead } = await change(context, claim, { window, wish });
    await refuseReplacedTable(session, target, run);
    const advance = {
      claim,
      end: window.end,
      rows: window.rows,
      changed,
      ms: edge.now() - started,
    };
    const walBytes = await commitAdvance(session, target, { run: run.id, advance });
    if (walBytes === undefined) {
      await rollBack(session);
      return { kind: "idle" };
    }
    const { ord } = claim;
    const ms = edge.now() - started;
    const { end, rows } = window;
    return { kind: "worked", ord, end, rows, changed, dead, ms, walBytes, pace: claim.run.pace };
  } catch (error) {
    if (isReplacedTable(error)) throw error;
    throw new BatchFailed(error, claim, window);
  }
}

/** Where a batch starts and how far it may go. */
export function windowWish(claim: Claim, { rows, until }: BatchWish) {
  const hi = until?.ord === claim.ord ? until.key : claim.hi;
  return { position: claim.position, hi, rows };
}

async function change(
  context: BatchContext,
  claim: Claim,
  { window, wish }: { readonly window: Window; readonly wish: BatchWish },
): Promise<{ readonly changed: number; readonly dead: number }> {
  const { session, target, run } = context;
  const { bury } = wish;
  if (bury !== undefined && keyJson(bury.key) === keyJson(window.end)) {
    await buryRows(session, target, { run: run.id, rows: [bury] });
    return { changed: 0, dead: 1 };
  }
  if (window.rows === 0) return { changed: 0, dead: 0 };
  const rows = target.key.between(claim.position, window.end);
  const { changed, failed } = await apply(context, rows);
  const dead = failed.map((row) => ({ ...row, kind: "error" as const }));
  await buryRows(session, target, { run: run.id, rows: dead });
  return { changed, dead: dead.length };
}
