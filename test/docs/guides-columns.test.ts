/** Guides that change a column, walked as they stand. */
import { it } from "vitest";
import { walkGuide } from "./guides.ts";

it.each(["add-a-not-null-column", "rename-a-column", "change-a-type"])(
  "docs/guides/%s.md prints what stands there",
  async (name) => void (await walkGuide(name)),
  240_000,
);
