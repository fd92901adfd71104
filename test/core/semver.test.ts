import { describe, expect, it } from "vitest";
import { compareSemver, isSemver } from "../../src/core/model/semver.ts";

const cases: readonly (readonly [a: string, order: "<" | "=" | ">" | "?", b: string])[] = [
  ["1.2.3", "=", "1.2.3"],
  ["1.2.10", ">", "1.2.9"],
  ["2.0.0", ">", "1.99.99"],
  ["v1.0.0", "=", "1.0.0"],
  ["1.0.0+a", "=", "1.0.0+b"],
  ["1.0.0-rc.1", "<", "1.0.0"],
  ["1.0.0-rc.2", "<", "1.0.0-rc.10"],
  ["1.0.0-1", "<", "1.0.0-rc"],
  ["1.0.0-rc", "<", "1.0.0-rc.1"],
  ["1.0", "?", "1.0.0"],
  ["1.0.0", "?", "main-4f2a"],
];

describe("versions of apps", () => {
  it.each(cases)("%s %s %s", (a, order, b) => {
    const number = compareSemver(a, b);
    const found = number === undefined ? "?" : number < 0 ? "<" : number > 0 ? ">" : "=";
    expect(found).toBe(order);
  });

  it("knows what is none", () => {
    expect(["1.2", "", "01", "1.2.3.4", "1.2.3-"].map(isSemver)).toEqual(Array(5).fill(false));
  });
});
