/**
 * The commands for a run: pause, resume, cancel, another pace. Workers see them at their next
 * batch.
 */

import type { Session } from "../adapters/adapter.ts";
import { forgetRun, ledgerTables, type RunKey } from "../core/backfill/ledger.ts";
import { plain } from "../core/model/statement.ts";
import type { Edge } from "../engine/events.ts";
import { changeRun, type PaceChange, type RunState, readRuns } from "./ledger.ts";
import { inTransaction } from "./statement.ts";
import { snapshotTable } from "./target.ts";

const leaseCheckMs = 100;

/** A change of state, and the states that it can come from. */
export const comesFrom: {
  readonly [State in "paused" | "running" | "cancelled"]: readonly RunState[];
} = {
  paused: ["running", "paused"],
  running: ["paused", "failed", "cancelled", "running"],
  cancelled: ["running", "paused", "failed", "cancelled"],
};

/**
 * Changes the state of a run. When it has been paused or cancelled, no batch is open any more and none begins.
 *
 * @returns whether the run could be changed: a finished one cannot
 */
export async function changeState(
  session: Session,
  key: RunKey,
  { state, sleep }: { readonly state: keyof typeof comesFrom; readonly sleep: Edge["sleep"] },
): Promise<boolean> {
  const changed = await changeRun(session, key, { from: comesFrom[state], state, reason: null });
  const [run] = await readRuns(session, key.history, key.version);
  if (state !== "running" && run !== undefined) {
    await waitForBatches(session, key, run.id);
    while (await isLeased(session, key, run.id)) await sleep(leaseCheckMs);
  }
  return changed || run?.state === state;
}

/** Stops a run and forgets it, with the snapshot of its keys. Gives whether it did: not a finished one. */
export async function forget(
  session: Session,
  key: RunKey,
  { sleep }: Pick<Edge, "sleep">,
): Promise<boolean> {
  if (!(await changeState(session, key, { state: "cancelled", sleep }))) return false;
  const { dialect } = session;
  await inTransaction(session, () => session.execute(forgetRun(dialect, key)));
  await session.execute([plain(`DROP TABLE IF EXISTS ${dialect.quoteNamed(snapshotTable(key))}`)]);
  return true;
}

/** Changes the named parts of the pace, and nothing else. */
export async function changePace(
  session: Session,
  key: RunKey,
  change: PaceChange,
): Promise<boolean> {
  const [run] = await readRuns(session, key.history, key.version);
  if (run === undefined) return false;
  const before = JSON.parse(run.pace) as PaceChange;
  const asked = change.throttle === null ? { off: true } : change.throttle;
  const throttle = { ...(asked?.off ? {} : before.throttle), ...asked };
  const pace = { ...before, ...change, ...(asked && { throttle }) };
  // A hold under the earlier limits is over; where it is not, its worker says so again.
  const reason = run.hold === undefined ? undefined : null;
  return changeRun(session, key, {
    from: ["running", "paused", "failed", "cancelled"],
    ...{ pace, reason },
  });
}

/** A batch holds the lock of its range until it ends. */
async function waitForBatches(session: Session, { history }: RunKey, run: string): Promise<void> {
  const { dialect } = session;
  const { lockOwn } = dialect.backfill;
  if (lockOwn === undefined) return;
  const ranges = dialect.quoteNamed(ledgerTables(history).ranges);
  await inTransaction(session, () =>
    session.query(
      `SELECT ${dialect.quote("ord")} FROM ${ranges} WHERE ${dialect.quote("run")} ${dialect.operator("=")} ${dialect.literal(run)}${lockOwn.wait}`,
    ),
  );
}

/** An effect holds no lock but a lease, which ends with its batch; that of a worker that died ends by itself. */
async function isLeased(session: Session, { history }: RunKey, run: string): Promise<boolean> {
  const { dialect } = session;
  const q = dialect.quote;
  const rows = await session.query(
    `SELECT 1 AS leased FROM ${dialect.quoteNamed(ledgerTables(history).ranges)} WHERE ${q("run")} ${dialect.operator("=")} ${dialect.literal(run)} AND ${q("leased_until_ms")} ${dialect.operator(">")} ${dialect.backfill.nowMs} LIMIT 1`,
  );
  return rows.length > 0;
}
