import { backfillFlags, whichBackfill } from "../backfill-place.ts";
import { backfillDetails } from "../backfill-text.ts";
import { defineCommand } from "../command.ts";
import { paceFrom } from "../pace-words.ts";

/** `backfill set VERSION SETTING=VALUE…`: another pace, while it runs. */
export const backfillSet = defineCommand({
  arguments: "[version] [settings...]",
  flags: backfillFlags,
  async run({ args, flags, context }) {
    const [first] = args;
    const named = first?.includes("=") === true ? undefined : first;
    const pace = paceFrom(named === undefined ? args : args.slice(1));
    const release = await context.release();
    const { version, place } = await whichBackfill(named, flags, release);
    const backfill = await release.backfills.set(version, pace, place);
    return { data: { backfill }, text: backfillDetails(backfill) };
  },
});
