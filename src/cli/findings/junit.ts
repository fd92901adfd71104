/** Findings as JUnit's XML, which most CI servers read. https://github.com/testmoapp/junitxml */
import type { Finding, Findings } from "../../check/finding.ts";
import type { Scope } from "../../check/judged.ts";
import { safeLines } from "../../check/safe-lines.ts";
import { judgedWords, noteWords, takesWords } from "./scope-lines.ts";

/** A case that fails for each finding, and one that passes for each thing that was judged. */
export function findingsJunit({
  findings,
  judged,
  notes,
  forecasts = [],
}: Findings & Scope): string {
  const cases = [
    ...judged.map((one) => `    <testcase classname="slipway" name=${quoted(judgedWords(one))}/>`),
    ...findings.map(failing),
  ];
  const said = [...forecasts.map(takesWords), ...notes.map(noteWords)]
    .map((line) => `${line}\n`)
    .join("");
  const counts = `tests="${cases.length}" failures="${findings.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="slipway check" ${counts}>`,
    `  <testsuite name="slipway check" ${counts}>`,
    ...cases,
    ...(said === "" ? [] : [`    <system-out>${escaped(said)}</system-out>`]),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function failing(finding: Finding): string {
  const { rule, file, line, statement, message } = finding;
  const safe = safeLines(finding);
  const text = [
    `${file}:${line} ${rule}: ${message}`,
    ...(statement === "" ? [] : ["", statement]),
    ...(safe.length === 0 ? [] : ["", "Safe:", ...safe]),
  ].join("\n");
  return [
    `    <testcase classname=${quoted(file)} name=${quoted(`${rule} line ${line}`)} file=${quoted(file)} line="${line}">`,
    `      <failure type=${quoted(rule)} message=${quoted(message)}>${escaped(text)}</failure>`,
    "    </testcase>",
  ].join("\n");
}

function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;")}"`;
}

/** XML 1.0 has no way to write most control characters. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}
