/** All migrations of a release, compiled before, as they lie in it. Plain JSON. */
import type { Verdict } from "../safety/rules/verdict-data.ts";
import type { Planned, PlannedRefusal } from "./planned.ts";

/** One migration: its plan and the other facts that a release needs. Plain JSON. */
export type PlannedMigration = Planned & {
  /** `kind:checksum` of its text. */
  readonly checksum: string;
  readonly verdict?: Verdict;
};

/** The names of the lanes of migrations in a manifest. */
export type LaneKey = "migrations" | "dataMigrations" | "tenantMigrations" | "tenantDataMigrations";

/** Something for each migration, by repo, lane and id. */
export type Lanes<One> = {
  readonly [repo: string]: {
    readonly [lane in LaneKey]?: { readonly [id: string]: One };
  };
};

/** By repo, lane and id of the migration. */
export type PlannedRelease = {
  /** The dialect and the defaults for which the migrations of each repo were compiled. */
  readonly compiledFor: { readonly [repo: string]: CompiledFor };
  readonly plans: Lanes<PlannedMigration>;
};

/** Those that are others with a prefix, which stands in them as `prefixMark`. */
export type PrefixedPlans = Lanes<Planned | PlannedRefusal>;

export type CompiledFor = { readonly dialect: string; readonly defaults: unknown };

/** Stands in compiled statements where the prefix of a run goes: a name that nobody gives, and plain in all quotes. */
export const prefixMark = "slipway_prefix_x7f3a9";
