import { onBackfill } from "../on-backfill.ts";

/** `backfill show VERSION`: how far one is, and which rows failed. */
export const backfillShow = onBackfill((backfills) => backfills.show);
