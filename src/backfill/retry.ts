/** Tries dead letters again, each in a separate transaction. */

import type { ErrorKind } from "../adapters/adapter.ts";
import type { RowChange } from "../core/language/backfill-definition.ts";
import { messageOf } from "../core/model/message-of.ts";
import { interruptible } from "../engine/interruptible.ts";
import { callUser } from "./call-user.ts";
import { claimDead, forgetDead, noteFailure, readDead } from "./dead.ts";
import type { FinishContext } from "./finish-context.ts";
import { type KeyText, keyJson } from "./key.ts";
import { lift, limit, transactionLimits, withValues } from "./limits.ts";
import { apply } from "./modes/apply.ts";
import { changeOf, readRows, writeBack } from "./modes/rows.ts";
import { isReplacedTable, refuseReplacedTable } from "./same-table.ts";
import { inTransaction } from "./statement.ts";

const all = 1_000_000;
const busy: ReadonlySet<ErrorKind> = new Set(["lock_timeout", "deadlock", "timeout"]);

/** Gives the numbers of rows that went well and that failed again. Leaves rows to others who try them. */
export async function retryDead(
  context: FinishContext,
  which: { readonly kind?: "busy" },
): Promise<{ readonly changed: number; readonly failed: number }> {
  const { session, target, run, edge } = context;
  const rows = await readDead(session, target.ref, { run: run.id, limit: all, ...which });
  let changed = 0;
  let failed = 0;
  await limit(session, target);
  for (const { key } of rows) {
    if (edge.signal.aborted) break;
    try {
      const retry = () => retryRow(context, key);
      if (await interruptible({ session, edge, lease: undefined }, retry)) changed += 1;
    } catch (error) {
      if (edge.signal.aborted) break;
      if (isReplacedTable(error)) throw error;
      await note(context, key, error);
      failed += 1;
    }
  }
  await lift(session, target);
  return { changed, failed };
}

async function retryRow(context: FinishContext, key: KeyText): Promise<boolean> {
  const { session, target, run } = context;
  const change = await effectOf(context, key);
  const work = async () => {
    if (!(await claimDead(session, target.ref, { run: run.id, key }))) return false;
    if (target.backfill.mode.kind !== "effect") {
      const [bad] = (await apply(context, target.key.equals(key))).failed;
      if (bad !== undefined) throw new Error(bad.error);
    } else if (change !== undefined) await writeBack(session, target, [{ key, change }]);
    await refuseReplacedTable(session, target, run);
    await session.execute([forgetDead(session, target.ref, { run: run.id, key })]);
    return true;
  };
  return inTransaction(session, work, transactionLimits(session, target));
}

/** Calls an effect for its row, before there is a transaction. */
async function effectOf(
  { session, target, run, edge }: FinishContext,
  key: KeyText,
): Promise<RowChange | undefined> {
  const { mode } = target.backfill;
  if (mode.kind !== "effect") return undefined;
  const rows = { rows: target.key.equals(key), lock: false };
  const [found] = await withValues(session, target, () => readRows(session, target, rows));
  if (found === undefined) return undefined;
  const idempotencyKey = `${run.id}:${keyJson(key)}`;
  const call = { session, edge, what: "effect", ms: target.backfill.timeoutMs };
  return changeOf(
    await callUser(call, (_, signal) => mode.effect(found.row, { idempotencyKey, signal })),
  );
}

async function note(
  { session, target, run }: FinishContext,
  key: KeyText,
  error: unknown,
): Promise<void> {
  const kind = session.errorKind(error);
  if (kind === "connection_lost") throw error;
  const failure = {
    key,
    kind: busy.has(kind) ? ("busy" as const) : ("error" as const),
    error: messageOf(error),
  };
  await session.execute([noteFailure(session, target.ref, { run: run.id, failure })]);
}
