/** The tests of one kind of database: every case, both ways, and the sum. */
import { describe, expect, it } from "vitest";
import { figuresOf, full, progress } from "../support/figures.ts";
import { casesOf, type SweepKind } from "./cases.ts";
import type { Ground } from "./place.ts";
import { type SweepResult, sweep } from "./sweep.ts";

export type Claim = {
  readonly kind: SweepKind;
  readonly title: string;
  readonly ground: () => Ground;
  /** In the short form, one boundary of so many. */
  readonly every: number;
};

export function claimWholeAfterKill({ kind, title, ground, every }: Claim): void {
  const figures = figuresOf(`kill sweep, ${title}`);
  const results: SweepResult[] = [];
  const asking: SweepResult[] = [];

  describe.each(casesOf[kind])("$name, killed at each boundary", (one) => {
    it.each(["up", "down"] as const)(
      "is whole after the next run, going %s",
      {
        timeout: 3_600_000,
      },
      async (direction) => {
        const options = { ground: ground(), one, direction, atOnce: 3 };
        const result = await sweep({ ...options, every: full ? 1 : every });
        const { tried, killed, boundaries, marks, wrong } = result;
        (one.opaque === undefined ? results : asking).push(result);
        const marked = one.opaque === undefined ? "" : `, ${marks} marked`;
        const words = `killed at ${killed} of ${boundaries}${marked}`;
        figures.tell(`${one.name}, ${direction}`, words);
        progress(`${title}, ${one.name}, ${direction}: ${words}`);
        expect(wrong).toEqual([]);
        expect(tried).toBeGreaterThan(0);
      },
    );
  });

  it("needs nobody, but where code ran outside of a transaction", () => {
    const all = [...results, ...asking];
    // A run that says hello less often than the one that was counted ends before its last messages.
    const target = Math.floor(sum(all, "tried") * 0.95);
    figures.atLeast("boundaries killed at", sum(all, "killed"), target);
    figures.must("wrong afterwards", all.flatMap((one) => one.wrong).length, 0);
    figures.must("manual repairs", sum(results, "marks"), 0);
    figures.tell("questions about code outside of a transaction", sum(asking, "marks"));
  });
}

function sum(of: readonly SweepResult[], key: "tried" | "killed" | "marks"): number {
  return of.reduce((total, result) => total + result[key], 0);
}
