/** What can be done with backfills beside `migrateData`: looking, pausing, another pace, working on one of them. */

import { changePace, changeState, forget } from "../backfill/commands.ts";
import { forgetDead } from "../backfill/dead.ts";
import type { PaceChange } from "../backfill/ledger.ts";
import { readRuns } from "../backfill/ledger.ts";
import { codeOf } from "../backfill/register.ts";
import { type Rehearsal, rehearse } from "../backfill/rehearse.ts";
import {
  type BackfillDetails,
  type BackfillReport,
  readDetails,
  readReports,
} from "../backfill/report.ts";
import { retryDead } from "../backfill/retry.ts";
import { wrongInPace } from "../core/backfill/check.ts";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import type { Version, VersionInput } from "../core/model/migration.ts";
import { warning } from "../core/model/warnings.ts";
import type { Edge } from "../engine/events.ts";
import { carryOutBackfill } from "./backfill-step.ts";
import {
  type BackfillPlace,
  type BackfillsContext,
  chosen,
  type Found,
  type FoundStep,
  unknown,
  withRun,
  withStep,
} from "./find-backfill.ts";
import { laneOf } from "./lane.ts";
import type { RepoOutcome } from "./migrate.ts";
import { openSession } from "./open.ts";
import type { BackfillOptions, RunOptions } from "./options.ts";

export type RepoBackfill = BackfillReport & { readonly repo: string };
export type RepoBackfillDetails = BackfillDetails & { readonly repo: string };

/** Commands for backfills. A version is that of the data migration. */
export interface Backfills {
  /** Every backfill that was begun. Writes nothing. */
  list(place?: BackfillPlace): Promise<readonly RepoBackfill[]>;
  /** One of them, with the rows that failed. Writes nothing. */
  show(version: VersionInput, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /** Stops all workers everywhere; gives back when no batch is open any more. */
  pause(version: VersionInput, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /** Lets workers begin again, also after a failure. Starts none. */
  resume(version: VersionInput, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /** Like `pause`, and says that it is not meant to go on. Rows that were changed stay changed. */
  cancel(version: VersionInput, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /**
   * Stops all workers and forgets how far one is that is not finished: it begins from its first row when it is run
   * again. Rows that were changed stay changed, and are visited again. Gives what is forgotten.
   */
  restart(version: VersionInput, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /** Another pace, for all workers from their next batch on. `throttle: null` lifts every limit. */
  set(version: VersionInput, pace: PaceChange, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /** Works on one backfill, together with whoever else does. */
  work(
    version: VersionInput,
    options?: BackfillPlace & BackfillOptions & RunOptions,
  ): Promise<RepoOutcome>;
  /** Tries the rows that failed once more, and goes on. `accept` finishes without those that fail again. */
  retryDead(
    version: VersionInput,
    options?: BackfillPlace & BackfillOptions & RunOptions & { readonly accept?: boolean },
  ): Promise<RepoOutcome>;
  /** Does batches for real and rolls them back. */
  rehearse(
    version: VersionInput,
    options?: BackfillPlace & RunOptions & { readonly sample?: number },
  ): Promise<Rehearsal & { readonly repo: string }>;
}

/** The commands of a release. */
export function backfillsOf(context: BackfillsContext): Backfills {
  const { version: read } = context;
  const { sleep } = context.world({}).edge;
  const inLedger = <Result>(
    input: VersionInput,
    place: BackfillPlace,
    work: (found: Found) => Promise<Result>,
  ) => withRun(context, { version: read(input), place }, work);
  const change =
    (state: "paused" | "running" | "cancelled") =>
    (input: VersionInput, place: BackfillPlace = {}) =>
      inLedger(input, place, async (found) => {
        await changeState(found.session, found.key, { state, sleep });
        return details(found);
      });
  return {
    list: (place = {}) => list(context, place),
    show: (input, place = {}) => inLedger(input, place, details),
    pause: change("paused"),
    resume: change("running"),
    cancel: change("cancelled"),
    restart: (input, place = {}) => inLedger(input, place, (found) => restart(found, { sleep })),
    set: (input, pace, place = {}) =>
      inLedger(input, place, async (found) => {
        const [wrong] = wrongInPace(pace);
        if (wrong !== undefined) throw new ReleaseError("usage_invalid", wrong);
        await changePace(found.session, found.key, pace);
        return details(found);
      }),
    work: (input, options = {}) => workOn(context, read(input), options),
    retryDead: (input, options = {}) =>
      withStep(context, { version: read(input), options }, (found) => retry(found, options)),
    rehearse: (input, options = {}) =>
      withStep(context, { version: read(input), options }, async ({ prepared, target, world }) => {
        const { sample = 1 } = options;
        const rehearsal = await rehearse(prepared.session, target, { sample, edge: world.edge });
        return { repo: prepared.repo.name, ...rehearsal };
      }),
  };
}

async function list(
  { repos, world }: BackfillsContext,
  place: BackfillPlace,
): Promise<readonly RepoBackfill[]> {
  const found: RepoBackfill[] = [];
  for (const repo of chosen(repos, place)) {
    const session = await openSession(repo, { role: "work", ...world({}) });
    try {
      const { historyTable } = laneOf(repo, "data", { prefix: place.prefix });
      const reports = await readReports(session, historyTable);
      found.push(...reports.map((report) => ({ repo: repo.name, ...report })));
    } finally {
      await session.close();
    }
  }
  return found;
}

async function details({ repo, session, key }: Found): Promise<RepoBackfillDetails> {
  const report = await readDetails(session, key.history, key.version);
  if (report === undefined) throw unknown(key.version, [repo]);
  return { repo: repo.name, ...report };
}

async function restart(found: Found, edge: Pick<Edge, "sleep">): Promise<RepoBackfillDetails> {
  const { repo, session, key } = found;
  const known = await details(found);
  if (await forget(session, key, edge)) return known;
  const { version, name } = known;
  const hint = `Undo it first: slipway rollback ${repo.name} ${version} --data`;
  const which = { repo: repo.name, version, name };
  throw new ReleaseError("backfill_refused", { ...which, reason: "it is finished", hint });
}

/** A backfill that is done leaves nothing to do, for whoever comes last too. */
async function workOn(
  context: BackfillsContext,
  version: Version,
  options: BackfillPlace & BackfillOptions & RunOptions,
): Promise<RepoOutcome> {
  try {
    return await withStep(context, { version, options }, (found) => work(found, options));
  } catch (error) {
    if (!isReleaseError(error) || error.code !== "backfill_unknown") throw error;
    const done = await withRun(context, { version, place: options }, details);
    if (done.state !== "finished") throw error;
    return { repo: done.repo, direction: "up", migrations: [] };
  }
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
