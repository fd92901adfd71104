import { describe, expect, it } from "vitest";
import { type Grade, grade, rowsInWords } from "../../../src/core/safety/rules/grade.ts";

const megabyte = 1024 * 1024;
const sizes = new Map([
  ["tiny", { rows: 9_999, bytes: megabyte }],
  ["wide", { rows: 9_999, bytes: 10 * megabyte }],
  ["middle", { rows: 999_999, bytes: 100 * megabyte }],
  ["big", { rows: 1_000_000, bytes: 100 * megabyte }],
  ["heavy", { rows: 1_000, bytes: 1024 * megabyte }],
]);

describe("the grade of a finding", () => {
  it.each<[string, readonly string[], Grade]>([
    ["set-not-null-scan", ["tiny"], { severity: "low", rows: 9_999 }],
    ["set-not-null-scan", ["wide"], { severity: "medium", rows: 9_999 }],
    ["set-not-null-scan", ["middle"], { severity: "medium", rows: 999_999 }],
    ["set-not-null-scan", ["big"], { severity: "high", rows: 1_000_000 }],
    ["set-not-null-scan", ["heavy"], { severity: "high", rows: 1_000 }],
    ["add-fk-scan", ["tiny", "middle"], { severity: "medium", rows: 999_999 }],
    ["add-fk-scan", ["tiny", "unknown"], { severity: "high" }],
    ["add-fk-scan", [], { severity: "high" }],
    ["drop-column", ["tiny"], { severity: "high" }],
    ["lock-table", ["tiny"], { severity: "high" }],
  ])("%s on %j", (rule, tables, wanted) => {
    expect(grade({ rule, tier: "core", tables }, sizes)).toEqual(wanted);
  });

  it("of a convention is medium", () => {
    const finding = { rule: "prefer-text", tier: "policy", tables: ["big"] } as const;
    expect(grade(finding, sizes)).toEqual({ severity: "medium" });
  });
});

it.each([
  [1, "about 1 row"],
  [950, "about 950 rows"],
  [12_345, "about 12,000 rows"],
  [999_999, "about 1 million rows"],
  [2_149_999, "about 2.1 million rows"],
  [3_400_000_000, "about 3.4 billion rows"],
])("%d rows are %s", (rows, words) => {
  expect(rowsInWords(rows)).toBe(words);
});
