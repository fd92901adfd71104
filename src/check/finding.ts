/** The findings of `check`, each with its place. */

import type { Severity } from "../core/model/severity.ts";
import type { LockMode } from "../core/safety/effects/lock.ts";
import { blockedBy } from "../core/safety/effects/lock.ts";
import type { Script } from "../core/safety/effects/script.ts";
import type { Forecast } from "../core/safety/forecast/forecast.ts";
import type { WrittenForm } from "../core/safety/forms/safe-form.ts";
import { type Answer, applyAnswers, unusedAnswer } from "../core/safety/rules/answers.ts";
import { grade, type TableSizes } from "../core/safety/rules/grade.ts";
import type { Violation } from "../core/safety/rules/judge.ts";

/** One finding, as `--json` prints it. */
export type Finding = {
  readonly rule: string;
  readonly tier: "core" | "policy";
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly statement: string;
  /** The harm in one sentence. */
  readonly message: string;
  /** How bad it is; by the size of its tables where that tells. A size that is not known is taken to be large. */
  readonly severity: Severity;
  /** The estimated rows of the largest of its tables, where that is known and tells how bad it is. */
  readonly rows?: number | undefined;
  /** The lock that others meet: who waits, and until when. */
  readonly lock?:
    | { readonly mode: LockMode; readonly blocks: string; readonly until: string }
    | undefined;
  readonly safe?: WrittenForm | undefined;
  readonly tables: readonly string[];
  /** Its time and needs, where facts of production are known. */
  readonly forecast?: Forecast | undefined;
  /** The page that proves it. */
  readonly source: string;
};

/** A finding that the author has answered. */
export type AnsweredFinding = Finding & { readonly reason: string };

export type Findings = {
  readonly findings: readonly Finding[];
  readonly answered: readonly AnsweredFinding[];
};

/** Gives the violations of one script their places, and takes its answers into account. */
export function findingsOf(
  script: Script,
  violations: readonly Violation[],
  answers: readonly Answer[],
): Findings {
  const { open, answered, unused } = applyAnswers(violations, answers);
  const place = (violation: Violation) => placed(script, violation);
  return {
    findings: [...open.map(place), ...unused.map((answer) => idle(script, answer))],
    answered: answered.map((one) => ({ ...place(one), reason: one.reason })),
  };
}

const unknownSizes: TableSizes = new Map();

function placed(script: Script, violation: Violation): Finding {
  const { rule, tier, message, lock, safe, tables, source, statement } = violation;
  const at = script.statements[statement];
  return {
    rule,
    tier,
    file: script.name,
    line: at?.line ?? 1,
    statement: at?.text ?? "",
    message,
    ...grade({ rule, tier, tables }, unknownSizes),
    ...(lock === undefined ? {} : { lock: { ...lock, blocks: blockedBy(lock.mode) } }),
    ...(safe === undefined ? {} : { safe }),
    tables,
    source,
  };
}

/** An answer without a finding would hide later findings. */
function idle(script: Script, { rule, line }: Answer): Finding {
  return {
    rule: unusedAnswer,
    tier: "core",
    file: script.name,
    line: line ?? 1,
    statement: "",
    message: `the answer to ${rule} answers nothing here`,
    severity: "high",
    safe: { sql: [`-- take it out: it would hide a later finding of ${rule}`] },
    tables: [],
    source: "docs/safety.md",
  };
}
