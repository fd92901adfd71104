/** Deciding what runs looks at each migration so many times, however many there are. Counted, not timed. */
import { expect, it } from "vitest";
import type { AppliedMigration, MigrationFile } from "../../../src/core/model/migration.ts";
import { lateFiles, plan } from "../../../src/core/plan/plan.ts";

const cases: readonly (readonly [string, (count: number) => number])[] = [
  ["nothing to do", (count) => count],
  ["the last one is pending", (count) => count - 1],
  ["half of them are pending", (count) => count / 2],
  ["all of them are pending", () => 0],
];

it.each(cases)("%s: twice as many files cost about twice as much", (_, applied) => {
  const [some, twice] = [500, 1_000].map((count) => looks(count, applied(count)));
  expect(some).toBeGreaterThan(500);
  expect(twice).toBeLessThan((some ?? 0) * 2.4);
});

/** How often a version was read. */
function looks(count: number, done: number): number {
  let read = 0;
  const files = Array.from({ length: count }, (_, i): MigrationFile => {
    const version = String(20_250_101_000_000 + i);
    const file = { id: `${version}_a`, name: "a", origin: `${version}_a.sql` };
    return Object.defineProperty({ ...file, version }, "version", {
      enumerable: true,
      get: () => {
        read += 1;
        return version;
      },
    });
  });
  const applied = files.slice(0, done).map(({ version }): AppliedMigration => ({ version }));
  const target = { direction: "up", all: true } as const;
  expect(lateFiles(files, applied)).toEqual([]);
  expect(plan({ repo: "main", files, applied, target }).files).toHaveLength(count - done);
  return read;
}
