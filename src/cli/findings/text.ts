/** Findings as lines for people. */
import type { Finding, Findings } from "../../check/finding.ts";
import { isUnjudged, type Scope } from "../../check/judged.ts";
import { safeLines } from "../../check/safe-lines.ts";
import { forecastWords } from "../../core/safety/forecast/forecast.ts";
import { rowsInWords, sizeMatters } from "../../core/safety/rules/grade.ts";
import { rulePage } from "../rule-page.ts";
import { scopeLines } from "./scope-lines.ts";

/** One block for each finding, then the scope of the check, and one line about all. */
export function findingsText({ findings, answered, ...scope }: Findings & Scope): string {
  const blocks = findings.map(block);
  const meant = answered.map(
    ({ file, line, rule, reason }) => `${file}:${line} ${rule} is answered: ${reason}\n`,
  );
  const files = scope.judged.reduce((sum, { migrations }) => sum + migrations, 0);
  const last = [...scopeLines(scope), ...summary(findings, files, scope)];
  return [...blocks, ...meant, last.map((line) => `${line}\n`).join("")].join("\n");
}

function block(finding: Finding): string {
  const { file, line, rule, statement, message, lock, source } = finding;
  const lines = [
    `${file}:${line} ${rule}`,
    ...excerpt(statement).map((text) => `    ${text}`),
    `  harm:   ${message}`,
    ...(lock === undefined ? [] : [`  blocks: ${lock.blocks} ${lock.until} (${lock.mode})`]),
    ...sizeLine(finding),
    ...(finding.forecast === undefined ? [] : [`  takes:  ${forecastWords(finding.forecast)}`]),
    ...labelled("  safe:   ", safeLines(finding)),
    ...labelled("  why:    ", [...pageOf(rule), source]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Slipway's page says how to do it better; the database's page says why. */
function pageOf(rule: string): readonly string[] {
  const page = rulePage(rule);
  return page === undefined ? [] : [page];
}

/** How large it is, where that tells how bad it is. */
function sizeLine({ rule, severity, rows }: Finding): readonly string[] {
  if (!sizeMatters(rule)) return [];
  const size = rows === undefined ? "unknown, assumed large" : rowsInWords(rows);
  return [`  size:   ${size} (severity ${severity})`];
}

/** The first lines of a statement. */
function excerpt(statement: string): readonly string[] {
  const lines = statement.split("\n").filter((line) => line.trim() !== "");
  return lines.length <= 4 ? lines : [...lines.slice(0, 3), "…"];
}

function labelled(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, i) => (i === 0 ? label : " ".repeat(label.length)) + line);
}

/** Makes no claim about migrations that were not judged. */
function summary(findings: readonly Finding[], files: number, { notes }: Scope): readonly string[] {
  const of = `${files} migration${files === 1 ? "" : "s"}`;
  if (findings.length > 0)
    return [`${findings.length} finding${findings.length === 1 ? "" : "s"} in ${of}.`];
  if (files === 0) return [];
  return [`No findings in ${of}${notes.some(isUnjudged) ? ", and not all was judged" : ""}.`];
}
