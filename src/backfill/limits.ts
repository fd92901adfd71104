/** How long the transactions of a backfill wait for locks, and how long they may take or be silent. */
import type { BatchLimits, Session } from "../adapters/adapter.ts";
import { inTransaction } from "./statement.ts";
import type { BackfillTarget } from "./target.ts";

/** Code that does not come back is given up by a worker that is awake before the server does so. */
const marginMs = 1_000;

/**
 * The first statements of a transaction, so that values read as they are written, and no row is
 * hidden.
 */
export function valueSettings(
  { dialect }: Session,
  { backfill, enter }: BackfillTarget,
): readonly string[] {
  return [
    ...(enter === undefined ? [] : [enter]),
    ...(dialect.backfill.settings?.(backfill.rowSecurity ?? "refuse") ?? []),
  ];
}

/** The same with limits: the server ends a frozen worker, which frees its locks. */
export function transactionLimits(session: Session, target: BackfillTarget): readonly string[] {
  const { lockTimeoutMs, timeoutMs } = target.backfill;
  const { limits } = session.dialect.backfill;
  return [
    ...valueSettings(session, target),
    ...(limits?.({ lockTimeoutMs, timeoutMs, silenceMs: silenceMs(target) }) ?? []),
  ];
}

/** After this long without a word, a worker in a transaction counts as frozen. */
export function silenceMs({ backfill }: BackfillTarget): number {
  return backfill.timeoutMs + marginMs;
}

/** Does it in a transaction of these settings, where a database has such; it may take as long as it takes. */
export async function withValues<Result>(
  session: Session,
  target: BackfillTarget,
  work: () => Promise<Result>,
): Promise<Result> {
  const settings = valueSettings(session, target);
  return settings.length === 0 ? work() : inTransaction(session, work, settings);
}

/** Limits a connection, where a transaction cannot have settings. They stay until `lift`. */
export async function limit(
  session: Session,
  target: BackfillTarget,
  limits: BatchLimits = limitsOf(target),
): Promise<void> {
  const settings = await session.batchSettings?.(limits);
  if (settings !== undefined) await session.execute(settings.before);
}

/** Gives the connection back as it was; one that is lost has nothing to give back. */
export async function lift(session: Session, target: BackfillTarget): Promise<void> {
  try {
    const settings = await session.batchSettings?.(limitsOf(target));
    if (settings !== undefined) await session.execute(settings.after);
  } catch (error) {
    if (session.errorKind(error) !== "connection_lost") throw error;
  }
}

/**
 * Does work that takes as long as the table is large: nothing limits its time, and MySQL locks no
 * row that it copies.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-locks-set.html
 */
export async function unhurried<Result>(
  session: Session,
  target: BackfillTarget,
  work: () => Promise<Result>,
): Promise<Result> {
  await limit(session, target, { ...limitsOf(target), timeoutMs: 0 });
  try {
    return await work();
  } finally {
    await lift(session, target);
  }
}

/** While an effect works its connection is silent, for as long as its lease. */
function limitsOf({ backfill }: BackfillTarget): BatchLimits {
  const { lockTimeoutMs, timeoutMs, leaseMs, mode } = backfill;
  const silenceMs = mode.kind === "effect" ? Math.max(timeoutMs, leaseMs) : timeoutMs;
  return { lockTimeoutMs, timeoutMs, silenceMs: silenceMs + marginMs };
}
