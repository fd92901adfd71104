import { backfillFlags, backfillPlace, backfillVersion } from "../backfill-place.ts";
import { backfillDetails } from "../backfill-text.ts";
import { defineCommand } from "../command.ts";

/** `backfill show VERSION`: how far one is, and which rows failed. */
export const backfillShow = defineCommand({
  arguments: "[version]",
  flags: backfillFlags,
  async run({ args, flags, context }) {
    const version = backfillVersion(args);
    const release = await context.release();
    const backfill = await release.backfills.show(version, backfillPlace(flags));
    return { data: { backfill }, text: backfillDetails(backfill) };
  },
});
