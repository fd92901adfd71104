import { type DoneMigration, ReleaseError } from "../core/model/errors.ts";
import type { Step } from "../core/plan/step.ts";
import { rangeOf } from "../core/safety/forecast/work-note.ts";
import type { AnnouncedAhead } from "./announced-ahead.ts";
import { runInTransaction } from "./in-transaction.ts";
import { loadCompression } from "./kept-plan.ts";
import { isOpaque } from "./opaque-step.ts";
import type { Outcome } from "./outcome.ts";
import { watchProgress } from "./progress-watch.ts";
import { reasonOf } from "./reason.ts";
import type { RunContext } from "./run-context.ts";
import { type StepEnding, StepWork } from "./step-work.ts";
import { traced } from "./traced.ts";
import { TransactionBroken } from "./transaction-broken.ts";

/**
 * Runs steps one after the other and stops at the first that fails.
 * A signal to stop, or the loss of the lock, cancels the statement that runs.
 *
 * @throws {ReleaseError} `migration_failed`, `blocked`, `online_timed_out`, `copy_refused`, `transaction_broken`, `rows_hidden`, `statement_interrupted`, `journal_mismatch`, `lock_lost`,
 *   `interrupted`, each with what was done before
 */
export async function run(
  steps: readonly Step[],
  context: RunContext,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  await loadCompression(steps);
  let after: Step | undefined;
  let work: StepWork | undefined;
  let ahead: AnnouncedAhead | undefined;
  const watch = watchProgress(context, () => work);
  try {
    for (const [index, step] of steps.entries()) {
      const done = () =>
        outcomes.map(({ version, name }): DoneMigration => ({ repo: context.repo, version, name }));
      const ended = endOf(context, done);
      if (ended !== undefined) throw ended;
      const { version, name } = step.file;
      const migration = { repo: context.repo, version, name };
      const place = { next: steps[index + 1], isAnnounced: ahead !== undefined };
      const stepWork = new StepWork(step, migration, context, place);
      work = stepWork;
      const before = after;
      const facts = { ...migration, direction: step.direction };
      ahead = undefined;
      const ran = await traced("migration", facts, () => runOne(stepWork, { done, after: before }));
      outcomes.push(ran.outcome);
      ahead = ran.ahead;
      after = step;
    }
  } finally {
    watch.end();
    // Where that fails, the next run asks the catalog.
    await ahead?.takeBack().catch(() => undefined);
  }
  return outcomes;
}

/** The migrations that ran before this one. */
type Done = () => readonly DoneMigration[];

async function runOne(
  work: StepWork,
  { done, after }: { readonly done: Done; readonly after: Step | undefined },
): Promise<{ readonly outcome: Outcome; readonly ahead: AnnouncedAhead | undefined }> {
  const { step, migration, context } = work;
  const { edge } = context;
  const { version, name } = migration;
  const { direction, callback } = step;
  edge.emit({ type: "migration_started", migration, direction, callback });
  const { forecasts } = step;
  if (forecasts !== undefined) edge.emit({ type: "forecast", migration, forecasts });
  let ahead: AnnouncedAhead | undefined;
  try {
    if (after !== undefined && isOpaque(after)) await context.session.renew?.();
    if (step.transactional) await runInTransaction(work);
    else ahead = await journalled(work);
  } catch (error) {
    await hearOfLoss(context, error);
    const reason = reasonOf(error);
    edge.emit({ type: "migration_failed", migration, direction, reason });
    const { noteFailure } = await import("./failure-note.ts");
    await noteFailure(work, endingOf(context, reason));
    const { failureOf } = await import("./failure.ts");
    const failure = failureOf(error, work, done());
    throw error instanceof TransactionBroken ? failure : (endOf(context, done, error) ?? failure);
  }
  const durationMs = work.elapsedMs;
  const forecastMs = forecasts && rangeOf(forecasts);
  const foretold = forecastMs === undefined ? {} : { forecastMs };
  edge.emit({ type: "migration_finished", migration, direction, durationMs, ...foretold });
  return { outcome: { version, name, direction, durationMs }, ahead };
}

/** Most steps are one transaction and keep no journal. */
async function journalled(work: StepWork): Promise<AnnouncedAhead | undefined> {
  const { runJournalled } = await import("./journalled.ts");
  return runJournalled(work);
}

/** The server may have ended both connections, and the news of one of them come first. */
async function hearOfLoss({ session, lease, edge }: RunContext, error: unknown): Promise<void> {
  if (lease !== undefined && session.errorKind(error) === "connection_lost")
    await edge.sleep(newsMs, lease.lost);
}

const newsMs = 100;

/** Why the run is over although no migration failed by itself. */
function endOf(
  { edge, lease, repo }: RunContext,
  done: Done,
  cause?: unknown,
): ReleaseError | undefined {
  if (lease?.lost.aborted) return new ReleaseError("lock_lost", { repo, done: done() }, { cause });
  if (edge.signal.aborted) {
    const signal = String(edge.signal.reason);
    return new ReleaseError("interrupted", { signal, done: done() }, { cause });
  }
  return undefined;
}

/** The same in short, for the event table. */
function endingOf({ edge, lease }: RunContext, reason: string): StepEnding {
  if (lease?.lost.aborted) return { result: "failed", reason: "the migration lock was lost" };
  if (edge.signal.aborted) return { result: "interrupted", reason: String(edge.signal.reason) };
  return { result: "failed", reason };
}
