/** Findings as annotations of a GitHub workflow. https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
import type { Finding, Findings } from "../../check/finding.ts";
import { type CheckNote, isUnjudged, type Scope } from "../../check/judged.ts";
import { safeLines } from "../../check/safe-lines.ts";
import { forecastWords } from "../../core/safety/forecast/forecast.ts";
import { judgedWords } from "./scope-lines.ts";

const levels = { high: "error", medium: "warning", low: "notice" };

/** One line for each, at the level of its severity, and one for each thing that was judged. */
export function findingsGithub({
  findings,
  judged,
  notes,
  forecasts = [],
}: Findings & Scope): string {
  const said = [
    ...forecasts.map(
      (one) =>
        `::notice file=${property(one.file)},line=${one.line},title=slipway check::${data(forecastWords(one))}\n`,
    ),
    ...judged.map((one) => `::notice title=slipway check::${data(judgedWords(one))}\n`),
    ...notes.map(
      (note) =>
        `::${isUnjudged(note) ? "warning" : "notice"} ${placeOf(note)}title=slipway check::${data(note.message)}\n`,
    ),
  ];
  return [...findings.map(annotation), ...said].join("");
}

function annotation(finding: Finding): string {
  const { severity, file, line, rule, message } = finding;
  const safe = safeLines(finding);
  const fix = safe.length === 0 ? "" : `\nSafe:\n${safe.join("\n")}`;
  return `::${levels[severity]} file=${property(file)},line=${line},title=${property(rule)}::${data(message + fix)}\n`;
}

function placeOf({ file }: CheckNote): string {
  return file === undefined ? "" : `file=${property(file)},`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
