/** docs/warnings.md, from the catalogue of warnings. */
import { type WarningCode, warning } from "../src/core/model/warnings.ts";
import { warningExamples } from "./warning-examples.ts";

/** The whole page. */
export function warningsPage(): string {
  const codes = Object.keys(warningExamples) as WarningCode[];
  return [
    "# Warnings",
    "",
    "A warning stops nothing. Each has a `code`, a `message` for people, and typed `details`. In a program, read `code` and `details`: the words of a message may change.",
    "",
    "You find warnings in three places:",
    "",
    '- as events: `{ type: "warning", repo, code, message, details }`. Your `emit` hears them, and `--json` prints each as a line;',
    "- in `warnings` of a plan and of its `rollout`;",
    "- in `warnings` of `slipway release --json`.",
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
