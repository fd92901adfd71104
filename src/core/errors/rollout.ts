/** What stands in the way of a rollout: the order of its phases, and what must have run before. */

import type { Phase, Version } from "../migration.ts";
import type { Catalogue } from "./entry.ts";
import { named } from "./words.ts";

type PhasedName = { readonly version: Version; readonly name: string; readonly phase: Phase };

export type RolloutErrors = {
  phase_order: PhasedName & {
    readonly repo: string;
    /** The older one, which is pending and not to run now. */
    readonly early: PhasedName;
    /** What both touch, in words. */
    readonly both: string;
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
};

export const rolloutErrors: Catalogue<RolloutErrors> = {
  phase_order: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${phased(d)} cannot go before ${phased(d.early)}, which is pending and older: both touch ${d.both}`,
    hint: (d) =>
      d.early.phase === "after"
        ? "Run migrate --phase after first, once the old code is gone; or give the older one a later version."
        : "Run migrate --phase before first.",
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
        : `Correct the version; the data migrations are: ${d.known.join(", ")}.`,
  },
};

function phased({ version, name, phase }: PhasedName): string {
  return `${named(version, name)} (${phase})`;
}
