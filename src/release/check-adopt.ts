/**
 * Checks the arguments of `adopt` from JavaScript. Only `adopt` loads this file, for it knows every
 * tool.
 */
import { refuse } from "../core/model/errors.ts";
import { flag, type Kind, type KindsOf, name, object } from "../core/model/kind.ts";
import { wrongOptions } from "../core/model/wrong-options.ts";
import { ecto } from "../histories/ecto.ts";
import { histories } from "../histories/index.ts";
import { type DoubtKind, doubtKinds } from "../histories/match.ts";
import type { AdoptRequest } from "./adopt.ts";
import { oneRepo } from "./check-options.ts";
import type { Repo } from "./config.ts";
import type { ForeignRequest } from "./foreign-rows.ts";
import type { AdoptBackOptions, AdoptOptions } from "./options.ts";

/** @throws {ReleaseError} `repo_missing`, `repo_unknown`, `option_unknown`, `option_invalid` */
export function checkAdoptBack(
  repos: readonly Repo[],
  wanted: unknown,
  options: AdoptBackOptions,
): ForeignRequest {
  const {
    accept: _accept,
    tenants: _tenants,
    ...request
  } = checkAdopt(repos, wanted, options, "adoptBack");
  return request;
}

/** @throws {ReleaseError} `repo_missing`, `repo_unknown`, `option_unknown`, `option_invalid` */
export function checkAdopt(
  repos: readonly Repo[],
  wanted: unknown,
  options: AdoptOptions,
  of: "adopt" | "adoptBack" = "adopt",
): AdoptRequest {
  const repo = oneRepo(repos, wanted, of);
  const ofTenants = object.holds(options) && options.tenants === true;
  const known = [...(ofTenants ? [ecto] : []), ...histories].map(({ tool }) => tool);
  const from: Kind = {
    words: `one of ${known.join(", ")}`,
    holds: (value) => known.includes(String(value)),
  };
  const accept: Kind = {
    words: `a list of ${doubtKinds.join(", ")}`,
    holds: (value) =>
      Array.isArray(value) && value.every((kind) => doubtKinds.includes(kind as DoubtKind)),
  };
  const kinds = {
    ...{ from, table: name, dryRun: flag, accept, tenants: flag },
  } satisfies KindsOf<AdoptOptions>;
  refuse(wrongOptions(options, { of, kinds }));
  const { dryRun = false, accept: accepted = [], tenants = false } = options;
  return { repo, from: options.from, table: options.table, dryRun, accept: accepted, tenants };
}
