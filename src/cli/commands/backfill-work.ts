import { defineCommand } from "../command.ts";
import { workFlags, workOn } from "../on-backfill.ts";

/** `backfill work VERSION`: works on one backfill, together with whoever else does. */
export const backfillWork = defineCommand({
  arguments: "[version]",
  flags: workFlags,
  async run({ args, flags, context }) {
    const [version, options] = workOn(args, flags, context.world.cwd);
    const { backfills } = await context.release();
    return { data: await backfills.work(version, options) };
  },
});
