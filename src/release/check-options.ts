/** Checks the arguments of a release's methods from JavaScript, and turns them into requests. */
import { ReleaseError, refuse } from "../core/model/errors.ts";
import { flag, type KindsOf, name, object } from "../core/model/kind.ts";
import { lockPolicyKinds } from "../core/model/lock-policy.ts";
import { type Direction, type Target, versionFromInput } from "../core/model/migration.ts";
import { anything, invalid, wrongOptions } from "../core/model/wrong-options.ts";
import type { Repo } from "./config.ts";
import type { CountRequest } from "./count-as.ts";
import { moreOptions, optionsOf, repoOption, runOptions, targetOptions } from "./option-kinds.ts";
import type {
  BackfillOptions,
  BaselineOptions,
  MarkOptions,
  MigrateOptions,
  RepoOption,
  RollbackOptions,
  RunOptions,
  TargetOptions,
} from "./options.ts";
import type { MarkRequest, MigrateRequest } from "./requests.ts";
import { rolledBackTenants, wrongTenants } from "./tenants/tenant-options.ts";

/** @throws {ReleaseError} `option_unknown`, `option_invalid`, `targets_conflict`, `target_missing`, `repo_unknown` */
export function checkMigrate(
  repos: readonly Repo[],
  options: MigrateOptions & BackfillOptions & { readonly data?: boolean },
  method: "migrate" | "migrateData" | "plan",
): MigrateRequest {
  const kinds = { ...targetOptions, ...repoOption, ...runOptions, ...moreOptions[method] };
  refuse([
    ...wrongOptions(options, { of: method, kinds }),
    ...wrongPolicy(options),
    ...wrongTenants(options.tenants),
  ]);
  const { phase } = options;
  return {
    repos: chooseRepos(repos, options.repo),
    target: targetOf("up", options),
    options,
    phase,
  };
}

/** @throws {ReleaseError} `repo_missing`, `repo_unknown`, `version_missing`, `option_unknown`, `option_invalid` */
export function checkRollback(
  repos: readonly Repo[],
  wanted: { readonly repo: unknown; readonly target: unknown },
  options: RollbackOptions,
): MigrateRequest {
  const { repo, target } = wanted;
  if (repo === undefined)
    throw new ReleaseError("repo_missing", {
      known: repos.map((known) => known.name),
      command: "rollback",
    });
  const chosen = chooseRepos(repos, String(repo));
  if (target === undefined)
    throw new ReleaseError("version_missing", { repo: String(repo), command: "rollback" });
  const kinds = {
    ...runOptions,
    data: flag,
    tenants: rolledBackTenants,
  } satisfies KindsOf<RollbackOptions>;
  refuse([...wrongOptions(options, { of: "rollback", kinds }), ...wrongPolicy(options)]);
  const { tenants: _, ...run } = options;
  if (typeof target === "object" && target !== null) {
    refuse(wrongOptions(target, { of: "rollback", kinds: targetOptions }));
    if (Object.values(target).every((value) => value === undefined))
      throw new ReleaseError("target_missing", { given: "none of them" });
    return { repos: chosen, target: targetOf("down", target as TargetOptions), options: run };
  }
  return {
    repos: chosen,
    target: { direction: "down", to: versionOption("version", target) },
    options: run,
  };
}

/** @throws {ReleaseError} `repo_missing`, `repo_unknown`, `option_unknown`, `option_invalid` */
export function checkMark(
  repos: readonly Repo[],
  wanted: { readonly repo: unknown; readonly version: unknown },
  options: MarkOptions,
): MarkRequest | CountRequest {
  const repo = oneRepo(repos, wanted.repo, "mark");
  const kinds = {
    as: anything,
    reason: name,
    data: flag,
    prefix: name,
  } satisfies KindsOf<MarkOptions>;
  refuse(wrongOptions(options, { of: "mark", kinds }));
  const { as, reason, prefix } = options;
  const lane = options.data === true ? "data" : "schema";
  const version = versionOption("version", wanted.version);
  if (as === "done" || as === "again" || as === "anew")
    return { repo, lane, version, as, options: { prefix } };
  if (as !== "applied" && as !== "pending")
    throw invalid("as", as, "done, again, anew, applied or pending");
  if (reason === undefined) throw invalid("reason", reason, "a sentence that says why");
  return { repo, lane, version, as, reason, options: { prefix } };
}

/** @throws {ReleaseError} `repo_missing`, `repo_unknown`, `option_unknown`, `option_invalid` */
export function checkBaseline(
  repos: readonly Repo[],
  wanted: unknown,
  options: BaselineOptions,
): CountRequest {
  const repo = oneRepo(repos, wanted, "baseline");
  const kinds = {
    at: anything,
    reason: name,
    data: flag,
    prefix: name,
  } satisfies KindsOf<BaselineOptions>;
  refuse(wrongOptions(options, { of: "baseline", kinds }));
  const { at, reason = "baseline", data = false, prefix } = options;
  return {
    repo,
    lane: data ? "data" : "schema",
    as: "applied up to",
    version: versionOption("at", at),
    reason,
    options: { prefix },
  };
}

/** @throws {ReleaseError} `repo_missing`, `repo_unknown` */
export function oneRepo(repos: readonly Repo[], wanted: unknown, command: string): Repo {
  const known = repos.map((repo) => repo.name);
  if (wanted === undefined) throw new ReleaseError("repo_missing", { known, command });
  const [repo] = chooseRepos(repos, String(wanted));
  if (repo === undefined) throw new ReleaseError("repo_unknown", { repo: String(wanted), known });
  return repo;
}

/** @throws {ReleaseError} `option_unknown`, `option_invalid`, `repo_unknown` */
export function checkRepos(
  repos: readonly Repo[],
  options: RepoOption<string>,
  method: keyof typeof optionsOf,
): readonly Repo[] {
  refuse(wrongOptions(options, { of: method, kinds: optionsOf[method] }));
  return chooseRepos(repos, options.repo);
}

function wrongPolicy(options: RunOptions): readonly ReleaseError[] {
  const policy = object.holds(options) ? options.policy : undefined;
  if (!object.holds(policy)) return [];
  return wrongOptions(policy, { of: "policy", kinds: lockPolicyKinds, path: "policy." });
}

function chooseRepos(repos: readonly Repo[], wanted: unknown): readonly Repo[] {
  if (wanted === undefined) return repos;
  const names: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  const known = repos.map((repo) => repo.name);
  refuse(
    names
      .filter((name) => !known.includes(String(name)))
      .map((name) => new ReleaseError("repo_unknown", { repo: String(name), known })),
  );
  return repos.filter((repo) => names.includes(repo.name));
}

function targetOf(direction: Direction, options: TargetOptions): Target {
  const given = Object.keys(targetOptions).filter(
    (option) => options[option as keyof TargetOptions] !== undefined,
  );
  if (given.length > 1) throw new ReleaseError("targets_conflict", { given });
  const { all, step, to, toExclusive } = options;
  if (step !== undefined) {
    if (!Number.isSafeInteger(step) || step < 1)
      throw invalid("step", step, "a whole number from 1");
    return { direction, step };
  }
  if (to !== undefined) return { direction, to: versionOption("to", to) };
  if (toExclusive !== undefined)
    return { direction, toExclusive: versionOption("toExclusive", toExclusive) };
  if (all !== undefined && all !== true)
    throw new ReleaseError("target_missing", { given: `all: ${JSON.stringify(all)}` });
  return { direction, all: true };
}

/** @throws {ReleaseError} `option_invalid` */
export function versionOption(option: string, value: unknown): string {
  const version = versionFromInput(value);
  if (version === undefined)
    throw invalid(
      option,
      value,
      "a version: a whole number, with an n behind it beyond 2^53, or the id of a migration",
    );
  return version;
}
