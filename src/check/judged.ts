/** The scope of a check, and what it compared with: it says nothing about the rest. Plain data. */
import type { Forecast } from "../core/safety/forecast/forecast.ts";

export type Judged = {
  /** Default: files outside a release. */
  readonly repo?: string | undefined;
  /**
   * Whether it has the migrations of each tenant, and not the shared ones. Left out where it has
   * not.
   */
  readonly tenants?: true | undefined;
  /**
   * `base`: new migrations since a commit, as one run. `pending`: migrations that the database has
   * not run, as one run. `all`, `named`: each as a separate run. `files`: SQL files, as one run.
   */
  readonly how: "base" | "pending" | "all" | "named" | "files";
  /** How many were judged. */
  readonly migrations: number;
  /** How many earlier ones have built the schema that they were judged against. */
  readonly earlier: number;
  /** The migrations that only `startAfter` of their repo excluded. Default: none. */
  readonly leftOut?: { readonly migrations: number; readonly startAfter: string } | undefined;
  /** How many could not be judged, for which a note says why. Default: none. */
  readonly unjudged?: number | undefined;
  /** The branch or commit of `base`, or the file with the schema before `files`. */
  readonly against?: string | undefined;
};

/** Something that was not judged, or that a reader should know. */
export type CheckNote = {
  readonly code:
    | "auto_unknown"
    | "behind_base"
    | "code_not_judged"
    | "code_read_rows"
    | "data_not_judged"
    | "facts_old"
    | "few_rows"
    | "base_not_read"
    | "migration_deleted"
    | "migration_edited"
    | "migration_renamed"
    | "not_changed"
    | "repo_not_judged"
    | "schema_unknown"
    | "tenants_each"
    | "tenants_many"
    | "tenants_share"
    | "was_incomplete";
  readonly message: string;
  /** The file that it is about, where there is one. */
  readonly file?: string | undefined;
};

/** The notes that something was meant to be judged and could not be: without findings, nothing is known of it. */
export function isUnjudged({ code }: CheckNote): boolean {
  return code === "base_not_read" || code === "code_not_judged";
}

/** The time and needs of a statement. */
export type PlacedForecast = Forecast & {
  readonly file: string;
  readonly line: number;
  readonly statement: string;
};

/** The judged migrations, and notes about them. */
export type Scope = {
  readonly judged: readonly Judged[];
  readonly notes: readonly CheckNote[];
  /**
   * For each statement that takes longer with more rows, safe or not. Default: no facts are known.
   */
  readonly forecasts?: readonly PlacedForecast[] | undefined;
};
