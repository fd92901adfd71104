/**
 * The work that commands about one backfill share: doing one thing to it and showing it, or working
 * on it.
 */
import type { VersionInput } from "../core/model/migration.ts";
import type { Backfills, RepoBackfillDetails } from "../release/backfills.ts";
import type { BackfillPlace } from "../release/find-backfill.ts";
import type { BackfillOptions, RunOptions } from "../release/options.ts";
import { backfillFlags, backfillPlace, backfillVersion, whichBackfill } from "./backfill-place.ts";
import { backfillDetails } from "./backfill-text.ts";
import { type Command, defineCommand } from "./command.ts";
import type { FlagValues } from "./flags.ts";
import { given } from "./given.ts";
import { runFlags, runOptions } from "./run-flags.ts";
import { sliceFlags } from "./slice-flags.ts";

type Act = (backfills: Backfills) => Backfills["show"];
type Words = (backfill: RepoBackfillDetails) => string;

/**
 * A command that takes a version and does the work of `act`. Text default: everything about the
 * backfill.
 */
export function onBackfill(act: Act, text: Words = backfillDetails): Command {
  return commandOn(act, text, whichBackfill);
}

/** The same for one that takes something away: its version must be named. */
export function onNamedBackfill(act: Act, text: Words = backfillDetails): Command {
  return commandOn(act, text, async (word, flags) => ({
    version: backfillVersion(word),
    place: backfillPlace(flags),
  }));
}

function commandOn(act: Act, text: Words, which: typeof whichBackfill): Command {
  return defineCommand({
    arguments: "[version]",
    flags: backfillFlags,
    async run({ args, flags, context }) {
      const release = await context.release();
      const { version, place } = await which(args[0], flags, release);
      const backfill = await act(release.backfills)(version, place);
      return { data: { backfill }, text: text(backfill) };
    },
  }) as Command;
}

/** The flags of commands that work on a backfill. */
export const workFlags = { ...runFlags, ...backfillFlags, ...sliceFlags };

/** The version and the options of a command that works on one. */
export async function workOn(
  text: string | undefined,
  flags: FlagValues<typeof workFlags>,
  at: { readonly cwd: string; readonly release: Parameters<typeof whichBackfill>[2] },
): Promise<readonly [VersionInput, BackfillPlace & BackfillOptions & RunOptions]> {
  const { for: forMs, acceptChanged } = flags;
  const { version, place } = await whichBackfill(text, flags, at.release);
  return [version, { ...runOptions(flags, at.cwd), ...place, ...given({ forMs, acceptChanged }) }];
}
