import { backfillFlags, backfillPlace } from "../backfill-place.ts";
import { backfillList as text } from "../backfill-text.ts";
import { defineCommand } from "../command.ts";

/** `backfill list`: every backfill that was begun. */
export const backfillList = defineCommand({
  flags: backfillFlags,
  async run({ flags, context }) {
    const release = await context.release();
    const backfills = await release.backfills.list(backfillPlace(flags));
    return { data: { backfills }, text: text(backfills) };
  },
});
