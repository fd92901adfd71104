/** Findings as a Code Quality report of GitLab. https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
import { createHash } from "node:crypto";
import type { Findings } from "../../check/finding.ts";

const severities = { high: "critical", medium: "major", low: "minor" };

/** One entry for each; its fingerprint stays the same while the file only gets longer above it. */
export function findingsGitlab({ findings }: Findings): string {
  const seen = new Map<string, number>();
  const entries = findings.map(({ rule, severity, file, line, statement, message }) => {
    const known = [rule, file, statement, message].join("\0");
    const before = seen.get(known) ?? 0;
    seen.set(known, before + 1);
    return {
      description: `${rule}: ${message}`,
      check_name: rule,
      fingerprint: createHash("sha256").update(`${known}\0${before}`).digest("hex"),
      severity: severities[severity],
      location: { path: file.replaceAll("\\", "/"), lines: { begin: line } },
    };
  });
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
