import { onBackfill } from "../on-backfill.ts";

/** `backfill resume VERSION`: let workers continue a paused or failed backfill. */
export const backfillResume = onBackfill((backfills) => backfills.resume);
