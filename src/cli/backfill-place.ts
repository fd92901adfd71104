/** What the commands of `backfill` have in common: which one it is about. */
import { ReleaseError } from "../core/model/errors.ts";
import type { VersionInput } from "../core/model/migration.ts";
import type { BackfillPlace } from "../release/find-backfill.ts";
import { type FlagValues, value } from "./flags.ts";
import { type Given, given } from "./given.ts";
import { name, version } from "./parse.ts";
import { placeFlags } from "./run-flags.ts";

/** Which repo and which schema. */
export const backfillFlags = {
  repo: value("-r, --repo <name>", "the repo, when several have this version", name),
  prefix: placeFlags.prefix,
};

export function backfillPlace(flags: FlagValues<typeof backfillFlags>): Given<BackfillPlace> {
  const { repo, prefix } = flags;
  return given({ repo, prefix });
}

/** The version that a command is given as its first word. @throws {ReleaseError} `usage_invalid`, `option_invalid` */
export function backfillVersion([text]: readonly string[]): VersionInput {
  if (text === undefined) {
    throw new ReleaseError("usage_invalid", {
      reason: "the version of a backfill is missing",
      hint: "Look it up with: slipway backfill list",
    });
  }
  return version(text, "VERSION");
}
