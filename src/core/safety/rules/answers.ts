/** Answers: why a finding of one rule is meant, said where the migration is. */
import type { Phase } from "../../model/migration.ts";
import { lex } from "../../sql/lexer.ts";
import { safeAnswer } from "../../sql/safe-answer.ts";
import type { SqlSyntax } from "../../sql/token.ts";
import type { Violation } from "./judge.ts";
import type { RuleDialect } from "./rule.ts";

/** The rule that speaks of answers themselves. */
export const unusedAnswer = "unused-answer";

/** One answer. It is for every finding of its rule in the migration. */
export type Answer = {
  readonly rule: string;
  readonly reason: string;
  /** Where it stands in an SQL file, from 1. */
  readonly line?: number | undefined;
  /**
   * Whether it may answer nothing: it follows from another setting, or not all findings are
   * visible. Default: `false`.
   */
  readonly implied?: true | undefined;
};

/** The findings that are still open, and those that have an answer. */
export type Answered = {
  readonly open: readonly Violation[];
  readonly answered: readonly (Violation & { readonly reason: string })[];
  /** Answers that answer nothing. */
  readonly unused: readonly Answer[];
};

/**
 * Reads lines such as `-- slipway: safe drop-column "no code reads it since 2.4"`, wherever they stand.
 *
 * @throws {InvalidSql} for one without a rule or without a reason
 */
export function readAnswers(text: string, syntax: SqlSyntax): readonly Answer[] {
  return [...lex(text, syntax)].flatMap((token) =>
    token.kind === "comment" ? (safeAnswer(text, token) ?? []) : [],
  );
}

/** The answers of `defineMigration({ safe: { "drop-column": "no code reads it since 2.4" } })`. */
export function answersOf(
  safe: { readonly [rule: string]: string } | undefined,
  dialect?: RuleDialect,
): readonly Answer[] {
  const answers = Object.entries(safe ?? {}).map(([rule, reason]) => ({ rule, reason }));
  return asIn(dialect, answers);
}

/**
 * Other dialects do not show everything that an answer is for: Slipway asks MySQL when it runs, and
 * then the answer counts.
 */
export function asIn(
  dialect: RuleDialect | undefined,
  answers: readonly Answer[],
): readonly Answer[] {
  if (dialect === undefined || dialect === "postgres") return answers;
  return answers.map((answer) => ({ ...answer, implied: true }));
}

/**
 * The answers that a migration gives by running after the old code is gone: nobody uses the dropped
 * things any more.
 */
export function answersOfPhase(phase: Phase | undefined): readonly Answer[] {
  if (phase !== "after") return [];
  const reason = "it runs when the code that used it is gone (phase: after)";
  return ["drop-column", "drop-table", "drop-schema"].map((rule) => ({
    rule,
    reason,
    implied: true,
  }));
}

/**
 * Only facts of production may show that a table is published or subscribed to, so an answer may be
 * right although nothing is found here.
 */
export const knownElsewhere = /^(published|subscribed)-/;

/** Takes away the findings that have an answer. */
export function applyAnswers(
  violations: readonly Violation[],
  answers: readonly Answer[],
): Answered {
  const reasons = new Map(answers.map(({ rule, reason }) => [rule, reason]));
  const found = new Set(violations.map(({ rule }) => rule));
  return {
    open: violations.filter(({ rule }) => !reasons.has(rule)),
    answered: violations.flatMap((violation) => {
      const reason = reasons.get(violation.rule);
      return reason === undefined ? [] : [{ ...violation, reason }];
    }),
    unused: answers.filter(
      ({ rule, implied }) => implied !== true && !found.has(rule) && !knownElsewhere.test(rule),
    ),
  };
}
