/** Carries out what was asked: decide everything first, then act, repo by repo. */
import type { Session } from "../adapters/adapter.ts";
import { isReleaseError, ReleaseError } from "../core/errors.ts";
import type { AppliedMigration, Direction } from "../core/migration.ts";
import type { Step } from "../core/plan/prepare.ts";
import type { Edge } from "../engine/events.ts";
import { ensureHistory, type RunFacts, readHistory } from "../engine/history.ts";
import { type FencedLease, takeLease } from "../engine/lease.ts";
import { type Outcome, run } from "../engine/run.ts";
import { pendingData } from "./data-lane.ts";
import type { LaneName } from "./lane.ts";
import { lockName } from "./lock-name.ts";
import { openSession } from "./open.ts";
import type { MigrateRequest, RunOptions } from "./options.ts";
import { type PrepareContext, type PreparedRun, prepareRuns } from "./prepare-run.ts";

/** What a run did to one repo, in the order in which it did it. */
export type RepoOutcome = {
  readonly repo: string;
  readonly direction: Direction;
  readonly migrations: readonly Outcome[];
};

/** What carrying out needs beside the request. */
export type RunWorld = PrepareContext & { readonly edge: Edge; readonly facts: RunFacts };

/**
 * Migrates or rolls back the repos of the request, one after the other, and stops at the first failure.
 *
 * @throws {ReleaseError} every refusal, before anything ran; `migration_failed`, `lock_held`, `lock_lost`,
 *   `interrupted`; `partly_failed` when another repo was changed before
 */
export async function migrate(
  request: MigrateRequest,
  lane: LaneName,
  world: RunWorld,
): Promise<readonly RepoOutcome[]> {
  const runs = await prepareRuns(request, lane, world);
  const outcomes: RepoOutcome[] = [];
  try {
    for (const prepared of runs) {
      const migrations = await carryOut(prepared, request.options, world);
      outcomes.push({ repo: prepared.repo.name, direction: prepared.direction, migrations });
      if (lane === "schema" && prepared.direction === "up")
        await tellPendingData(prepared, request.options, world);
    }
    return outcomes;
  } catch (error) {
    throw withEarlierRepos(error, runs[outcomes.length]?.repo.name ?? "", outcomes);
  } finally {
    await Promise.all(runs.map((prepared) => prepared.session.close()));
  }
}

/** Whoever has nothing to do neither takes the lock nor waits for it. */
async function carryOut(
  prepared: PreparedRun,
  options: RunOptions,
  world: RunWorld,
): Promise<readonly Outcome[]> {
  const { repo, direction, steps } = prepared;
  if (steps.length > 0) {
    const outcomes = await underLock(prepared, options, world);
    if (outcomes.length > 0) return outcomes;
  }
  world.emit({ type: "nothing_to_do", repo: repo.name, direction });
  return [];
}

async function underLock(
  prepared: PreparedRun,
  options: RunOptions,
  world: RunWorld,
): Promise<readonly Outcome[]> {
  const { repo, lane } = prepared;
  if (!(options.lock ?? repo.lock)) return runWhatIsLeft(prepared, { options, world });
  const session = await openSession(repo, { role: "lock", ...world });
  try {
    const request = {
      repo: repo.name,
      name: lockName(lane.historyTable),
      history: lane.historyTable,
      waitMs: options.lockWaitMs ?? repo.lockWaitMs,
    };
    const sessions = { lock: session, work: prepared.session };
    const held = await takeLease(sessions, request, world.edge);
    try {
      return await runWhatIsLeft(prepared, { options, world, held, watcher: session });
    } finally {
      await held.lease.release();
    }
  } finally {
    await session.close();
  }
}

/** What steps run with: under the lock, whose connection looks at what they wait for; or without. */
type Holding = {
  readonly options: RunOptions;
  readonly world: RunWorld;
  readonly held?: FencedLease;
  readonly watcher?: Session;
};

/** Another process may have been faster: what it did is left out. */
async function runWhatIsLeft(
  prepared: PreparedRun,
  { options, world, held, watcher }: Holding,
): Promise<readonly Outcome[]> {
  const { repo, lane, session } = prepared;
  const { edge, facts } = world;
  const applied = await readHistory(session, { table: lane.historyTable, repo: repo.name });
  const steps = leftToDo(prepared.steps, applied);
  if (steps.length === 0) return [];
  const made = await ensureHistory(session, { table: lane.historyTable, repo: repo.name });
  for (const { sql } of made) edge.emit({ type: "sql", repo: repo.name, by: "migrator", sql });
  return run(steps, {
    repo: repo.name,
    session,
    lease: held?.lease,
    fence: held?.fence,
    reopen: () => openSession(repo, { role: "work", ...world }),
    watcher,
    policies: { repo: repo.policy, command: options.policy },
    codeTakesLocks: lane.name === "schema",
    historyTable: lane.historyTable,
    facts: { ...facts, fence: held?.fence.number },
    edge,
  });
}

/** Data migrations are never run by `migrate`, so that some are pending must be seen. */
async function tellPendingData(
  prepared: PreparedRun,
  options: RunOptions,
  world: RunWorld,
): Promise<void> {
  const { repo, session } = prepared;
  const place = { repo, session, prefix: options.prefix, root: world.root };
  const count = (await pendingData(place)).length;
  if (count === 0) return;
  const message = `${count} data migration${count === 1 ? " is" : "s are"} pending; run by hand: migrate-data`;
  world.edge.emit({ type: "warning", repo: repo.name, message });
}

function leftToDo(steps: readonly Step[], applied: readonly AppliedMigration[]): readonly Step[] {
  const done = new Set(applied.map((row) => row.version));
  return steps.filter((step) => done.has(step.file.version) === (step.direction === "down"));
}

/** A failure, with the repos that were changed before it. */
function withEarlierRepos(
  error: unknown,
  failed: string,
  outcomes: readonly RepoOutcome[],
): unknown {
  const done = outcomes
    .filter((outcome) => outcome.migrations.length > 0)
    .map((outcome) => outcome.repo);
  if (done.length === 0 || !isReleaseError(error)) return error;
  return new ReleaseError(
    "partly_failed",
    { done, failed, reason: error.message },
    { cause: error },
  );
}
