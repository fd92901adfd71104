/** Finds a backfill: in the ledger of a repo, or among the steps that are still to run. */
import type { Session } from "../adapters/adapter.ts";
import { readRuns } from "../backfill/ledger.ts";
import { type BackfillTarget, readTarget } from "../backfill/target.ts";
import { tenantHistory } from "../backfill/tenant-runs.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { Version, VersionInput } from "../core/model/migration.ts";
import type { Emit } from "../engine/events.ts";
import type { Repo } from "./config.ts";
import { type BackfillStep, isBackfillStep } from "./is-backfill-step.ts";
import { laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import type { RunOptions } from "./options.ts";
import { prepareRuns } from "./prepare-run.ts";
import type { PreparedRun } from "./prepared-run.ts";
import type { RunWorld } from "./run-world.ts";

/** Which backfill, where its version is not enough. */
export type BackfillPlace = {
  /** Default: the one repo that has a backfill of this version. */
  readonly repo?: string;
  readonly prefix?: string;
  /** The run of this tenant. Default: the run of all, or the command to all tenants. */
  readonly tenant?: string;
};

/** The repos and the world that the commands work with. */
export type BackfillsContext = {
  readonly repos: readonly Repo[];
  readonly version: (input: VersionInput) => Version;
  readonly world: (options: RunOptions) => RunWorld;
};

/** A run in the ledger of a repo. */
export type FoundRun = {
  readonly repo: Repo;
  readonly session: Session;
  readonly key: {
    readonly history: PreparedRun["lane"]["historyTable"];
    readonly version: Version;
  };
  /** The history of data migrations, where the run is a command to all tenants. */
  readonly ofTenants?: PreparedRun["lane"]["historyTable"];
};

/** Does something with the one run of this version. @throws {ReleaseError} `backfill_unknown`, `backfill_ambiguous` */
export async function withRun<Result>(
  { repos, world }: BackfillsContext,
  { version, place }: { readonly version: Version; readonly place: BackfillPlace },
  work: (found: FoundRun) => Promise<Result>,
): Promise<Result> {
  const candidates = chosen(repos, place);
  const opened: FoundRun[] = [];
  try {
    const found: FoundRun[] = [];
    for (const repo of candidates) {
      const session = await openSession(repo, { role: "work", reads: "quietly", ...world({}) });
      const history = laneOf(repo, "data", { prefix: place.prefix }).historyTable;
      opened.push({ repo, session, key: { history, version } });
      for (const candidate of placesOf({ repo, session, key: { history, version } }, place))
        if ((await readRuns(session, candidate.key.history, version)).length > 0)
          found.push(candidate);
    }
    const name = ({ repo, ofTenants }: FoundRun) =>
      ofTenants === undefined ? repo.name : `${repo.name} (tenants)`;
    return await work(only(found, { version, candidates, name }));
  } finally {
    await Promise.all(opened.map(({ session }) => session.close()));
  }
}

/** Where runs of this version may be: of what belongs to all, of all tenants, or of the one that is named. */
function placesOf(found: FoundRun, { tenant }: BackfillPlace): readonly FoundRun[] {
  const { key, repo } = found;
  const at = (name: string) => ({
    ...found,
    key: { ...key, history: tenantHistory(key.history, name) },
  });
  if (tenant !== undefined) return repo.tenants === undefined ? [] : [at(tenant)];
  return [found, ...(repo.tenants === undefined ? [] : [{ ...at(""), ofTenants: key.history }])];
}

/** A backfill that this release has. */
export type FoundStep = {
  readonly prepared: PreparedRun;
  readonly step: BackfillStep;
  readonly target: BackfillTarget;
  readonly world: RunWorld;
};

/** Does something with the one backfill of this version that this release has and that is not finished. */
export async function withStep<Result>(
  { repos, world }: BackfillsContext,
  { version, options }: { readonly version: Version; readonly options: BackfillPlace & RunOptions },
  work: (found: FoundStep) => Promise<Result>,
): Promise<Result> {
  const candidates = chosen(repos, options);
  const { repo: _, ...runOptions } = options;
  const request = {
    repos: candidates,
    target: { direction: "up", to: version },
    options: runOptions,
    phase: undefined,
  } as const;
  const here = world(runOptions);
  const runs = await prepareRuns(request, "data", withoutUnknown(here));
  try {
    const found = runs.flatMap((prepared) =>
      prepared.steps
        .filter(isBackfillStep)
        .filter((step) => step.file.version === version)
        .map((step) => ({ prepared, step })),
    );
    const one = only(found, { version, candidates, name: ({ prepared }) => prepared.repo.name });
    const { prepared, step } = one;
    const ref = { repo: prepared.repo.name, ...step.file, history: prepared.lane.historyTable };
    const target = await readTarget(prepared.session, ref, step.backfill);
    return await work({ prepared, step, target, world: here });
  } finally {
    await Promise.all(runs.map(({ session }) => session.close()));
  }
}

/** Leaves out the warning that a repo has no such version: another repo may have it, and when none has, an error says so. */
function withoutUnknown(world: RunWorld): RunWorld {
  const emit: Emit = (event) => {
    if (event.type !== "warning" || event.code !== "version_unknown") world.emit(event);
  };
  return { ...world, emit };
}

/** The repos that may have it. @throws {ReleaseError} `repo_unknown` */
export function chosen(repos: readonly Repo[], { repo }: BackfillPlace): readonly Repo[] {
  if (repo === undefined) return repos;
  const found = repos.filter(({ name }) => name === repo);
  const known = repos.map(({ name }) => name);
  if (found.length === 0) throw new ReleaseError("repo_unknown", { repo, known });
  return found;
}

function only<Item>(
  found: readonly Item[],
  about: {
    readonly version: Version;
    readonly candidates: readonly Repo[];
    readonly name: (item: Item) => string;
  },
): Item {
  const [first, second] = found;
  const { version, candidates, name } = about;
  if (first === undefined) throw unknown(version, candidates);
  if (second !== undefined)
    throw new ReleaseError("backfill_ambiguous", { version, repos: found.map(name) });
  return first;
}

/** None has it. */
export function unknown(version: Version, repos: readonly Repo[]): ReleaseError {
  return new ReleaseError("backfill_unknown", { version, repos: repos.map(({ name }) => name) });
}
