import { expect, it } from "vitest";
import * as api from "../src/index.ts";

it("exports exactly this, so that a change of the surface is seen", () => {
  expect(Object.keys(api).toSorted()).toEqual([
    "ReleaseError",
    "defineMigration",
    "defineRelease",
    "describeHolder",
    "env",
    "isReleaseError",
    "json",
    "silent",
    "sql",
    "terminal",
  ]);
});
