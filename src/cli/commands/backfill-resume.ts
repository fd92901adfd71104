import { onBackfill } from "../on-backfill.ts";

/** `backfill resume VERSION`: let workers go on with one, also after a failure. */
export const backfillResume = onBackfill((backfills) => backfills.resume);
