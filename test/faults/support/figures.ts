/** What a file of the faults suite found: printed as a table at its end, and kept where SLIPWAY_FAULTS_OUT says. */
import { appendFileSync } from "node:fs";
import { afterAll, expect } from "vitest";

/** Whether the suite runs in its full form: `npm run faults`. The short one is part of every test run. */
export const full = process.env.SLIPWAY_FAULTS === "full";

/** Says how far a long test is; the short form is quiet. */
export function progress(words: string): void {
  if (full) console.log(words);
}

/** One measured claim. `ok` is whether the figure is what was promised. */
export type Figure = {
  readonly name: string;
  readonly figure: string;
  readonly target: string;
  readonly ok: boolean;
};

export type Figures = {
  /** Notes a figure, and fails the test when it is not the target. */
  must(name: string, figure: string | number, target: string | number): void;
  /** Notes a figure that may be at most so much, and fails the test when it is more. */
  atMost(name: string, figure: number, target: number): void;
  /** Notes a figure that must be at least so much, and fails the test when it is less. */
  atLeast(name: string, figure: number, target: number): void;
  /** Notes a figure that is only told. */
  tell(name: string, figure: string | number): void;
};

/** The figures of one file. */
export function figuresOf(title: string): Figures {
  const figures: Figure[] = [];
  afterAll(() => {
    console.log(table(title, figures));
    const out = process.env.SLIPWAY_FAULTS_OUT;
    if (out === undefined) return;
    for (const figure of figures)
      appendFileSync(out, `${JSON.stringify({ part: title, ...figure })}\n`);
  });
  const add = (name: string, figure: string | number, target: string, ok: boolean) =>
    figures.push({ name, figure: String(figure), target, ok });
  return {
    must(name, figure, target) {
      add(name, figure, String(target), figure === target);
      expect(figure, name).toBe(target);
    },
    atMost(name, figure, target) {
      add(name, figure, `≤ ${target}`, figure <= target);
      expect(figure, name).toBeLessThanOrEqual(target);
    },
    atLeast(name, figure, target) {
      add(name, figure, `≥ ${target}`, figure >= target);
      expect(figure, name).toBeGreaterThanOrEqual(target);
    },
    tell: (name, figure) => void add(name, figure, "", true),
  };
}

function table(title: string, figures: readonly Figure[]): string {
  const rows = [
    [title, "figure", "target", ""],
    ...figures.map(({ name, figure, target, ok }) => [name, figure, target, ok ? "ok" : "WRONG"]),
  ];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  "))
    .map((line) => `  ${line.trimEnd()}`)
    .join("\n");
}
