/** The commands for a backfill over all tenants, or for that of one. Loaded where one is meant. */
import { changePace, comesFrom } from "../../backfill/commands.ts";
import { forgetDead } from "../../backfill/dead.ts";
import { changeRun, type PaceChange, type RunState, readRuns } from "../../backfill/ledger.ts";
import { retryDead } from "../../backfill/retry.ts";
import { readTenantReports } from "../../backfill/tenant-report.ts";
import {
  changeTenantRuns,
  readTenantRuns,
  tenantHistory,
  waitForTenantBatches,
} from "../../backfill/tenant-runs.ts";
import type { Version } from "../../core/model/migration.ts";
import { warning } from "../../core/model/warnings.ts";
import type { Edge } from "../../engine/events.ts";
import type { RepoBackfillDetails } from "../backfills.ts";
import type { BackfillPlace, BackfillsContext, FoundRun } from "../find-backfill.ts";
import { isBackfillStep } from "../is-backfill-step.ts";
import type { RepoOutcome } from "../migrate.ts";
import { openSession } from "../open.ts";
import type { BackfillOptions, RunOptions } from "../options.ts";
import { migrateTenantData } from "./tenant-data.ts";
import { tenantDataFiles, tenantDataSteps } from "./tenant-data-steps.ts";
import { isInPlaces } from "./tenant-lane.ts";
import { tenantTarget } from "./tenant-target.ts";

/** The run that is the command to all. */
type ToldToAll = FoundRun & { readonly ofTenants: NonNullable<FoundRun["ofTenants"]> };

/** Whether a run is the command to all tenants. */
export function isToldToAll(found: FoundRun): found is ToldToAll {
  return found.ofTenants !== undefined;
}

/** Changes the state of all tenants. When it is paused or cancelled, no batch is open any more and none begins. */
export async function changeAllStates(
  { session, key, ofTenants: history }: ToldToAll,
  state: keyof typeof comesFrom,
  { sleep }: Pick<Edge, "sleep">,
): Promise<boolean> {
  const all = { history, version: key.version };
  const from = comesFrom[state];
  const changed = await changeTenantRuns(session, all, { from, state });
  // Once more: those that began while the first statement ran have not seen it, nor it them.
  await changeTenantRuns(session, all, { from, state });
  if (state !== "running") await waitForTenantBatches(session, all, sleep);
  return changed > 0;
}

/** The same pace for all of them, and for those that come. */
export async function changeAllPaces(
  { session, key, ofTenants: history }: ToldToAll,
  pace: PaceChange,
): Promise<boolean> {
  if (!(await changePace(session, key, pace))) return false;
  const [told] = await readRuns(session, key.history, key.version);
  const from: readonly RunState[] = ["running", "paused", "failed", "cancelled"];
  const now = JSON.parse(told?.pace ?? "{}") as PaceChange;
  await changeTenantRuns(session, { history, version: key.version }, { from, pace: now });
  return true;
}

/** Everything about all of them together. */
export async function detailsOfAll({
  repo,
  session,
  key,
  ofTenants,
}: ToldToAll): Promise<RepoBackfillDetails | undefined> {
  const [report] = await readTenantReports(session, ofTenants, key.version);
  return report && { repo: repo.name, ...report, dead: [] };
}

type Options = BackfillPlace & BackfillOptions & RunOptions;

/** Works on all tenants, or on one, up to this version. Nothing where no repo has it among those of tenants. */
export async function workOnTenants(
  { repos, world }: BackfillsContext,
  version: Version,
  { tenant, repo: wanted, ...options }: Options,
): Promise<RepoOutcome | undefined> {
  const here = world(options);
  for (const repo of repos) {
    if (repo.tenants === undefined || isInPlaces(repo)) continue;
    if (wanted !== undefined && wanted !== repo.name) continue;
    const files = await tenantDataFiles(repo, options, here.root);
    if (!files.some((file) => file.version === version)) continue;
    const session = await openSession(repo, { role: "work", ...here });
    try {
      const request = {
        target: { direction: "up", to: version } as const,
        options: { ...options, ...(tenant === undefined ? {} : { tenants: { names: [tenant] } }) },
      };
      const done = await migrateTenantData({ repo, session }, request, here);
      return { repo: repo.name, direction: "up", migrations: [], ...done };
    } finally {
      await session.close().catch(() => undefined);
    }
  }
  return undefined;
}

/** Tries the failed rows again, of all tenants or of one, and continues. */
export async function retryTenants(
  context: BackfillsContext,
  { repo, session, key }: Pick<FoundRun, "repo" | "session" | "key">,
  { accept, ...options }: Options & { readonly accept?: boolean },
): Promise<RepoOutcome | undefined> {
  const { version } = key;
  const world = context.world(options);
  const target = { direction: "up", to: version } as const;
  const found = await tenantDataSteps({ repo, session, options, target }, world);
  const step = found?.steps.find(({ file }) => file.version === version);
  if (found === undefined || step === undefined || !isBackfillStep(step)) return undefined;
  const { history, context: fleet } = found;
  const runs = await readTenantRuns(session, history, version);
  const meant = runs.filter(
    ({ tenant, state }) =>
      tenant !== "" &&
      (options.tenant === undefined ? state === "failed" : tenant === options.tenant),
  );
  for (const { tenant } of meant) {
    const own = tenantHistory(history, tenant);
    const [run] = await readRuns(session, own, version);
    if (run === undefined) continue;
    const at = await tenantTarget(session, { tenant, step }, { repo, history, fleet });
    const { failed } = await retryDead({ session, target: at, run, edge: world.edge }, {});
    if (failed > 0 && accept && !world.edge.signal.aborted) {
      const left = warning("dead_rows_left", {
        name: `${step.file.name} of ${tenant}`,
        count: failed,
      });
      world.edge.emit({ type: "warning", repo: repo.name, ...left });
      await session.execute([forgetDead(session, at.ref, { run: run.id })]);
    }
    const from: readonly RunState[] = ["paused", "failed", "cancelled"];
    await changeRun(session, { history: own, version }, { from, state: "running", reason: null });
  }
  const done = await workOnTenants(context, version, { ...options, repo: repo.name });
  return done;
}
