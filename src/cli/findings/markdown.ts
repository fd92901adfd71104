/** Findings as Markdown, for the summary of a job or a comment on a pull request. */
import type { Finding, Findings } from "../../check/finding.ts";
import { isUnjudged, type Scope } from "../../check/judged.ts";
import { safeLines } from "../../check/safe-lines.ts";
import { rowsInWords } from "../../core/safety/rules/grade.ts";
import { code, fenced, list, plain } from "../markdown-text.ts";
import { scopeLines } from "./scope-lines.ts";

/** A heading, the scope of the check, and a section for each finding. */
export function findingsMarkdown({ findings, answered, ...scope }: Findings & Scope): string {
  const count = `${findings.length} finding${findings.length === 1 ? "" : "s"}`;
  const said = scopeLines(scope);
  const meant = answered.map(
    ({ file, line, rule, reason }) => `${code(`${file}:${line}`)} ${code(rule)}: ${plain(reason)}`,
  );
  return [
    `## Migrations: ${findings.length === 0 ? headOf(scope) : count}`,
    list(said.map(plain)),
    ...findings.map(section),
    ...(meant.length === 0 ? [] : [`### Answered\n\n${list(meant)}`]),
  ]
    .map((block) => `${block}\n`)
    .join("\n");
}

function headOf({ judged, notes }: Scope): string {
  if (notes.some(isUnjudged)) return "not all was judged";
  return judged.some(({ migrations }) => migrations > 0) ? "no findings" : "nothing to judge";
}

function section(finding: Finding): string {
  const { rule, file, line, severity, rows, statement, message, lock, source } = finding;
  const safe = safeLines(finding);
  const isCode = /\.[cm]?[jt]s$/.test(file) && finding.safe?.dsl !== undefined;
  const size = rows === undefined ? "" : `, ${rowsInWords(rows)}`;
  return [
    `### ${code(rule)} in ${code(`${file}:${line}`)}`,
    `${plain(message)} (severity ${severity}${size}).`,
    ...(lock === undefined ? [] : [plain(`Blocks ${lock.blocks} ${lock.until} (${lock.mode}).`)]),
    ...(statement === "" ? [] : [fenced(statement, "sql")]),
    ...(safe.length === 0 ? [] : [`Safe:\n\n${fenced(safe.join("\n"), isCode ? "ts" : "sql")}`]),
    /^https:/.test(source) ? `[Why](${source})` : `Why: ${plain(source)}`,
  ].join("\n\n");
}
