/** `check --trace` and `check --roundtrip`: migrations tried out on a database that is gone afterwards. */
import { DevelopmentError } from "../core/model/development-error.ts";
import { ReleaseError, refuse } from "../core/model/errors.ts";
import type { Version } from "../core/model/migration.ts";
import { withBaseline } from "../core/plan/baselines.ts";
import type { RepoInventory } from "../release/inventory.ts";
import type { Release } from "../release/release.ts";
import type { RepoRoundtrip } from "../shadow/roundtrip/roundtrip.ts";
import type { RepoTrace } from "../shadow/trace/trace-release.ts";
import { namedVersions } from "./checking/named.ts";
import type { CommandContext, Ending } from "./command.ts";
import { type FlagValues, flag, value } from "./flags.ts";
import { given } from "./given.ts";
import { count } from "./parse.ts";
import { repoFlag } from "./run-flags.ts";
import { shadowPlaceFlags, shadowSqlOf } from "./shadow-flags.ts";

export const shadowFlags = {
  repo: repoFlag,
  all: flag("--all", "all migrations, and not only pending ones; needs no database"),
  trace: flag("--trace", "try them on a shadow: what each statement locks, reads and rewrites"),
  roundtrip: flag("--roundtrip", "try them on a shadow: up, down, up, with the schema compared"),
  ...shadowPlaceFlags,
  rows: value("--rows <n>", "with --trace: generate this many rows in each table first", count),
};

export type ShadowRequest = {
  /** Versions; none for those that are pending. */
  readonly args: readonly string[];
  readonly flags: FlagValues<typeof shadowFlags>;
  readonly context: CommandContext;
};

/** @throws {ReleaseError} `shadow_unsupported`, `migration_not_in_release`, `connection_failed` */
export async function checkOnShadow({ args, flags, context }: ShadowRequest): Promise<Ending> {
  const release = await context.release();
  const kinds: readonly unknown[] = flags.trace ? ["postgres"] : ["postgres", "sqlite"];
  const repos = await chosen(release, flags.repo, {
    isAble: ({ rules }) => kinds.includes(rules),
    refusal: (repos) => new DevelopmentError("shadow_unsupported", { repos }),
  });
  const named = args.length === 0 ? undefined : namedVersions(args, repos);
  const shadowSql = await shadowSqlOf(flags.shadowSql, context);
  const traces: RepoTrace[] = [];
  const trips: RepoRoundtrip[] = [];
  for (const repo of repos) {
    const wanted =
      named?.get(repo.repo) ??
      (flags.all
        ? new Set(repo.migrations.map(({ file }) => file.version))
        : (await pendingOn(release, repo)).pending);
    // A version that is named is another repo's.
    if (named !== undefined && wanted.size === 0) continue;
    const options = {
      repo: repo.repo,
      wanted,
      ...given({ shadowUrl: flags.shadow, shadowSql }),
    };
    if (flags.trace) {
      const { traceRelease } = await import("../shadow/trace/trace-release.ts");
      const more = {
        ...given({ rows: flags.rows, oneByOne: flags.all }),
        now: () => performance.now(),
      };
      traces.push(await traceRelease(release, { ...options, ...more }));
    }
    if (flags.roundtrip) {
      const { roundtrip } = await import("../shadow/roundtrip/roundtrip.ts");
      trips.push(await roundtrip(release, options));
    }
  }
  const told = endOf(traces, trips);
  const { traceText } = await import("../shadow/trace/trace-text.ts");
  const { roundtripText } = await import("../shadow/roundtrip/roundtrip-text.ts");
  return {
    data: {
      ...(flags.trace ? { traces } : {}),
      ...(flags.roundtrip ? { roundtrips: trips } : {}),
    },
    text: traceText(traces) + roundtripText(trips),
    ...given({ told }),
  };
}

/**
 * The repos whose databases are able. An unable one is an error only if you named it, or if none is
 * able.
 */
export async function chosen(
  release: Release,
  names: readonly string[] | undefined,
  {
    isAble,
    refusal,
    leftOut = () => undefined,
  }: {
    readonly isAble: (repo: RepoInventory) => boolean;
    readonly refusal: (repos: readonly string[]) => ReleaseError;
    /** Gets each repo that is not able while another one is. Default: nothing happens. */
    readonly leftOut?: (repo: RepoInventory) => void;
  },
): Promise<readonly RepoInventory[]> {
  const known = release.repos();
  refuse(
    (names ?? [])
      .filter((repo) => !known.includes(repo))
      .map((repo) => new ReleaseError("repo_unknown", { repo, known })),
  );
  const inventory = await release.inventory();
  const wanted = inventory.filter(({ repo }) => names === undefined || names.includes(repo));
  const able = wanted.filter(isAble);
  const unable = wanted.filter((repo) => !able.includes(repo));
  if (unable.length > 0 && (names !== undefined || able.length === 0))
    throw refusal(unable.map(({ repo }) => repo));
  for (const repo of unable) leftOut(repo);
  return able;
}

/**
 * The migrations that a database has not run, and how many migrations count there: a baseline, or
 * those that it replaces.
 */
export type Pending = { readonly pending: ReadonlySet<Version>; readonly counted: number };

/** By the records in its database. */
export async function pendingOn(
  release: Release,
  { repo, migrations }: RepoInventory,
): Promise<Pending> {
  const quiet = release.using({ write: () => undefined });
  const [status] = await quiet.migrationStatus({ repo });
  const applied = (status?.migrations ?? []).filter((row) => row.status === "up");
  return pendingBehind(migrations, applied);
}

/** By the migrations that have run. */
export function pendingBehind(
  migrations: RepoInventory["migrations"],
  applied: readonly { readonly version: Version }[],
): Pending {
  const done = new Set(applied.map((row) => row.version));
  const files = withBaseline(
    migrations.map(({ file }) => file),
    applied,
  );
  const pending = files.map(({ version }) => version).filter((each) => !done.has(each));
  return { pending: new Set(pending), counted: files.length };
}

function endOf(
  traces: readonly RepoTrace[],
  trips: readonly RepoRoundtrip[],
): ReleaseError | undefined {
  const errors: ReleaseError[] = traces.flatMap(({ failed }) => failed ?? []);
  for (const { repo, trips: list } of trips) {
    const migrations = list.filter(({ result }) => result !== "same" && result !== "irreversible");
    if (migrations.length > 0)
      errors.push(new DevelopmentError("roundtrip_differs", { repo, migrations }));
  }
  const [first, second] = errors;
  return second === undefined ? first : new ReleaseError("several", { errors });
}
