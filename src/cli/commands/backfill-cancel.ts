import { onNamedBackfill } from "../on-backfill.ts";

/** `backfill cancel VERSION`: stop a backfill for good. */
export const backfillCancel = onNamedBackfill((backfills) => backfills.cancel);
