import { onNamedBackfill } from "../on-backfill.ts";

/** `backfill restart VERSION`: stop one and forget how far it is, so that it begins again. */
export const backfillRestart = onNamedBackfill(
  (backfills) => backfills.restart,
  ({ version, name }) => `${version} ${name} begins from its first row when it is run again\n`,
);
