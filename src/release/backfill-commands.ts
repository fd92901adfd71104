/** The commands for backfills, with all their modules. Loaded on the first call of one. */

import { changePace, changeState, forget } from "../backfill/commands.ts";
import { forgetDead } from "../backfill/dead.ts";
import { readRuns } from "../backfill/ledger.ts";
import { codeOf } from "../backfill/register.ts";
import { rehearse } from "../backfill/rehearse.ts";
import { readDetails, readReports } from "../backfill/report.ts";
import { retryDead } from "../backfill/retry.ts";
import { wrongInPace } from "../core/backfill/check.ts";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import type { Version, VersionInput } from "../core/model/migration.ts";
import { warning } from "../core/model/warnings.ts";
import type { Edge } from "../engine/events.ts";
import { carryOutBackfill } from "./backfill-step.ts";
import type { Backfills, RepoBackfill, RepoBackfillDetails } from "./backfills.ts";
import {
  type BackfillPlace,
  type BackfillsContext,
  chosen,
  type FoundRun,
  type FoundStep,
  unknown,
  withRun,
  withStep,
} from "./find-backfill.ts";
import { laneOf } from "./lane.ts";
import type { RepoOutcome } from "./migrate.ts";
import { noteTold } from "./note-told.ts";
import { openSession } from "./open.ts";
import type { BackfillOptions, RunOptions } from "./options.ts";
import { atTenantsPlace, refusingMany, type WantedBackfill } from "./tenants/backfills-at-place.ts";
import { type ListedTenants, listTenantBackfills } from "./tenants/list-backfills.ts";
import {
  changeAllPaces,
  changeAllStates,
  detailsOfAll,
  isToldToAll,
  retryTenants,
  workOnTenants,
} from "./tenants/tenant-backfills.ts";
import { isInPlaces } from "./tenants/tenant-lane.ts";

/** The commands of a release. */
export function backfillCommands(context: BackfillsContext): Backfills {
  const { version: read } = context;
  const { sleep } = context.world({}).edge;
  const inLedger = <Result>(
    input: VersionInput,
    place: BackfillPlace,
    work: (found: FoundRun) => Promise<Result>,
  ) => {
    const wanted = { version: read(input), place };
    return refusingMany(context, wanted, () => onRun(context, wanted, work));
  };
  const change =
    (state: "paused" | "running" | "cancelled") =>
    (input: VersionInput, place: BackfillPlace = {}) =>
      inLedger(input, place, async (found) => {
        const isDone = isToldToAll(found)
          ? await changeAllStates(found, state, { sleep })
          : await changeState(found.session, found.key, { state, sleep });
        const known = await details(found);
        const result = told[state];
        if (isDone) await noteTold(found, { result, name: known.name }, context.world({}));
        return known;
      });
  return {
    list: (place = {}) => list(context, place),
    show: (input, place = {}) => show(context, read(input), place),
    pause: change("paused"),
    resume: change("running"),
    cancel: change("cancelled"),
    restart: (input, place = {}) =>
      inLedger(input, place, async (found) => {
        const known = await restart(found, { sleep });
        const { name } = known;
        await noteTold(found, { result: "restarted", name }, context.world({}));
        return known;
      }),
    set: (input, pace, place = {}) =>
      inLedger(input, place, async (found) => {
        const [wrong] = wrongInPace(pace);
        if (wrong !== undefined) throw new ReleaseError("usage_invalid", wrong);
        const isDone = isToldToAll(found)
          ? await changeAllPaces(found, pace)
          : await changePace(found.session, found.key, pace);
        const known = await details(found);
        const { name } = known;
        const reason = JSON.stringify(pace);
        if (isDone) await noteTold(found, { result: "set", name, reason }, context.world({}));
        return known;
      }),
    work: (input, options = {}) => onStep(context, { version: read(input), options }, workOn),
    retryDead: (input, options = {}) => onStep(context, { version: read(input), options }, retryOn),
    rehearse: (input, options = {}) =>
      onStep(context, { version: read(input), options }, (at, version, meant) =>
        withStep(at, { version, options: meant }, async ({ prepared, target, world }) => {
          const { sample = 1 } = options;
          const rehearsal = await rehearse(prepared.session, target, { sample, edge: world.edge });
          return { repo: prepared.repo.name, ...rehearsal };
        }),
      ),
  };
}

/** The run of this version; that of the tenant's database, where the tenant that is named has one. */
async function onRun<Result>(
  context: BackfillsContext,
  { version, place }: WantedBackfill,
  work: (found: FoundRun) => Promise<Result>,
): Promise<Result> {
  const meant = await atTenantsPlace(context, place);
  return withRun(meant.context, { version, place: meant.place }, work);
}

/** The same for work on the steps of a release. */
function onStep<Options extends BackfillPlace, Result>(
  context: BackfillsContext,
  { version, options }: { readonly version: Version; readonly options: Options },
  work: (at: BackfillsContext, version: Version, options: Options) => Promise<Result>,
): Promise<Result> {
  return refusingMany(context, { version, place: options }, async () => {
    const meant = await atTenantsPlace(context, options);
    return work(meant.context, version, meant.place);
  });
}

/** One of them, or the sum of those that tenants have in databases of their own. */
async function show(
  context: BackfillsContext,
  version: Version,
  place: BackfillPlace,
): Promise<RepoBackfillDetails> {
  try {
    return await onRun(context, { version, place }, details);
  } catch (error) {
    if (!isReleaseError(error) || error.code !== "backfill_unknown") throw error;
    const repos = chosen(context.repos, place).filter(isInPlaces);
    if (repos.length === 0 || place.tenant !== undefined) throw error;
    const sums = await list({ ...context, repos }, place);
    const sum = sums.find((one) => one.version === version && one.tenants !== undefined);
    if (sum === undefined) throw error;
    return { ...sum, dead: [] };
  }
}

const told = { paused: "paused", running: "resumed", cancelled: "cancelled" } as const;

async function list(
  { repos, world }: BackfillsContext,
  place: ListedTenants,
): Promise<readonly RepoBackfill[]> {
  const found: RepoBackfill[] = [];
  const here = world({});
  for (const repo of chosen(repos, place)) {
    if (place.tenant !== undefined && repo.tenants === undefined) continue;
    const session = await openSession(repo, { role: "work", reads: "tell", ...here });
    try {
      const { historyTable } = laneOf(repo, "data", { prefix: place.prefix });
      const reports = [
        ...(place.tenant === undefined ? await readReports(session, historyTable) : []),
        ...(repo.tenants === undefined
          ? []
          : await listTenantBackfills(repo, session, place, here)),
      ];
      found.push(...reports.map((report) => ({ repo: repo.name, ...report })));
    } finally {
      await session.close();
    }
  }
  return found;
}

async function details(found: FoundRun): Promise<RepoBackfillDetails> {
  const { repo, session, key } = found;
  if (isToldToAll(found)) {
    const all = await detailsOfAll(found);
    if (all !== undefined) return all;
  }
  const report = await readDetails(session, key.history, key.version);
  if (report === undefined) throw unknown(key.version, [repo]);
  return { repo: repo.name, ...report };
}

async function restart(found: FoundRun, edge: Pick<Edge, "sleep">): Promise<RepoBackfillDetails> {
  const { repo, session, key } = found;
  const known = await details(found);
  if (isToldToAll(found))
    throw new ReleaseError("usage_invalid", {
      reason: `${key.version} is the backfill of each tenant, and begins again for one that is named`,
      hint: `Name it: slipway backfill restart ${key.version} --tenant NAME`,
    });
  if (await forget(session, key, edge)) return known;
  const { version, name } = known;
  const hint = `Undo it first: slipway rollback ${repo.name} ${version} --data`;
  const which = { repo: repo.name, version, name };
  throw new ReleaseError("backfill_refused", { ...which, reason: "it is finished", hint });
}

/** A finished backfill leaves nothing to do, also for a late process. */
async function workOn(
  context: BackfillsContext,
  version: Version,
  options: BackfillPlace & BackfillOptions & RunOptions,
): Promise<RepoOutcome> {
  try {
    // Only tenants have the backfill of a tenant, also where what belongs to all has this version.
    if (options.tenant !== undefined) throw unknown(version, chosen(context.repos, options));
    return await withStep(context, { version, options }, (found) => work(found, options));
  } catch (error) {
    if (!isReleaseError(error) || error.code !== "backfill_unknown") throw error;
    const ofTenants = await workOnTenants(context, version, options);
    return ofTenants ?? (await nothingLeft(context, { version, options }, error));
  }
}

/** A backfill that is finished leaves nothing to do. @throws {ReleaseError} `error`, when it is not finished */
async function nothingLeft(
  context: BackfillsContext,
  { version, options }: { readonly version: Version; readonly options: BackfillPlace },
  error: ReleaseError,
): Promise<RepoOutcome> {
  const done = await withRun(context, { version, place: options }, details);
  if (done.state !== "finished") throw error;
  return { repo: done.repo, direction: "up", migrations: [] };
}

/** Retries the backfill of all; where there is none, that of tenants. */
async function retryOn(
  context: BackfillsContext,
  version: Version,
  options: BackfillPlace & BackfillOptions & RunOptions & { readonly accept?: boolean },
): Promise<RepoOutcome> {
  const hasTenants = context.repos.some(({ tenants }) => tenants !== undefined);
  try {
    if (!hasTenants || options.tenant === undefined)
      return await withStep(context, { version, options }, (found) => retry(found, options));
  } catch (error) {
    if (!isReleaseError(error) || error.code !== "backfill_unknown") throw error;
    if (!hasTenants) return nothingLeft(context, { version, options }, error);
  }
  return withRun(context, { version, place: options }, async (found) => {
    const done = await retryTenants(context, found, options);
    if (done === undefined) throw unknown(version, [found.repo]);
    return done;
  });
}

async function work(
  { prepared, step, world }: FoundStep,
  options: BackfillOptions & RunOptions,
): Promise<RepoOutcome> {
  const done = await carryOutBackfill(prepared, step, options, world);
  if (done.session !== prepared.session) await done.session.close();
  const { version, name } = step.file;
  const outcome = { repo: prepared.repo.name, direction: "up" } as const;
  if (done.outcomes === undefined) return { ...outcome, migrations: [], resume: { version, name } };
  return { ...outcome, migrations: done.outcomes };
}

async function retry(
  found: FoundStep,
  options: BackfillOptions & RunOptions & { readonly accept?: boolean },
): Promise<RepoOutcome> {
  const { prepared, target, world } = found;
  const { session } = prepared;
  const { history, version } = target.ref;
  const [run] = await readRuns(session, history, version);
  if (run === undefined) throw unknown(version, [prepared.repo]);
  if (run.code !== codeOf(target) && options.acceptChanged !== true)
    throw new ReleaseError("backfill_changed", { ...target.ref });
  const { repo } = prepared;
  const note = { result: "retried", name: target.ref.name } as const;
  await noteTold({ repo, session, key: { history, version } }, note, world);
  const { failed } = await retryDead({ session, target, run, edge: world.edge }, {});
  if (failed > 0 && options.accept && !world.edge.signal.aborted) {
    const left = warning("dead_rows_left", { name: target.ref.name, count: failed });
    world.edge.emit({ type: "warning", repo: prepared.repo.name, ...left });
    await session.execute([forgetDead(session, target.ref, { run: run.id })]);
  }
  const { sleep } = world.edge;
  await changeState(session, { history, version }, { state: "running", sleep });
  return work(found, options);
}
