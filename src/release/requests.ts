/** Requests after their check: nothing about them is wrong any more. */
import type { Phase, Target, Version } from "../core/model/migration.ts";
import type { Repo } from "./config.ts";
import type { LaneName, LaneOptions } from "./lane.ts";
import type { BackfillOptions, MigrateOptions, RunOptions } from "./options.ts";

/**
 * The three ways to settle doubt about a statement. `done`: it had its effect, so continue behind
 * it. `again`: it had none, so run it once more. `anew`: nothing is left of all that ran of the
 * migration, so begin with its first statement.
 */
export type MarkAs = "done" | "again" | "anew";

export type MarkRequest = {
  readonly repo: Repo;
  readonly lane: LaneName;
  readonly version: Version;
  readonly as: MarkAs;
  readonly options: LaneOptions;
};

/** A request of `migrate`, checked. */
export type MigrateRequest = {
  readonly repos: readonly Repo[];
  readonly target: Target;
  readonly options: RunOptions & BackfillOptions & Pick<MigrateOptions, "tenants">;
  /** Going up, only migrations of this phase. Default: of both. */
  readonly phase?: Phase | undefined;
};
