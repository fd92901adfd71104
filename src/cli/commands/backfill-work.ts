import { backfillFlags, backfillPlace, backfillVersion } from "../backfill-place.ts";
import { defineCommand } from "../command.ts";
import { given } from "../given.ts";
import { runFlags, runOptions } from "../run-flags.ts";
import { sliceFlags } from "../slice-flags.ts";

/** `backfill work VERSION`: works on one backfill, together with whoever else does. */
export const backfillWork = defineCommand({
  arguments: "[version]",
  flags: { ...runFlags, ...backfillFlags, ...sliceFlags },
  async run({ args, flags, context }) {
    const version = backfillVersion(args);
    const release = await context.release();
    const options = { ...runOptions(flags, context.world.cwd), ...backfillPlace(flags) };
    const slice = given({ forMs: flags.for, acceptChanged: flags.acceptChanged });
    const outcome = await release.backfills.work(version, { ...options, ...slice });
    return { data: outcome };
  },
});
