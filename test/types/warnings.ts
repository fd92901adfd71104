/** What must not compile. TypeScript checks this file; nothing runs it. */
import type { RunEvent, Warning, WarningDetails } from "slipway";
import { warningExamples } from "../../scripts/warning-examples.ts";
import type { WarningWords } from "../../src/core/model/warnings/entry.ts";
import { type RunWarnings, runWarnings } from "../../src/core/model/warnings/run.ts";
import { warning } from "../../src/core/model/warnings.ts";

/** Details are known by their code, in an event and in a plan. */
export function pending(heard: RunEvent, planned: Warning): number | undefined {
  if (heard.type === "warning" && heard.code === "data_pending") return heard.details.count;
  return planned.code === "dead_rows_left" ? planned.details.count : undefined;
}

const { data_pending: _, ...allButOne } = runWarnings;
// @ts-expect-error every code has words
export const words: WarningWords<RunWarnings> = allButOne;

const { data_pending: __, ...fewExamples } = warningExamples;
// @ts-expect-error every code has an example in the docs
export const examples: WarningDetails = fewExamples;

// @ts-expect-error there is no code data_pendin
warning("data_pendin", { count: 1 });
// @ts-expect-error a count is a number
warning("data_pending", { count: "1" });
// @ts-expect-error a warning has a code, and not only words
export const english: RunEvent = { type: "warning", repo: "main", message: "mind" };

/** A `switch` over all codes needs no default; one that forgets a code does not compile. */
// @ts-expect-error not every code is answered
export function forgets({ code }: Warning): string {
  switch (code) {
    case "data_pending":
      return "later";
  }
}
