/** The flags that several commands share, and the options of a release that they make. */
import { resolve } from "node:path";
import { ReleaseError } from "../core/model/errors.ts";
import { lockPolicyKinds, type OnBlocked, type OnlineDdl } from "../core/model/lock-policy.ts";
import type { RunOptions, TargetOptions } from "../release/options.ts";
import { type FlagValues, flag, value, values } from "./flags.ts";
import { type Given, given } from "./given.ts";
import { count, name, oneOf, path, seconds, setting, version } from "./parse.ts";
import { quietFlag, verboseFlag } from "./shared-flags.ts";

/** Which repos; without it, run all of them. */
export const repoFlag = values("-r, --repo <name>", "only this repo", name);

/** How far to go. They exclude each other. */
export const targetFlags = {
  all: flag("--all", "run all of them"),
  step: value("-n, --step <n>", "at most this many migrations", count),
  to: value("--to <version>", "stop after this version", version),
  toExclusive: value("--to-exclusive <version>", "stop before this version", version),
};

/** Which part of a rollout. */
export const phaseFlag = value(
  "--phase <phase>",
  "run only this phase of the deploy: before, after",
  oneOf(["before", "after"]),
);

/** Where migrations and their history are. */
export const placeFlags = {
  prefix: value(
    "--prefix <schema>",
    "the schema of the history, and of operations that name none",
    name,
  ),
  migrationsPath: values("--migrations-path <folder>", "read this folder instead", path),
};

/**
 * The longest time for which a migration may block others: a flag for each setting of the lock
 * policy.
 */
export const policyFlags = {
  lockTimeout: value(
    "--lock-timeout <ms>",
    "how long a statement waits for its lock",
    setting(lockPolicyKinds.lockTimeoutMs),
  ),
  statementTimeout: value(
    "--statement-timeout <ms>",
    "how long a statement may run after it has its lock",
    setting(lockPolicyKinds.statementTimeoutMs),
  ),
  retryFor: value("--retry-for <ms>", "how long to try again", setting(lockPolicyKinds.retryForMs)),
  onlineTimeout: value(
    "--online-timeout <ms>",
    "how long a concurrent index build may take",
    setting(lockPolicyKinds.onlineTimeoutMs),
  ),
  onBlocked: value(
    "--on-blocked <wait|fail>",
    "try again, or give up after one try",
    setting<OnBlocked>(lockPolicyKinds.onBlocked),
  ),
  endIdleBlockersAfter: value(
    "--end-idle-blockers-after <ms>",
    "end a blocker that sits idle in its transaction longer",
    setting(lockPolicyKinds.endIdleBlockersAfterMs),
  ),
  onlineDdl: value(
    "--online-ddl <require|allow-copy>",
    "MySQL: whether the server may copy a table",
    setting<OnlineDdl>(lockPolicyKinds.onlineDdl),
  ),
};

/** How to run. */
export const runFlags = {
  ...placeFlags,
  ...policyFlags,
  strictVersionOrder: flag(
    "--strict-version-order",
    "refuse migrations older than the newest applied one",
  ),
  strict: flag("--strict", "treat every table as large, even an empty one"),
  lockWait: value("--lock-wait <seconds>", "how long to wait for the migration lock", seconds),
  allowEdited: flag("--allow-edited", "warn about an edited migration, and continue"),
  quiet: quietFlag,
  verbose: verboseFlag,
  logMigrationsSql: flag("--log-migrations-sql", "show the SQL of the migrations"),
  logMigratorSql: flag("--log-migrator-sql", "show Slipway's own SQL"),
  logSql: flag("--log-sql", "the same as --log-migrations-sql"),
};

/** The target that was given, or none. @throws {ReleaseError} `targets_conflict` */
export function targetOf(flags: Partial<FlagValues<typeof targetFlags>>): Given<TargetOptions> {
  const { all, step, to, toExclusive } = flags;
  const options = given({ all, step, to, toExclusive });
  const named = namesOf(options);
  if (named.length > 1) throw new ReleaseError("targets_conflict", { given: named });
  return options as Given<TargetOptions>;
}

/** The flags that a target was given with. */
export function namesOf(target: object): readonly string[] {
  const flags = Object.entries(targetFlags).filter(([key]) => key in target);
  return flags.map(([, { option }]) => option.long ?? option.flags);
}

/** Where migrations and their history are; folders are relative to the working folder. */
export function placeOptions(
  flags: Partial<FlagValues<typeof placeFlags>>,
  cwd: string,
): Given<Pick<RunOptions, "prefix" | "migrationsPath">> {
  const { prefix, migrationsPath } = flags;
  return given({ prefix, migrationsPath: migrationsPath?.map((folder) => resolve(cwd, folder)) });
}

/** The lock policy, as far as it was given. */
export function policyOptions(
  flags: Partial<FlagValues<typeof policyFlags>>,
): Given<Pick<RunOptions, "policy">> {
  const policy = given({
    lockTimeoutMs: flags.lockTimeout,
    statementTimeoutMs: flags.statementTimeout,
    retryForMs: flags.retryFor,
    onlineTimeoutMs: flags.onlineTimeout,
    onBlocked: flags.onBlocked,
    endIdleBlockersAfterMs: flags.endIdleBlockersAfter,
    onlineDdl: flags.onlineDdl,
  });
  return Object.keys(policy).length === 0 ? {} : { policy };
}

/** How to run; `--quiet` wins over the other words about logs. */
export function runOptions(
  flags: Partial<FlagValues<typeof runFlags>>,
  cwd: string,
): Given<RunOptions> {
  const {
    strictVersionOrder,
    strict,
    allowEdited,
    lockWait: lockWaitMs,
    quiet,
    verbose,
    logMigratorSql,
  } = flags;
  const logMigrationsSql = flags.logMigrationsSql ?? flags.logSql ?? verbose;
  const log = quiet ? { log: false } : given({ logMigrationsSql, logMigratorSql });
  return {
    ...placeOptions(flags, cwd),
    ...policyOptions(flags),
    ...given({ strictVersionOrder, strict, allowEdited, lockWaitMs }),
    ...log,
  };
}
