import { backfillFlags, backfillPlace, backfillVersion } from "../backfill-place.ts";
import { defineCommand } from "../command.ts";
import { flag } from "../flags.ts";
import { given } from "../given.ts";
import { runFlags, runOptions } from "../run-flags.ts";
import { sliceFlags } from "../slice-flags.ts";

/** `backfill retry-dead VERSION`: tries the rows that failed once more, and goes on. */
export const backfillRetryDead = defineCommand({
  arguments: "[version]",
  flags: {
    ...runFlags,
    ...backfillFlags,
    ...sliceFlags,
    accept: flag("--accept", "finish without the rows that fail again"),
  },
  async run({ args, flags, context }) {
    const version = backfillVersion(args);
    const release = await context.release();
    const options = { ...runOptions(flags, context.world.cwd), ...backfillPlace(flags) };
    const { for: forMs, acceptChanged, accept } = flags;
    const more = given({ forMs, acceptChanged, accept });
    const outcome = await release.backfills.retryDead(version, { ...options, ...more });
    return { data: outcome };
  },
});
