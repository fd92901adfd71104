/** The guide to a backfill, walked as it stands. */
import { it } from "vitest";
import { walkGuide } from "./guides.ts";

it("docs/guides/backfill-a-big-table.md prints what stands there", async () => {
  await walkGuide("backfill-a-big-table");
});
