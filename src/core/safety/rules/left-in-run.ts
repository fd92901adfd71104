/** Verdicts of migrations that run together. */
import type { Verdict, VerdictFinding } from "./verdict-data.ts";

/** The findings that are left when migrations run together: what one makes is new to those behind it. */
export function leftInRun(run: readonly Verdict[]): readonly (readonly VerdictFinding[])[] {
  const made = new Set<string>();
  return run.map(({ findings, makes }) => {
    const left = findings.filter(
      ({ tables }) => tables.length === 0 || tables.some((table) => !made.has(table)),
    );
    for (const table of makes) made.add(table);
    return left;
  });
}
