/** Findings of the safety rules that do not refuse a run. */
import { findingWords, type UnsafeFinding } from "../errors/safety.ts";
import type { WarningWords } from "./entry.ts";

export type SafetyWarnings = {
  not_judged: Readonly<Record<never, never>>;
  /** A file that is sent while it is read. */
  file_not_judged: { readonly origin: string };
  unsafe: UnsafeFinding;
  let_through: {
    /** `no_rows`: no table of the database has one. `few_rows`: the tables that it is about are small. `moved_in`: they came with another tool's history. */
    readonly because: "no_rows" | "few_rows" | "moved_in";
    /** How many findings of each rule. */
    readonly findings: { readonly [rule: string]: number };
  };
  /** A finding by the history that the catalog shows to be wrong. */
  disproved: { readonly rule: string; readonly message: string };
};

export const safetyWarnings: WarningWords<SafetyWarnings> = {
  not_judged: () =>
    "nothing looked at whether the migrations are safe, because PostgreSQL's parser is not installed. Where the sources are, run: npm install --save-dev libpg-query. A release that you build there brings the verdicts along",
  file_not_judged: (d) =>
    `nothing looked at whether ${d.origin} is safe: it is larger than 8 MB, so it is sent while it is read`,
  unsafe: findingWords,
  let_through: (d) => {
    const why = throughBecause[d.because];
    const counted = Object.entries(d.findings).map(([rule, count]) => `${count} ${rule}`);
    return `let through, because ${why}: ${counted.join(", ")} (--strict refuses them)`;
  },
  disproved: (d) => `let through, because the database shows otherwise: ${d.message}`,
};

const throughBecause = {
  no_rows: "no table of the database has a row",
  few_rows: "their tables have few rows or none",
  moved_in: "they came with the history that was taken over",
} as const;
