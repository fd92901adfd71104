/** What would stop readers or writers, and what stands in the way of finding that out. */
import type { Severity } from "../rules/severity.ts";
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

export type SafetyErrors = {
  unsafe: { readonly repo: string; readonly findings: readonly UnsafeFinding[] };
};

export const safetyErrors: Catalogue<SafetyErrors> = {
  unsafe: {
    exitCode: 4,
    message: (d) =>
      [
        `repo ${d.repo}: nothing was run, because it is not safe beside a running application:`,
        ...d.findings.map(
          ({ origin, line, rule, message }) =>
            `  ${origin}${line === undefined ? "" : `:${line}`} ${rule}: ${message}`,
        ),
      ].join("\n"),
    hint: (d) => {
      const [first] = d.findings;
      const rule = first?.rule ?? "RULE";
      return `See the safe forms with slipway check; where it is meant, answer: safe: { "${rule}": "why it is safe here" }, or in SQL -- slipway: safe ${rule} "why it is safe here".`;
    },
  },
};
