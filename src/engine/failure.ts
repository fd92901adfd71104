/** The error that a migration's failure is told as. */
import { type DoneMigration, isReleaseError, ReleaseError } from "../core/errors.ts";
import { TimeOver } from "./interruptible.ts";
import { LockBudgetSpent } from "./lock-budget.ts";
import { reasonOf } from "./reason.ts";
import type { StepWork } from "./step-work.ts";

/** `migration_failed`, or what is known better: `blocked`, `online_timed_out`, `copy_refused`, or an error of ours. */
export function failureOf(
  error: unknown,
  work: StepWork,
  done: readonly DoneMigration[],
): ReleaseError {
  if (isReleaseError(error)) return error;
  const { file, direction, transactional } = work.step;
  const { version, name } = file;
  const { repo } = work.context;
  const { operation } = work;
  const failed = { repo, version, name, direction, operation, transactional, done };
  const cause = { cause: error };
  if (error instanceof LockBudgetSpent) {
    const { held: _, ...spent } = error.spent;
    return new ReleaseError("blocked", { ...failed, ...spent, reason: error.message }, cause);
  }
  if (error instanceof TimeOver) {
    const timeoutMs = error.deadlineMs;
    return new ReleaseError("online_timed_out", { ...failed, timeoutMs }, cause);
  }
  const reason = reasonOf(error);
  const code =
    work.session.errorKind(error) === "copy_refused" ? "copy_refused" : "migration_failed";
  return new ReleaseError(code, { ...failed, reason }, cause);
}
