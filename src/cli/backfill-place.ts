/** The flag and the choice that the commands of `backfill` share: which backfill they work on. */
import { ReleaseError } from "../core/model/errors.ts";
import type { VersionInput } from "../core/model/migration.ts";
import type { Backfills } from "../release/backfills.ts";
import type { BackfillPlace } from "../release/find-backfill.ts";
import { type FlagValues, value } from "./flags.ts";
import { tenantRunFlag } from "./fleet-flags.ts";
import { type Given, given } from "./given.ts";
import { name, version } from "./parse.ts";
import { placeFlags } from "./run-flags.ts";

/** Which repo and which schema. */
export const backfillFlags = {
  repo: value("-r, --repo <name>", "the repo, when several have this version", name),
  prefix: placeFlags.prefix,
  ...tenantRunFlag,
};

export function backfillPlace(flags: FlagValues<typeof backfillFlags>): Given<BackfillPlace> {
  const { repo, prefix, tenant } = flags;
  return given({ repo, prefix, tenant });
}

/**
 * The backfill that a command works on: the named one, or without a name the only one that is not
 * finished.
 */
export type WhichBackfill = {
  readonly version: VersionInput;
  readonly place: Given<BackfillPlace>;
};

/**
 * @throws {ReleaseError} `usage_invalid` where there is none, or where there are several; `option_invalid`
 */
export async function whichBackfill(
  text: string | undefined,
  flags: FlagValues<typeof backfillFlags>,
  { backfills }: { readonly backfills: Pick<Backfills, "list"> },
): Promise<WhichBackfill> {
  const place = backfillPlace(flags);
  if (text !== undefined) return { version: version(text, "VERSION"), place };
  const open = (await backfills.list(place)).filter(({ state }) => state !== "finished");
  const [only, second] = open;
  if (only !== undefined && second === undefined)
    return { version: BigInt(only.version), place: { ...place, repo: only.repo } };
  const names = open.map(({ repo, version }) => `${version} (${repo})`).join(", ");
  throw new ReleaseError("usage_invalid", {
    reason:
      open.length === 0
        ? "no version was given, and no backfill is begun and unfinished"
        : `no version was given, and several backfills are unfinished: ${names}`,
    hint: "Look it up with: slipway backfill list",
  });
}

/** The version that a command must be given, for it takes something away. @throws {ReleaseError} `usage_invalid`, `option_invalid` */
export function backfillVersion(text: string | undefined): VersionInput {
  if (text !== undefined) return version(text, "VERSION");
  throw new ReleaseError("usage_invalid", {
    reason: "the version of a backfill is missing",
    hint: "Look it up with: slipway backfill list",
  });
}
