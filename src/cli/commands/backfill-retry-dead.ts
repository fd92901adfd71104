import { defineCommand } from "../command.ts";
import { flag } from "../flags.ts";
import { given } from "../given.ts";
import { workFlags, workOn } from "../on-backfill.ts";

/** `backfill retry-dead VERSION`: tries the failed rows once more, and continues. */
export const backfillRetryDead = defineCommand({
  arguments: "[version]",
  flags: { ...workFlags, accept: flag("--accept", "finish without the rows that fail again") },
  async run({ args, flags, context }) {
    const release = await context.release();
    const [version, options] = await workOn(args[0], flags, { cwd: context.world.cwd, release });
    const { accept } = flags;
    return {
      data: await release.backfills.retryDead(version, { ...options, ...given({ accept }) }),
    };
  },
});
