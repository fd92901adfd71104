import { onNamedBackfill } from "../on-backfill.ts";

/** `backfill cancel VERSION`: stop one that is not meant to go on. */
export const backfillCancel = onNamedBackfill((backfills) => backfills.cancel);
