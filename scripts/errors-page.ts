/** docs/errors.md: every error, as a command prints it where one does so by itself, else from the catalogue. */
import { readFileSync } from "node:fs";
import { failureText } from "../src/cli/failure.ts";
import { errorOf } from "../src/core/model/development-error.ts";
import type { ErrorCode } from "../src/core/model/errors.ts";
import { errorExamples } from "./error-examples.ts";
import type { ErrorShown } from "./error-runs.ts";

const intro = `# Errors

Every error has a code, a message that says what is wrong, and a hint that tells you what to do next. Look up the code here, or search for the words of the message.

A block that starts with \`$\` shows a command and what it prints: the tests run it. The other blocks show an example of the message.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | a migration failed |
| 2 | wrong usage or configuration |
| 3 | something is pending |
| 4 | refused, before anything ran |
| 5 | another process holds the lock |
| 6 | partly done |
| 130, 143, 129 | stopped by a signal; you can run it again |

If several things are wrong, Slipway names all of them at once. The code is then \`several\`, and the exit code is the first error's.

With \`--json\` you get the code, the message, the hint and typed details as data. In TypeScript an error is a \`ReleaseError\` with \`code\`, \`message\`, \`hint\`, \`details\` and \`exitCode\`.
`;

/** The whole page. */
export function errorsPage(): string {
  const shown = new Map(Object.entries(recordedErrors()));
  const codes = (Object.keys(errorExamples) as ErrorCode[]).filter((code) => code !== "several");
  return [intro, ...codes.map((code) => section(code, shown.get(code)))].join("\n");
}

/** What each command printed when `npm run docs` ran it last; test/docs/errors-page.test.ts runs them again. */
export function recordedErrors(): { readonly [code: string]: ErrorShown } {
  return JSON.parse(readFileSync(new URL("./error-runs.json", import.meta.url), "utf8"));
}

function section(code: ErrorCode, shown: ErrorShown | undefined): string {
  const error = errorOf(code, errorExamples[code]);
  const text =
    shown === undefined
      ? failureText(error, { styled: false, debug: false, lines: true }).trimEnd()
      : `$ ${shown.command}\n${shown.output}`;
  return `## ${code}\n\nExit code ${error.exitCode}.\n\n\`\`\`\n${text}\n\`\`\`\n`;
}
