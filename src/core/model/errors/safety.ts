/** Dangers to readers or writers, and the reasons why Slipway cannot find them. */
import type { Severity } from "../severity.ts";
import type { Catalogue } from "./entry.ts";

/** A finding in a migration, as an error tells it. */
export type UnsafeFinding = {
  readonly origin: string;
  readonly line?: number | undefined;
  readonly rule: string;
  readonly message: string;
  /** By the size of its tables, where that tells; unknown is large. */
  readonly severity?: Severity | undefined;
  /** The estimated rows of the largest of its tables. */
  readonly rows?: number | undefined;
};

/** The rules whose findings nobody can answer: what they find does not work, however it is meant. */
export const cannotWork: ReadonlySet<string> = new Set(["will-fail", "syntax-error"]);

type Findings = { readonly repo: string; readonly findings: readonly UnsafeFinding[] };

export type SafetyErrors = {
  certain_to_fail: Findings;
  unsafe: Findings;
};

export const safetyErrors: Catalogue<SafetyErrors> = {
  certain_to_fail: {
    exitCode: 4,
    message: (d) => told(d, "it cannot work"),
    hint: () =>
      "Correct the migration. Where Slipway knows what to write instead, slipway check shows it.",
  },
  unsafe: {
    exitCode: 4,
    message: (d) => told(d, "it is not safe beside a running application"),
    hint: (d) => {
      const [first] = d.findings;
      const answer = answerIn(first?.origin ?? "", first?.rule ?? "RULE");
      return `Run slipway check to see the safe forms. If you mean it as it is, answer: ${answer}.`;
    },
  },
};

/** How a finding is answered, in the language of the file that it is in. */
export function answerIn(file: string, rule: string): string {
  return /\.sql$/.test(file)
    ? `-- slipway: safe ${rule} "why it is safe here"`
    : `safe: { "${rule}": "why it is safe here" }`;
}

function told({ repo, findings }: Findings, why: string): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  const lines = rules.flatMap((rule) => {
    const own = findings.filter((one) => one.rule === rule);
    const more = own.length - shownOfEach;
    return [
      ...own.slice(0, shownOfEach).map((one) => `  ${findingWords(one)}`),
      ...(more > 0 ? [`  … and ${more} more of ${rule}`] : []),
    ];
  });
  if (findings.length > lines.length) lines.push(`  ${findings.length} in all; --json lists each`);
  return [`repo ${repo}: nothing was run, because ${why}:`, ...lines].join("\n");
}

/** Of each rule; a history that moves in may have hundreds. */
const shownOfEach = 3;

/** A finding on a line, where it stands first. */
export function findingWords({ origin, line, rule, message }: UnsafeFinding): string {
  return `${origin}${line === undefined ? "" : `:${line}`} ${rule}: ${message}`;
}
