/** The guides to a backfill and to a bad night, walked as they stand. */
import { it } from "vitest";
import { walkGuide } from "./guides.ts";

it("docs/guides/backfill-a-big-table.md prints what stands there", async () => {
  await walkGuide("backfill-a-big-table");
}, 240_000);

it("docs/guides/practise-a-bad-night.md prints what stands there", async () => {
  await walkGuide("practise-a-bad-night");
}, 240_000);
