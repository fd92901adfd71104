/** Carries out requests: decide everything first, then act, repo by repo. */
import { type ErrorDetails, isReleaseError, ReleaseError } from "../core/model/errors.ts";
import type { Direction, Version } from "../core/model/migration.ts";
import { warning } from "../core/model/warnings.ts";
import type { Step } from "../core/plan/step.ts";
import type { Outcome } from "../engine/outcome.ts";
import { traced } from "../engine/traced.ts";
import { pendingData } from "./data-lane.ts";
import { type BackfillStep, isBackfillStep } from "./is-backfill-step.ts";
import type { LaneName } from "./lane.ts";
import type { RunOptions } from "./options.ts";
import { prepareRuns } from "./prepare-run.ts";
import type { PreparedRun } from "./prepared-run.ts";
import type { MigrateRequest } from "./requests.ts";
import type { RunWorld } from "./run-world.ts";
import type { PreparedMany } from "./tenants/many-tenants.ts";
import {
  meansTenantData,
  meansTenants,
  onlyTenants,
  refuseNamedBesideTarget,
  refuseUnlessMany,
} from "./tenants/means-tenants.ts";
import type { TenantsOutcome } from "./tenants/migrate-tenants.ts";
import type { Holding } from "./under-lock.ts";

/** The result of a run on one repo, in the order of the run. */
export type RepoOutcome = {
  readonly repo: string;
  readonly direction: Direction;
  readonly migrations: readonly Outcome[];
  /** A backfill that is unfinished because its time was over; the next run continues it. */
  readonly resume?: { readonly version: Version; readonly name: string };
  /** The result for the tenants, where the repo is many. */
  readonly tenants?: TenantsOutcome;
};

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
  refuseNamedBesideTarget(request);
  const runs = await prepareRuns(request, lane, world);
  const outcomes: RepoOutcome[] = [];
  try {
    refuseUnlessMany(
      runs.map(({ repo }) => repo),
      request,
    );
    const tenants = await tenantsOf(runs, request, lane, world);
    for (const prepared of runs) {
      const many = tenants.get(prepared.repo.name);
      const shared = onlyTenants(request) ? { ...prepared, steps: [] } : prepared;
      const { direction, repo, steps } = shared;
      const facts = { repo: repo.name, direction, steps: steps.length };
      const outcome = await traced("repo", facts, async () => {
        const own = await carryOut(shared, request, world);
        if (many !== undefined) return withTenants(own, many);
        return meansTenantData(prepared.repo, request, lane)
          ? withTenantData(own, { prepared, request, world })
          : own;
      });
      outcomes.push(outcome);
      if (lane === "schema" && prepared.direction === "up")
        await tellPendingData(prepared, { many, options: request.options, world });
    }
    return outcomes;
  } catch (error) {
    throw withEarlierRepos(error, runs[outcomes.length]?.repo.name ?? "", outcomes);
  } finally {
    await Promise.all(runs.map((prepared) => prepared.session.close()));
  }
}

async function withTenants(outcome: RepoOutcome, many: PreparedMany): Promise<RepoOutcome> {
  const { migrateMany } = await import("./tenants/many-tenants.ts");
  return { ...outcome, tenants: await migrateMany(many) };
}

/** Runs the tenants' data migrations after those of all, unless those are unfinished. */
async function withTenantData(
  outcome: RepoOutcome,
  {
    prepared,
    request,
    world,
  }: {
    readonly prepared: PreparedRun;
    readonly request: MigrateRequest;
    readonly world: RunWorld;
  },
): Promise<RepoOutcome> {
  if (outcome.resume !== undefined) return outcome;
  const { migrateDataOfTenants } = await import("./tenants/many-data.ts");
  return { ...outcome, ...(await migrateDataOfTenants(prepared, request, { world, migrate })) };
}

/** Most repos are one. */
async function tenantsOf(
  runs: readonly PreparedRun[],
  request: MigrateRequest,
  lane: LaneName,
  world: RunWorld,
): Promise<ReadonlyMap<string, PreparedMany>> {
  if (!meansTenants(request, lane)) return new Map();
  if (!runs.some(({ repo }) => repo.tenants !== undefined)) return new Map();
  const { prepareMany } = await import("./tenants/many-tenants.ts");
  return prepareMany(runs, request, world, migrate);
}

/**
 * Whoever has nothing to do neither takes the lock nor waits for it. Backfills run without it, in their place among
 * the others; when the time for one is over, what comes after it has to wait.
 */
async function carryOut(
  prepared: PreparedRun,
  request: MigrateRequest,
  world: RunWorld,
): Promise<RepoOutcome> {
  const { options } = request;
  const { repo, direction } = prepared;
  const migrations: Outcome[] = [];
  const outcome = { repo: repo.name, direction, migrations };
  let { session } = prepared;
  try {
    for (const part of partsOf(prepared.steps)) {
      const here = { ...prepared, session, steps: "steps" in part ? part.steps : [part] };
      if ("steps" in part) {
        // Only here, because most runs have nothing to do.
        const { doneByOthers, runWhatIsLeft } = await import("./run-steps.ts");
        const { underLock } = await import("./under-lock.ts");
        const work = (holding: Holding) => runWhatIsLeft(here, holding);
        const look = () => doneByOthers(here);
        migrations.push(...(await underLock(here, { options, world }, work, look)));
        continue;
      }
      // Only here, because most runs have none.
      const { carryOutBackfill } = await import("./backfill-step.ts");
      const done = await carryOutBackfill(here, part, options, world);
      session = done.session;
      const { version, name } = part.file;
      if (done.outcomes === undefined) return { ...outcome, resume: { version, name } };
      migrations.push(...done.outcomes);
    }
  } finally {
    if (session !== prepared.session) await session.close();
  }
  if (migrations.length === 0 && !onlyTenants(request)) {
    const { phase } = request;
    const left = prepared.left ? { left: prepared.left, ...(phase && { phase }) } : {};
    world.emit({ type: "nothing_to_do", repo: repo.name, direction, ...left });
  }
  return outcome;
}

/** Steps in their order: backfills one by one, the steps between them together. */
function partsOf(
  steps: readonly Step[],
): readonly (BackfillStep | { readonly steps: readonly Step[] })[] {
  const parts: (BackfillStep | { steps: Step[] })[] = [];
  for (const step of steps) {
    const last = parts.at(-1);
    if (isBackfillStep(step)) parts.push(step);
    else if (last !== undefined && "steps" in last) last.steps.push(step);
    else parts.push({ steps: [step] });
  }
  return parts;
}

/** Data migrations are never run by `migrate`, so that some are pending must be seen. */
async function tellPendingData(
  { repo, session }: PreparedRun,
  {
    many,
    options: { prefix },
    world,
  }: {
    readonly many: PreparedMany | undefined;
    readonly options: RunOptions;
    readonly world: RunWorld;
  },
): Promise<void> {
  let count = (await pendingData({ repo, session, prefix, root: world.root })).length;
  if (many !== undefined) {
    const { pendingTenantData } = await import("./tenants/tenant-data-status.ts");
    count += await pendingTenantData(repo, session, { prefix, world });
  }
  if (count === 0) return;
  world.edge.emit({ type: "warning", repo: repo.name, ...warning("data_pending", { count }) });
}

/** A failure, with the repos that were changed before it. A signal stays one: who sent it waits for its exit code. */
function withEarlierRepos(
  error: unknown,
  failed: string,
  outcomes: readonly RepoOutcome[],
): unknown {
  const changed = outcomes.filter((outcome) => outcome.migrations.length > 0);
  if (changed.length === 0 || !isReleaseError(error) || error.code === "tenants_failed")
    return error;
  const cause = { cause: error };
  if (error.code === "interrupted") {
    const { signal, done } = error.details as ErrorDetails["interrupted"];
    const before = changed.flatMap(({ repo, migrations }) =>
      migrations.map(({ version, name }) => ({ repo, version, name })),
    );
    return new ReleaseError("interrupted", { signal, done: [...before, ...done] }, cause);
  }
  const done = changed.map((outcome) => outcome.repo);
  return new ReleaseError("partly_failed", { done, failed, reason: error.message }, cause);
}
