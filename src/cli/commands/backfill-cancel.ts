import { backfillFlags, backfillPlace, backfillVersion } from "../backfill-place.ts";
import { backfillDetails } from "../backfill-text.ts";
import { defineCommand } from "../command.ts";

/** `backfill cancel VERSION`: stop one that is not meant to go on. */
export const backfillCancel = defineCommand({
  arguments: "[version]",
  flags: backfillFlags,
  async run({ args, flags, context }) {
    const version = backfillVersion(args);
    const release = await context.release();
    const backfill = await release.backfills.cancel(version, backfillPlace(flags));
    return { data: { backfill }, text: backfillDetails(backfill) };
  },
});
