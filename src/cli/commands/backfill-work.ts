import { defineCommand } from "../command.ts";
import { workFlags, workOn } from "../on-backfill.ts";

/** `backfill work VERSION`: works on one backfill, together with all other workers. */
export const backfillWork = defineCommand({
  arguments: "[version]",
  flags: workFlags,
  async run({ args, flags, context }) {
    const release = await context.release();
    const [version, options] = await workOn(args[0], flags, { cwd: context.world.cwd, release });
    return { data: await release.backfills.work(version, options) };
  },
});
