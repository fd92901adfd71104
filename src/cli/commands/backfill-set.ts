import { backfillFlags, backfillPlace, backfillVersion } from "../backfill-place.ts";
import { backfillDetails } from "../backfill-text.ts";
import { defineCommand } from "../command.ts";
import { paceFrom } from "../pace-words.ts";

/** `backfill set VERSION SETTING=VALUE…`: another pace, while it runs. */
export const backfillSet = defineCommand({
  arguments: "[version] [settings...]",
  flags: backfillFlags,
  async run({ args, flags, context }) {
    const [version, ...words] = args;
    const found = backfillVersion(version === undefined ? [] : [version]);
    const pace = paceFrom(words);
    const release = await context.release();
    const backfill = await release.backfills.set(found, pace, backfillPlace(flags));
    return { data: { backfill }, text: backfillDetails(backfill) };
  },
});
