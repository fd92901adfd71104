/** Findings as SARIF 2.1.0. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import type { Finding, Findings } from "../../check/finding.ts";
import type { Scope } from "../../check/judged.ts";
import { slipwayVersion } from "../slipway-version.ts";
import { scopeLines } from "./scope-lines.ts";

/** One document with one run. */
export function findingsSarif({ findings, answered, ...scope }: Findings & Scope): string {
  const rules = [...new Map([...findings, ...answered].map((one) => [one.rule, one])).values()];
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "slipway",
            version: slipwayVersion(),
            rules: rules.map(({ rule, source }) => ({ id: rule, ...help(source) })),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: scopeLines(scope).map((text) => ({
              level: "note",
              message: { text },
            })),
          },
        ],
        results: [
          ...findings.map(result),
          ...answered.map((one) => ({
            ...result(one),
            suppressions: [{ kind: "inSource", justification: one.reason }],
          })),
        ],
      },
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** A rule of a release's own says in words why it is. */
function help(source: string) {
  return /^https?:/.test(source) ? { helpUri: source } : { help: { text: source } };
}

const levels = { high: "error", medium: "warning", low: "note" };

function result({ rule, severity, file, line, message }: Finding) {
  return {
    ruleId: rule,
    level: levels[severity],
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.replaceAll("\\", "/") },
          region: { startLine: line },
        },
      },
    ],
  };
}
