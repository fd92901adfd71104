import { onBackfill } from "../on-backfill.ts";

/** `backfill pause VERSION`: stop the workers of one, on every machine. */
export const backfillPause = onBackfill((backfills) => backfills.pause);
