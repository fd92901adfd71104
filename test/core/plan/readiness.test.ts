import { describe, expect, it } from "vitest";
import type { AppliedMigration } from "../../../src/core/model/migration.ts";
import { readiness } from "../../../src/core/plan/readiness.ts";

const file = (version: string) => ({ id: version, version, name: "x", origin: version });
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

/** This release has 1 and 2, both have run; and which other row is too new for it? */
const cases: readonly (readonly [
  claim: string,
  row: AppliedMigration,
  release: string | undefined,
  tooNew: boolean,
])[] = [
  ["a newer before", { version: "3", phase: "before" }, undefined, false],
  ["a newer one whose phase nobody kept", { version: "3" }, undefined, false],
  ["a newer after", { version: "3", phase: "after" }, "1.0.0", true],
  [
    "a newer after that works from an older version on",
    { version: "3", phase: "after", compatibleFrom: "1.0.0" },
    "1.1.0",
    false,
  ],
  [
    "one that works from this version on",
    { version: "3", phase: "after", compatibleFrom: "1.1.0" },
    "1.1.0",
    false,
  ],
  [
    "one that works from a newer version on",
    { version: "3", phase: "after", compatibleFrom: "1.2.0" },
    "1.1.0",
    true,
  ],
  [
    "a before that says so itself",
    { version: "3", phase: "before", compatibleFrom: "1.2.0" },
    "1.1.0",
    true,
  ],
  [
    "a release without a version",
    { version: "3", phase: "after", compatibleFrom: "1.0.0" },
    undefined,
    true,
  ],
  [
    "a release whose version cannot be compared",
    { version: "3", phase: "after", compatibleFrom: "1.0.0" },
    "main-4f2a",
    true,
  ],
  [
    "an old after whose file was deleted",
    { version: "0", phase: "after", appliedAt: at(0) },
    "1.0.0",
    false,
  ],
  [
    "an old version that ran later than all of this release",
    { version: "0", phase: "after", appliedAt: at(9) },
    "1.0.0",
    true,
  ],
];

describe("a release that finds what it does not know", () => {
  it.each(cases)("%s", (_, row, release, tooNew) => {
    const known = [1, 2].map((n) => ({ version: String(n), appliedAt: at(n) }));
    const found = readiness({
      files: [file("1"), file("2")],
      applied: [...known, row],
      phases: new Map(),
      release,
    });
    const { version, name, compatibleFrom } = row;
    const wanted = { version, name, ...(compatibleFrom === undefined ? {} : { compatibleFrom }) };
    expect(found).toEqual({ pending: [], later: [], tooNew: tooNew ? [wanted] : [] });
  });

  it("waits for what runs before a deploy, and for nothing else", () => {
    const found = readiness({
      files: ["1", "2", "3"].map(file),
      applied: [{ version: "1" }],
      phases: new Map([["2", "after"]]),
      release: undefined,
    });
    const x = (version: string) => ({ version, name: "x" });
    expect(found).toEqual({ pending: [x("3")], later: [x("2")], tooNew: [] });
  });
});
