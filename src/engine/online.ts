/**
 * Sends statements that refuse a transaction, under the lock policy. Where they take a strong lock,
 * they wait briefly. Where they run beside readers and writers, they have no lock timeout and a
 * separate deadline.
 */

import { ReleaseError } from "../core/model/errors.ts";
import type { Statement } from "../core/model/statement.ts";
import type { StepWork } from "./step-work.ts";

/** The settings before and behind such a statement. */
export type LockSettings = {
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
};

/** A transaction that has been open for less, in milliseconds, is about to end anyway. */
const oldMs = 2_000;

/**
 * Sends one statement outside of a transaction. What the migration itself sets comes after the lock policy, and so counts.
 *
 * @throws {TimeOver} when the deadline of an online statement has come, and it was cancelled
 * @throws {ReleaseError} `direct_url_needed` where a pooler makes settings of the connection impossible
 */
export async function runAlone(
  work: StepWork,
  statement: Statement,
  words: string,
  around?: LockSettings,
): Promise<void> {
  const { policy } = work;
  const { kind } = statement.policy;
  const settings = around ?? (await lockSettingsOf(work, kind));
  await between(work, settings, async () => {
    if (kind === "online") await tellOlder(work, words);
    work.addSettings();
    work.add(statement, words);
    await work.flush(kind === "online" ? { deadlineMs: policy.onlineTimeoutMs } : {});
  });
}

/**
 * The settings of the connection that hold a statement outside of a transaction to the lock policy.
 *
 * @throws {ReleaseError} `direct_url_needed` where a pooler makes them impossible
 */
export async function lockSettingsOf(
  { session, policy, context }: StepWork,
  kind: Statement["policy"]["kind"],
): Promise<LockSettings> {
  const around = (await session.lockSettings?.(kind, policy)) ?? { before: [], after: [] };
  if (around.refused === undefined) return around;
  throw new ReleaseError("direct_url_needed", { repo: context.repo, reason: around.refused });
}

/**
 * Works between the settings of the connection that hold it to the lock policy, and then ends the settings that the
 * migration has made.
 *
 * @throws {ReleaseError} `direct_url_needed` where a pooler makes settings of the connection impossible
 */
export async function withLockSettings(
  work: StepWork,
  kind: Statement["policy"]["kind"],
  send: () => Promise<void>,
): Promise<void> {
  await between(work, await lockSettingsOf(work, kind), send);
}

/**
 * Where statements go one by one, the statements that end the settings wait for the next one: they need no message by
 * themselves.
 */
async function between(
  work: StepWork,
  { before, after }: LockSettings,
  send: () => Promise<void>,
): Promise<void> {
  let hasFailed = true;
  try {
    for (const setting of before) work.addOwn(setting);
    await send();
    hasFailed = false;
  } finally {
    for (const setting of after) work.addOwn(setting);
    work.addReset();
    // Without a connection there are no settings either; the error that brought us here is the one to tell.
    if (hasFailed || work.session.dialect.transactionalDdl)
      await work.flush().catch(() => undefined);
  }
}

/**
 * Asks beforehand which transactions the statement will wait for. While it waits there is no
 * connection to ask on, because it could wait for a look on the connection of the lock itself.
 */
async function tellOlder(work: StepWork, operation: string): Promise<void> {
  const { session, migration, context } = work;
  try {
    const blockers = (await session.openTransactions?.(oldMs)) ?? [];
    if (blockers.length === 0) return;
    context.edge.emit({ type: "waits_for", migration, operation, blockers });
  } catch {
    // A courtesy: without the right to look they stay unknown, and a broken connection shows at
    // once.
  }
}
