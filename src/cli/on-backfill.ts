/** What commands about one backfill have in common: doing one thing to it and showing it, or working on it. */
import type { VersionInput } from "../core/model/migration.ts";
import type { Backfills, RepoBackfillDetails } from "../release/backfills.ts";
import type { BackfillPlace } from "../release/find-backfill.ts";
import type { BackfillOptions, RunOptions } from "../release/options.ts";
import { backfillFlags, backfillPlace, backfillVersion } from "./backfill-place.ts";
import { backfillDetails } from "./backfill-text.ts";
import { type Command, defineCommand } from "./command.ts";
import type { FlagValues } from "./flags.ts";
import { given } from "./given.ts";
import { runFlags, runOptions } from "./run-flags.ts";
import { sliceFlags } from "./slice-flags.ts";

type Act = (backfills: Backfills) => Backfills["show"];
type Words = (backfill: RepoBackfillDetails) => string;

/** A command that takes a version and does what `act` names. Text default: everything about the backfill. */
export function onBackfill(act: Act, text: Words = backfillDetails): Command {
  return defineCommand({
    arguments: "[version]",
    flags: backfillFlags,
    async run({ args, flags, context }) {
      const version = backfillVersion(args);
      const { backfills } = await context.release();
      const backfill = await act(backfills)(version, backfillPlace(flags));
      return { data: { backfill }, text: text(backfill) };
    },
  }) as Command;
}

/** What working on one can be told. */
export const workFlags = { ...runFlags, ...backfillFlags, ...sliceFlags };

/** The version and the options of a command that works on one. */
export function workOn(
  args: readonly string[],
  flags: FlagValues<typeof workFlags>,
  cwd: string,
): readonly [VersionInput, BackfillPlace & BackfillOptions & RunOptions] {
  const { for: forMs, acceptChanged } = flags;
  const place = { ...backfillPlace(flags), ...given({ forMs, acceptChanged }) };
  return [backfillVersion(args), { ...runOptions(flags, cwd), ...place }];
}
