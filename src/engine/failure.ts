/** Turns the failure of a migration into the error that the user sees. */
import {
  type DoneMigration,
  type FailedAt,
  isReleaseError,
  ReleaseError,
} from "../core/model/errors.ts";
import { failedAt } from "./failed-at.ts";
import { TimeOver } from "./interruptible.ts";
import { LockBudgetSpent } from "./lock-budget.ts";
import { reasonOf } from "./reason.ts";
import type { StepWork } from "./step-work.ts";
import { TransactionBroken } from "./transaction-broken.ts";

/**
 * `migration_failed`, or a more exact error: `blocked`, `rows_hidden`, `statement_timed_out`,
 * `online_timed_out`, `copy_refused`, or an error of ours.
 */
export function failureOf(
  error: unknown,
  work: StepWork,
  done: readonly DoneMigration[],
): ReleaseError {
  if (isReleaseError(error)) return error;
  const { file, direction, transactional } = work.step;
  const { version, name } = file;
  const { repo } = work.context;
  const { operation, failed: at } = work;
  const place =
    placeIn(error) ?? (at && failedAt(at, work.step.actions, work.session.dialect.syntax));
  const failed = {
    ...{ repo, version, name, direction, operation, transactional, done },
    ...(place === undefined ? {} : { place }),
  };
  const cause = { cause: error };
  if (error instanceof LockBudgetSpent) {
    const { held: _, ...spent } = error.spent;
    return new ReleaseError("blocked", { ...failed, ...spent, reason: error.message }, cause);
  }
  if (error instanceof TransactionBroken) {
    const { how, message } = error;
    return new ReleaseError("transaction_broken", { ...failed, how, reason: message }, cause);
  }
  if (error instanceof TimeOver) {
    const timeoutMs = error.deadlineMs;
    return new ReleaseError("online_timed_out", { ...failed, timeoutMs }, cause);
  }
  const reason = reasonOf(error);
  const kind = work.session.errorKind(error);
  if (kind === "timeout" && isOurTimeout(work)) {
    const timeoutMs = work.policy.statementTimeoutMs;
    return new ReleaseError("statement_timed_out", { ...failed, timeoutMs }, cause);
  }
  if (kind === "rows_hidden")
    return new ReleaseError("rows_hidden", { repo, version, name, reason, done }, cause);
  const code = kind === "copy_refused" ? "copy_refused" : "migration_failed";
  return new ReleaseError(code, { ...failed, reason }, cause);
}

/** Whoever cancels a statement from elsewhere looks the same, but seldom comes that late. */
function isOurTimeout({ takes, policy, elapsedMs }: StepWork): boolean {
  const { statementTimeoutMs } = policy;
  return takes !== "online" && statementTimeoutMs > 0 && elapsedMs >= statementTimeoutMs;
}

/** Of a file that was sent while it was read. */
function placeIn(error: unknown): FailedAt | undefined {
  return error instanceof Error && "place" in error ? (error.place as FailedAt) : undefined;
}
