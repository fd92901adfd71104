/** docs/warnings.md, from the catalogue of warnings. */
import { type WarningCode, warning } from "../src/core/model/warnings.ts";
import { warningExamples } from "./warning-examples.ts";

/** The whole page. */
export function warningsPage(): string {
  const codes = Object.keys(warningExamples) as WarningCode[];
  return [
    "# Warnings",
    "",
    "A warning stops nothing. Each has a `code`, typed `details` and a `message` for people. A program reads `code` and `details`; the words of a `message` may change. This page is made from `src/core/model/warnings/`.",
    "",
    'You find them in three places: as events (`{ type: "warning", repo, code, message, details }`, which `emit` hears and `--json` writes as a line), in `warnings` of a plan and of its `rollout`, and in `warnings` of `slipway release --json`.',
    "",
    ...codes.flatMap((code) => {
      const { message, details } = warning(code, warningExamples[code]);
      return [
        `## ${code}`,
        "",
        "```",
        `warning: ${message}`,
        `details: ${JSON.stringify(details)}`,
        "```",
        "",
      ];
    }),
  ].join("\n");
}
