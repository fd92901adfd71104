/** Checks the arguments of a release's methods from JavaScript, and turns them into requests. */
import { ReleaseError, refuse } from "../core/model/errors.ts";
import { count, flag, type Kind, type KindsOf, name, object } from "../core/model/kind.ts";
import { lockPolicyKinds } from "../core/model/lock-policy.ts";
import { type Direction, type Target, versionFromInput } from "../core/model/migration.ts";
import {
  anything,
  folders,
  invalid,
  milliseconds,
  wrongOptions,
} from "../core/model/wrong-options.ts";
import type { Repo } from "./config.ts";
import type { CountRequest } from "./count-as.ts";
import type { DumpOptions } from "./dump-schema.ts";
import type { SchemaLoadOptions } from "./load-schema.ts";
import type {
  BackfillOptions,
  BaselineOptions,
  BootOptions,
  DoctorOptions,
  DropOptions,
  FactsOptions,
  HistoryOptions,
  MarkOptions,
  MigrateOptions,
  ReadyOptions,
  RepoOption,
  RollbackOptions,
  RunOptions,
  StatusOptions,
  TargetOptions,
  VerifyOptions,
  VerifySchemaOptions,
  WaitOptions,
} from "./options.ts";
import type { TablesOptions } from "./own-tables.ts";
import type { MarkRequest, MigrateRequest } from "./requests.ts";
import { rolledBackTenants, tenantsOption, wrongTenants } from "./tenants/tenant-options.ts";

// Other code checks targets and repos, and throws its own errors.
const targetOptions = {
  all: anything,
  step: anything,
  to: anything,
  toExclusive: anything,
} as const satisfies KindsOf<TargetOptions>;
const repoOption = { repo: anything } as const satisfies KindsOf<RepoOption<string>>;
const runOptions = {
  log: flag,
  logMigrationsSql: flag,
  logMigratorSql: flag,
  prefix: name,
  strictVersionOrder: flag,
  strict: flag,
  lock: flag,
  lockWaitMs: milliseconds,
  policy: object,
  migrationsPath: folders,
  allowEdited: flag,
  fromFiles: flag,
} as const satisfies KindsOf<RunOptions>;
const phase: Kind = {
  words: "before or after",
  holds: (value) => value === "before" || value === "after",
};

/** Only some of the methods that go forward take these. */
const moreOptions = {
  migrateData: { forMs: milliseconds, acceptChanged: flag, tenants: tenantsOption },
  migrate: { phase, tenants: tenantsOption },
  plan: { phase, tenants: tenantsOption, data: flag },
} as const satisfies {
  readonly migrateData: KindsOf<BackfillOptions & Pick<MigrateOptions, "tenants">>;
  readonly migrate: KindsOf<Pick<MigrateOptions, "phase" | "tenants">>;
  readonly plan: KindsOf<Pick<MigrateOptions, "phase" | "tenants"> & { readonly data?: boolean }>;
};

const ready = { ...repoOption, prefix: name, allowNewer: flag, tenants: flag } as const;
/** The options of the methods that choose repos and no target. */
const optionsOf = {
  migrationStatus: {
    ...repoOption,
    data: flag,
    plain: flag,
    long: flag,
    tenants: flag,
    behind: flag,
    prefix: name,
    migrationsPath: folders,
  },
  assertMigrated: ready,
  readiness: ready,
  wait: { ...ready, timeoutMs: milliseconds },
  migrateOnBoot: { ...repoOption, ...runOptions, phase, skip: flag },
  tables: { ...repoOption, prefix: name, migrator: name, app: name, reader: name },
  verify: { ...repoOption, data: flag, prefix: name, migrationsPath: folders },
  verifySchema: { ...repoOption, prefix: name, accept: flag, against: object },
  history: { ...repoOption, tenant: name, limit: count, prefix: name },
  facts: { ...repoOption, prefix: name },
  doctor: { ...repoOption, prefix: name },
  createStorage: repoOption,
  dropStorage: { ...repoOption, force: flag },
  folders: repoOption,
  tableSizes: repoOption,
  seed: repoOption,
  dump: { ...repoOption, rights: flag },
  load: { ...repoOption, skipIfLoaded: flag, path: name },
  address: repoOption,
  reading: repoOption,
} as const satisfies {
  readonly migrationStatus: KindsOf<StatusOptions>;
  readonly assertMigrated: KindsOf<ReadyOptions>;
  readonly readiness: KindsOf<ReadyOptions>;
  readonly wait: KindsOf<WaitOptions>;
  readonly migrateOnBoot: KindsOf<BootOptions>;
  readonly tables: KindsOf<TablesOptions>;
  readonly verify: KindsOf<VerifyOptions>;
  readonly verifySchema: KindsOf<VerifySchemaOptions>;
  readonly history: KindsOf<HistoryOptions>;
  readonly facts: KindsOf<FactsOptions>;
  readonly doctor: KindsOf<DoctorOptions>;
  readonly createStorage: KindsOf<RepoOption<string>>;
  readonly dropStorage: KindsOf<DropOptions>;
  readonly folders: KindsOf<RepoOption<string>>;
  readonly tableSizes: KindsOf<RepoOption<string>>;
  readonly seed: KindsOf<RepoOption<string>>;
  readonly dump: KindsOf<RepoOption<string> & DumpOptions>;
  readonly load: KindsOf<RepoOption<string> & SchemaLoadOptions>;
  readonly address: KindsOf<RepoOption<string>>;
  readonly reading: KindsOf<RepoOption<string>>;
};

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
