/** docs/errors.md, from the catalogue of errors. */
import { errorOf } from "../src/core/model/development-error.ts";
import type { ErrorCode } from "../src/core/model/errors.ts";
import { errorExamples } from "./error-examples.ts";

/** The whole page. */
export function errorsPage(): string {
  const codes = (Object.keys(errorExamples) as ErrorCode[]).filter((code) => code !== "several");
  const errors = codes.map((code) => errorOf(code, errorExamples[code]));
  return [
    "# Errors",
    "",
    "Every error is a `ReleaseError` with a `code`, a `message` that says what is wrong, a `hint` that says what to do next, typed `details` and an `exitCode`. This page is made from `src/core/model/errors/`.",
    "",
    "Exit codes: 0 done · 1 a migration failed · 2 wrong usage or configuration · 3 pending · 4 refused · 5 the lock is held elsewhere · 6 partly done · 130 and 143 stopped by a signal, and safe to run again.",
    "",
    "When several things are wrong, all of them are told at once: the code is then `several`, the exit code that of the first.",
    "",
    ...errors.flatMap((error) => [
      `## ${error.code}`,
      "",
      `Exit code ${error.exitCode}.`,
      "",
      "```",
      `error: ${error.message}`,
      `hint: ${error.hint}`,
      "```",
      "",
    ]),
  ].join("\n");
}
