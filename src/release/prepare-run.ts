/** Decides what a run does to one repo: reads, plans, loads, judges and reports. Writes nothing. */
import { ReleaseError } from "../core/model/errors.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import type { Plan } from "../core/plan/plan.ts";
import type { Step } from "../core/plan/step.ts";
import type { Repo } from "./config.ts";
import { type LaneName, laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import { type Asked, askedOf } from "./prepare/asked.ts";
import { choose } from "./prepare/choose.ts";
import type { Judgements } from "./prepare/judge.ts";
import { load } from "./prepare/load.ts";
import { listMigrations, type RanMigrations, readWhatRan } from "./prepare/read.ts";
import type { PreparedRun } from "./prepared-run.ts";
import type { MigrateRequest } from "./requests.ts";
import type { PrepareContext } from "./run-world.ts";
import { settleAll } from "./settle.ts";
import { reading } from "./stoppable.ts";

/**
 * Prepares every repo of the request before any of them runs, and names all that is wrong at once.
 * The caller closes the sessions.
 *
 * @throws {ReleaseError} every refusal that there is
 */
export async function prepareRuns(
  request: MigrateRequest,
  lane: LaneName,
  context: PrepareContext,
): Promise<readonly PreparedRun[]> {
  const shared = await sharing(request, lane, context);
  const prepare = async (repo: Repo): Promise<PreparedRun> => {
    const told = shared.get(repo.name) ?? [];
    for (const one of told) context.emit({ type: "warning", repo: repo.name, ...one });
    const run = await prepareRun(repo, request, lane, context);
    return { ...run, warnings: [...told, ...run.warnings] };
  };
  return settleAll(request.repos, prepare, (run) => run.session.close());
}

/** Most releases have one repo, or each repo in a separate database. */
async function sharing(
  request: MigrateRequest,
  lane: LaneName,
  context: PrepareContext,
): Promise<ReadonlyMap<string, readonly Warning[]>> {
  const places = new Set(request.repos.map(({ adapter }) => adapter.describe()));
  if (places.size === request.repos.length) return new Map();
  const { sharedHistories } = await import("./shared-history.ts");
  return sharedHistories(request, lane, context);
}

async function prepareRun(
  repo: Repo,
  request: MigrateRequest,
  laneName: LaneName,
  context: PrepareContext,
): Promise<PreparedRun> {
  const lane = laneOf(repo, laneName, request.options);
  const listed = await listMigrations(repo, lane, context.root);
  const session = await openSession(repo, { role: "work", ...context });
  try {
    const asked = askedOf({ repo, session, request }, listed, context);
    const { warnings, ...run } = await reading(session, context, () => decide(asked), asked.source);
    const told = [...listed.warnings, ...warnings];
    for (const one of told) context.emit({ type: "warning", repo: repo.name, ...one });
    return { ...run, warnings: told };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function decide(listed: Asked): Promise<PreparedRun> {
  const found = await readWhatRan(listed);
  const isUp = listed.prepare.direction === "up";
  const repeats = isUp && listed.files.some((file) => file.repeatable || file.baseline);
  if (repeats) await refusePart(listed, found);
  const { files, ...settled } = repeats
    ? await (await import("./repeatables.ts")).repeating({ ...listed, applied: found.applied })
    : { files: listed.files };
  const [asked, ran] = [
    { ...listed, files },
    { ...found, ...settled },
  ];
  const plan = await choose(asked, ran);
  const loaded = await load(asked, ran, plan);
  const judged = await judgeAll(asked, ran, plan, loaded.steps);
  const { repo, lane, session } = asked;
  const { direction } = plan;
  const warnings = [
    ...plan.warnings,
    ...loaded.warnings,
    ...loaded.steps.flatMap(replaced),
    ...loaded.steps.flatMap(ownTableKept),
    ...judged.warnings,
  ];
  const steps = loaded.steps.map((step) => {
    const forecasts = judged.forecasts.get(step.file.version);
    return forecasts === undefined ? step : { ...step, forecasts };
  });
  const left = isUp ? leftBehind(asked, ran, plan) : 0;
  return {
    repo,
    lane,
    session,
    direction,
    steps,
    warnings,
    left,
    hasRun: found.applied.length > 0,
  };
}

/** @throws {ReleaseError} `baseline_partly` */
async function refusePart({ repo, files }: Asked, { applied }: RanMigrations): Promise<void> {
  const { hasPartOf } = await import("../core/plan/baselines.ts");
  const part = hasPartOf(
    files,
    applied.map(({ version }) => version),
  );
  if (part === undefined) return;
  const { baseline, newest } = part;
  throw new ReleaseError("baseline_partly", {
    repo: repo.name,
    baseline: baseline.version,
    newest,
  });
}

/** Pending ones that a given target or phase does not reach; what runs again is none of them. */
function leftBehind({ files, request }: Asked, { applied }: RanMigrations, plan: Plan): number {
  const isPart = "to" in request.target || "toExclusive" in request.target;
  if (!isPart && request.phase === undefined) return 0;
  const done = new Set([...applied, ...plan.files].map(({ version }) => version));
  return files.filter((one) => !one.repeatable && !one.baseline && !done.has(one.version)).length;
}

/** Nothing to do is nothing to judge. */
async function judgeAll(
  asked: Asked,
  ran: RanMigrations,
  plan: Plan,
  steps: readonly Step[],
): Promise<Judgements> {
  if (steps.length === 0) return { warnings: [], forecasts: new Map() };
  const { judge } = await import("./prepare/judge.ts");
  return judge(asked, ran, plan, steps);
}

function ownTableKept({ file: { origin }, ownTableKept: table }: Step): readonly Warning[] {
  return table === undefined ? [] : [warning("own_table_kept", { table, origin })];
}

function replaced({ file: { origin }, replaced: some = [] }: Step): readonly Warning[] {
  return some.map((one) => warning("operation_replaced", { origin, ...one }));
}
