import { backfillFlags, backfillPlace, backfillVersion } from "../backfill-place.ts";
import { backfillDetails } from "../backfill-text.ts";
import { defineCommand } from "../command.ts";

/** `backfill pause VERSION`: stop the workers of one, on every machine. */
export const backfillPause = defineCommand({
  arguments: "[version]",
  flags: backfillFlags,
  async run({ args, flags, context }) {
    const version = backfillVersion(args);
    const release = await context.release();
    const backfill = await release.backfills.pause(version, backfillPlace(flags));
    return { data: { backfill }, text: backfillDetails(backfill) };
  },
});
