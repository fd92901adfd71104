/** Findings as annotations of a GitHub workflow. https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
import type { Findings } from "../../check/finding.ts";
import { safeLines } from "./safe-lines.ts";

/** One line for each: core rules are errors, the others warnings. */
export function findingsGithub({ findings }: Findings): string {
  return findings
    .map((finding) => {
      const { tier, file, line, rule, message } = finding;
      const level = tier === "core" ? "error" : "warning";
      const safe = safeLines(finding);
      const fix = safe.length === 0 ? "" : `\nSafe:\n${safe.join("\n")}`;
      return `::${level} file=${property(file)},line=${line},title=${property(rule)}::${data(message + fix)}\n`;
    })
    .join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
