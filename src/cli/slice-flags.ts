/** Flags of the commands that work on backfills. */
import { flag, value } from "./flags.ts";
import { duration } from "./parse.ts";

export const sliceFlags = {
  for: value("--for <duration>", "work on backfills this long, then stop: 90s, 5m, 1h", duration),
  acceptChanged: flag("--accept-changed", "continue a backfill that was edited since it began"),
};
