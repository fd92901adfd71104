/**
 * Every warning that a run or a look ahead can give. Code, details and words of one stand together in
 * `warnings/<topic>.ts`, and nowhere else is such a text built.
 */
import type { WarningWords } from "./warnings/entry.ts";
import { type FileWarnings, fileWarnings } from "./warnings/files.ts";
import { type PlanWarnings, planWarnings } from "./warnings/plan.ts";
import { type RunWarnings, runWarnings } from "./warnings/run.ts";
import { type SafetyWarnings, safetyWarnings } from "./warnings/safety.ts";

/** The closed list of codes, each with its details. */
export type WarningDetails = FileWarnings & PlanWarnings & SafetyWarnings & RunWarnings;

/** Any of the codes: switch on it. */
export type WarningCode = keyof WarningDetails;

/** `code` and `details` are for programs, `message` is for people. Plain data. */
export type WarningOf<Code extends WarningCode> = {
  readonly code: Code;
  readonly message: string;
  readonly details: WarningDetails[Code];
};

/** Any of them: switch on `code`, and `details` is known. */
export type Warning = { [Code in WarningCode]: WarningOf<Code> }[WarningCode];

/** The warning with its words. */
export function warning<Code extends WarningCode>(
  code: Code,
  details: WarningDetails[Code],
): WarningOf<Code> {
  return { code, message: words[code](details), details };
}

/** Is there in a built release only, which reads no folder. */
declare const slipwayBuilt: true | undefined;

const words: WarningWords<WarningDetails> = {
  ...(typeof slipwayBuilt === "undefined" ? fileWarnings : ({} as typeof fileWarnings)),
  ...planWarnings,
  ...safetyWarnings,
  ...runWarnings,
};
