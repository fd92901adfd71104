/**
 * Errors that stop a rollout: the order of its phases, and migrations that must have run before.
 */

import type { Phase, Version } from "../migration.ts";
import { compareSemver } from "../semver.ts";
import type { Catalogue } from "./entry.ts";
import { describeWaiting, type LockHolder, named } from "./words.ts";

type PhasedName = { readonly version: Version; readonly name: string; readonly phase: Phase };

export type RolloutErrors = {
  phase_order: PhasedName & {
    readonly repo: string;
    /** The older one, which is pending and not to run now. */
    readonly early: PhasedName;
    /** The objects that both touch, in words. */
    readonly both: string;
  };
  migration_required: {
    readonly repo: string;
    readonly version: Version;
    readonly name: string;
    readonly required: Version;
    /** Default: this release does not have it. */
    readonly requiredName?: string;
    /** Whether its version is a later one, so that it would never run before. */
    readonly isLater: boolean;
  };
  data_migration_required: {
    readonly repo: string;
    readonly version: Version;
    readonly name: string;
    readonly data: Version;
    /** Whether schema migrations stand before it that could run. */
    readonly first: boolean;
  };
  data_migration_unknown: {
    readonly repo: string;
    readonly version: Version;
    readonly name: string;
    readonly data: Version;
    readonly known: readonly Version[];
  };
  release_outdated: {
    readonly repo: string;
    /** The version of this release. */
    readonly release: string | undefined;
    readonly tooNew: readonly {
      readonly version: Version;
      readonly name: string | undefined;
      readonly compatibleFrom?: string | undefined;
    }[];
  };
  page_in_production: { readonly [nothing: string]: never };
  dashboard_unprotected: { readonly environment: string | undefined };
  wait_timed_out: {
    readonly waitedMs: number;
    readonly repos: readonly {
      readonly repo: string;
      readonly pending: readonly { readonly version: Version; readonly name: string }[];
      readonly tenants?: number | undefined;
      readonly holder?: LockHolder | undefined;
      readonly reason?: string | undefined;
    }[];
  };
};

export const rolloutErrors: Catalogue<RolloutErrors> = {
  phase_order: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${phased(d)} cannot go before ${phased(d.early)}, which is pending and older: both touch ${d.both}`,
    hint: (d) =>
      d.early.phase === "after"
        ? "Run migrate --phase after first, once the old code is gone. Or give the older one a later version."
        : "Run migrate --phase before first.",
  },
  migration_required: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} requires ${d.requiredName === undefined ? d.required : named(d.required, d.requiredName)}, which ${d.requiredName === undefined ? "is neither in this release nor in the history" : "has not run to its end"}`,
    hint: (d) =>
      d.requiredName === undefined || d.isLater
        ? "Correct the version: it requires an older migration of the same repo."
        : `Run migrate --repo ${d.repo} --to ${d.required} first.`,
  },
  data_migration_required: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} requires the data migration ${d.data}, which has not run`,
    hint: (d) =>
      `Run ${d.first ? "" : `migrate --repo ${d.repo} --to-exclusive ${d.version}, then `}migrate-data --repo ${d.repo} --to ${d.data}, then this again.`,
  },
  data_migration_unknown: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${named(d.version, d.name)} requires the data migration ${d.data}, which is neither in this release nor in the history`,
    hint: (d) =>
      d.known.length === 0
        ? "Correct the version: there are no data migrations."
        : `Correct the version. The data migrations are: ${d.known.join(", ")}.`,
  },
  release_outdated: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: this release does not know what has run: ${d.tooNew.map((one) => tooNew(one, d.release)).join("; ")}`,
    hint: () =>
      "Deploy a release that contains it. If you have seen that this one works with it, add --allow-newer (allowNewer: true).",
  },
  page_in_production: {
    exitCode: 2,
    message: () => "the page that runs migrations is for development, and NODE_ENV is production",
    hint: () => "Leave migrationsPage out where NODE_ENV says production.",
  },
  dashboard_unprotected: {
    exitCode: 2,
    message: (d) =>
      `the dashboard has no authorize, and NODE_ENV is ${d.environment ?? "not set"}: everybody who can reach this app would see it`,
    hint: () =>
      "Pass authorize: (request) => ({ user }) or a Response that refuses. Or set NODE_ENV=development on your own machine.",
  },
  wait_timed_out: {
    exitCode: 3,
    message: (d) =>
      `not ready after ${Math.round(d.waitedMs / 1000)} s: ${d.repos.map((one) => `repo ${one.repo} waits for ${describeWaiting(one)}`).join("; ")}`,
    hint: (d) =>
      d.repos.some((one) => one.reason !== undefined)
        ? "See whether the server can be reached from here."
        : d.repos.some((one) => one.holder !== undefined)
          ? "Give it longer with --timeout SECONDS."
          : "Run migrate, or see why the job that does so has not.",
  },
};

function tooNew(
  { version, name, compatibleFrom }: RolloutErrors["release_outdated"]["tooNew"][number],
  release: string | undefined,
): string {
  const migration = named(version, name);
  if (compatibleFrom === undefined)
    return `${migration} runs when the code before it is gone (after)`;
  const works = `${migration} works from ${compatibleFrom} on`;
  if (release === undefined) return `${works}, and this release says no version`;
  return compareSemver(compatibleFrom, release) === undefined
    ? `${works}, and ${release} is no version such as 1.2.3`
    : `${works}, and this is ${release}`;
}

function phased({ version, name, phase }: PhasedName): string {
  return `${named(version, name)} (${phase})`;
}
