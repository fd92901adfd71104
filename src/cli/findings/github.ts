/** Findings as annotations of a GitHub workflow. https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
import type { Findings } from "../../check/finding.ts";
import { safeLines } from "./safe-lines.ts";

const levels = { high: "error", medium: "warning", low: "notice" };

/** One line for each, at the level of its severity. */
export function findingsGithub({ findings }: Findings): string {
  return findings
    .map((finding) => {
      const { severity, file, line, rule, message } = finding;
      const safe = safeLines(finding);
      const fix = safe.length === 0 ? "" : `\nSafe:\n${safe.join("\n")}`;
      return `::${levels[severity]} file=${property(file)},line=${line},title=${property(rule)}::${data(message + fix)}\n`;
    })
    .join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
