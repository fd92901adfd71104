import { backfillFlags, backfillPlace, backfillVersion } from "../backfill-place.ts";
import { backfillDetails } from "../backfill-text.ts";
import { defineCommand } from "../command.ts";

/** `backfill resume VERSION`: let workers go on with one, also after a failure. */
export const backfillResume = defineCommand({
  arguments: "[version]",
  flags: backfillFlags,
  async run({ args, flags, context }) {
    const version = backfillVersion(args);
    const release = await context.release();
    const backfill = await release.backfills.resume(version, backfillPlace(flags));
    return { data: { backfill }, text: backfillDetails(backfill) };
  },
});
